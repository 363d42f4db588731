//! The same with this crate, both sides.

use std::time::{Duration, Instant};

use smpp_tokio::{BindMode, BindRequest, Connection, Event, Options, Role};
use smpp_wire::{Address, Bind, CommandStatus, Pdu, SubmitSm, SubmitSmResp};
use tokio::net::{TcpListener, TcpStream};

/// The message that all cases submit.
pub(crate) fn submit_sm() -> SubmitSm<'static> {
    SubmitSm {
        source: Address::try_from("CHAPPE").unwrap(),
        destination: Address::try_from("385911234567").unwrap(),
        short_message: b"Your code is 123456. Do not give it to anybody, whoever asks.",
        ..Default::default()
    }
}

fn options(window: usize) -> Options {
    Options {
        window_out: window,
        window_in: window,
        ..Options::default()
    }
}

/// The low level: the caller's task drives the connection.
pub(crate) fn batch(window: usize, time: Duration) -> u64 {
    with_server(window, async move |stream: TcpStream| {
        let mut centre = Connection::new(stream, Role::Esme, options(window));
        let mode = BindMode::Transmitter;
        centre
            .request(
                &Bind {
                    mode,
                    system_id: b"bench",
                    ..Default::default()
                },
                0,
            )
            .unwrap();
        centre.ready().await.unwrap();
        assert!(matches!(centre.take(), Some(Event::Answered { token: 0, .. })));
        let (message, until, mut answered) = (submit_sm(), Instant::now() + time, 0);
        while Instant::now() < until {
            while centre.window_free() > 0 {
                centre.request(&message, answered).unwrap();
            }
            centre.ready().await.unwrap();
            while let Some(event) = centre.take() {
                if let Event::Answered { frame, .. } = event {
                    assert!(frame.status().is_ok());
                    answered += 1;
                }
            }
        }
        answered
    })
}

/// Runs a client beside a server on a thread of its own.
pub(crate) fn with_server<F: Future<Output = u64>>(
    window: usize,
    client: impl FnOnce(TcpStream) -> F,
) -> u64 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    let server = std::thread::spawn(move || {
        runtime().block_on(async {
            let listener = TcpListener::from_std(listener).unwrap();
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            answer(Connection::new(stream, Role::Mc, options(window))).await;
        });
    });
    let answered = runtime().block_on(async {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        client(stream).await
    });
    server.join().unwrap();
    answered
}

/// A centre that reads each message and takes it.
async fn answer(mut peer: Connection) {
    while peer.ready().await.is_ok() {
        while let Some(event) = peer.take() {
            match event {
                Event::Bind(BindRequest { asked, .. }) => peer.accept_bind(asked, b"bench"),
                Event::Request { asked, frame } => match frame.view() {
                    Ok((Pdu::SubmitSm(message), _)) if !message.destination.digits.is_empty() => {
                        let body = SubmitSmResp {
                            message_id: b"00000000000000a1",
                            ..Default::default()
                        };
                        peer.respond(asked, CommandStatus::OK, &body);
                    }
                    _ => peer.refuse(asked, CommandStatus::SYSTEM_ERROR),
                },
                _ => {}
            }
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
