//! Messages over one connection: client and server with a thread each, in batches.

use std::path::Path;
use std::time::{Duration, Instant};

use smpp_tokio::wire::{Address, Bind, BindMode, CommandStatus, InterfaceVersion, SubmitSm, SubmitSmResp};
use smpp_tokio::{BindRequest, Connection, Endpoint, Event, Options, Role, Stream};
use tokio::net::TcpListener;

use crate::certificate;

const WINDOWS: [usize; 3] = [10, 100, 1000];

pub(crate) fn run(secs: f64) {
    let folder = tempfile::tempdir().unwrap();
    certificate::write(folder.path());
    println!("way | window | messages/s | of plain | CPU s per 100k");
    for window in WINDOWS {
        let mut plain = None;
        for (way, files) in [("plain", None), ("TLS", Some(folder.path()))] {
            let (cpu, started) = (cpu_secs(), Instant::now());
            let messages = batch(window, Duration::from_secs_f64(secs), files) as f64;
            let (cpu, rate) = (cpu_secs() - cpu, messages / started.elapsed().as_secs_f64());
            let ratio = rate / *plain.get_or_insert(rate);
            println!("{way} | {window} | {rate:.0} | {ratio:.2} | {:.3}", cpu * 100_000.0 / messages);
        }
    }
}

/// The number of messages that were answered in this time; over TLS where there are files for it.
fn batch(window: usize, time: Duration, files: Option<&Path>) -> u64 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            runtime().block_on(async {
                let (stream, _) = TcpListener::from_std(listener).unwrap().accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                let mut stream = Stream::from(stream);
                if let Some(folder) = files {
                    stream = stream.accept_tls(&certificate::server(folder)).await.unwrap();
                }
                answer(Connection::new(stream, Role::Mc, options(window))).await;
            });
        });
        runtime().block_on(async {
            let mut stream = Endpoint::from(address).connect(None).await.unwrap();
            if let Some(folder) = files {
                stream = stream.connect_tls(&certificate::client(folder), certificate::HOST).await.unwrap();
            }
            submit(Connection::new(stream, Role::Esme, options(window)), time).await
        })
    })
}

async fn submit(mut centre: Connection, time: Duration) -> u64 {
    let bind = Bind {
        mode: BindMode::Transmitter,
        interface_version: InterfaceVersion::V3_4,
        system_id: b"bench",
        ..Default::default()
    };
    centre.request(&bind, 0).unwrap();
    while !centre.state().is_bound() {
        centre.ready().await.unwrap();
        while centre.take().is_some() {}
    }
    let message = SubmitSm {
        source: Address::try_from("CHAPPE").unwrap(),
        destination: Address::try_from("385911234567").unwrap(),
        short_message: b"Your code is 123456. Do not give it to anybody, whoever asks.",
        ..Default::default()
    };
    let (until, mut answered) = (Instant::now() + time, 0);
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
}

/// A centre that takes every message.
async fn answer(mut peer: Connection) {
    while peer.ready().await.is_ok() {
        while let Some(event) = peer.take() {
            match event {
                Event::Bind(BindRequest { asked, .. }) => peer.accept_bind(asked, b"bench"),
                Event::Request { asked, .. } => {
                    let body = SubmitSmResp { message_id: b"00000000000000a1", ..Default::default() };
                    peer.respond(asked, CommandStatus::OK, &body);
                }
                _ => {}
            }
        }
    }
}

fn options(window: usize) -> Options {
    Options { window_out: window, window_in: window, ..Options::default() }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// User and system time of this process.
fn cpu_secs() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // The name in parentheses may hold blanks; utime and stime are the 14th and 15th field.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    ticks as f64 / 100.0
}
