//! The same with this crate, both sides.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use smpp_tokio::{
    BindMode, BindRequest, Connection, Event, Options, Role, Transmitter, bind_connection, connect,
};
use smpp_wire::{Address, Bind, CommandStatus, Pdu, SubmitSm, SubmitSmResp};
use tokio::net::TcpListener;

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
    Options { window_out: window, window_in: window, ..Options::default() }
}

/// The low level: the caller's task drives the connection.
pub(crate) fn batch(window: usize, time: Duration) -> u64 {
    with_server(window, async move |address| {
        let bind = Bind { mode: BindMode::Transmitter, system_id: b"bench", ..Default::default() };
        let mut centre = bind_connection(address, &bind, options(window)).await.unwrap();
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

/// The high level, one message a call: as many tasks as the window has places.
pub(crate) fn one_by_one(window: usize, time: Duration) -> u64 {
    with_server(window, async move |address| many_calls(address, window, time).await)
}

/// The same on a runtime of two threads, whose tasks wake each other across them.
pub(crate) fn two_threads(window: usize, time: Duration) -> u64 {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    with_server(window, async move |address| {
        let answered = runtime.spawn(many_calls(address, window, time)).await.unwrap();
        runtime.shutdown_background();
        answered
    })
}

async fn many_calls(address: SocketAddr, window: usize, time: Duration) -> u64 {
    let login = Transmitter::new("bench", "");
    let (centre, _incoming) = connect(address).options(options(window)).bind(login).await.unwrap();
    let until = Instant::now() + time;
    let tasks: Vec<_> = (0..window)
        .map(|_| {
            let centre = centre.clone();
            tokio::spawn(async move {
                let (message, mut answered) = (submit_sm(), 0);
                // The clock is looked at now and then: a look costs a tenth of a message.
                while answered % 16 != 0 || Instant::now() < until {
                    assert!(centre.submit(&message).await.unwrap().status().is_ok());
                    answered += 1;
                }
                answered
            })
        })
        .collect();
    let mut answered = 0;
    for task in tasks {
        answered += task.await.unwrap();
    }
    centre.unbind().await;
    answered
}

/// The high level, ten windows of messages a call.
pub(crate) fn all(window: usize, time: Duration) -> u64 {
    with_server(window, async move |address| {
        let login = Transmitter::new("bench", "");
        let (centre, _incoming) = connect(address).options(options(window)).bind(login).await.unwrap();
        let (messages, until, mut answered) = (vec![submit_sm(); window * 10], Instant::now() + time, 0);
        while Instant::now() < until {
            let answers = centre.submit_all(&messages).await;
            assert!(answers.iter().all(|answer| answer.as_ref().unwrap().status().is_ok()));
            answered += answers.len() as u64;
        }
        centre.unbind().await;
        answered
    })
}

/// Runs a client beside a server on a thread of its own.
fn with_server<F: Future<Output = u64>>(window: usize, client: impl FnOnce(SocketAddr) -> F) -> u64 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    let server = std::thread::spawn(move || {
        runtime().block_on(async {
            let listener = TcpListener::from_std(listener).unwrap();
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            answer(Connection::new(stream.into(), Role::Mc, options(window))).await;
        });
    });
    let answered = runtime().block_on(client(address));
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
                        let body = SubmitSmResp { message_id: b"00000000000000a1", ..Default::default() };
                        peer.respond(asked, CommandStatus::OK, &body);
                    }
                    _ => peer.refuse(asked, CommandStatus::SYSTEM_ERROR),
                },
                _ => {}
            }
        }
    }
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}
