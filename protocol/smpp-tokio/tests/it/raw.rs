//! A peer that sends octets, and the centre that it sends them to.

use std::time::Duration;

use smpp_tokio::wire::{Bind, BindMode, CommandId, CommandStatus, Frame, SubmitSm, cut};
use smpp_tokio::{Ask, Connection, Ended, Event, Options, Role, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Serves one connection: binds whoever comes and refuses every request; the task tells how it ended.
pub(crate) async fn centre(options: Options) -> (Raw, JoinHandle<(Ended, Connection)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut peer = Connection::new(stream, Role::Mc, options);
        loop {
            if let Err(ended) = peer.ready().await {
                return (ended, peer);
            }
            while let Some(event) = peer.take() {
                match event {
                    Event::Bind(request) => {
                        let asked = request.asked;
                        peer.accept_bind(asked, b"centre");
                    }
                    Event::Request { asked, .. } => peer.refuse(asked, CommandStatus::SYSTEM_ERROR),
                    _ => {}
                }
            }
        }
    });
    (Raw::connect(address).await, served)
}

/// A server that takes every bind with the password "secret" and every message.
pub(crate) async fn server() -> std::net::SocketAddr {
    let server = Server::listen("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    tokio::spawn(server.each(|mut peer| async move {
        while let Some(request) = peer.next().await? {
            match request.ask() {
                Ok(Ask::Bind(bind)) if bind.password == b"secret" => request.accept("centre"),
                Ok(Ask::Bind(_)) => request.refuse(CommandStatus::INVALID_PASSWORD),
                Ok(Ask::Submit(message)) if message.short_message == b"refuse" => {
                    request.refuse(CommandStatus::INVALID_DESTINATION_ADDRESS);
                }
                Ok(Ask::Submit(message)) if message.short_message == b"ignore" => drop(request.defer()),
                Ok(Ask::Submit(message)) if message.short_message == b"drop" => {}
                Ok(Ask::Submit(message)) if message.short_message == b"vanish" => return Ok(()),
                Ok(Ask::Submit(message)) => request.accept(message.short_message),
                Ok(_) => request.refuse(CommandStatus::INVALID_COMMAND_ID),
                Err(malformed) => request.refuse(malformed.status()),
            }
        }
        Ok(())
    }));
    address
}

/// Octets in, frames out.
pub(crate) struct Raw {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Raw {
    pub(crate) async fn connect(address: std::net::SocketAddr) -> Self {
        Self { stream: TcpStream::connect(address).await.unwrap(), unread: Vec::new() }
    }

    /// Sends what it can; a peer that has closed is no failure.
    pub(crate) async fn sends(&mut self, octets: &[u8]) {
        let _ = self.stream.write_all(octets).await;
    }

    pub(crate) async fn binds(&mut self) {
        let bind = Bind { mode: BindMode::Transceiver, system_id: b"raw", ..Default::default() };
        self.sends(Frame::write(CommandStatus::OK, 1, &bind).unwrap().bytes()).await;
        assert_eq!(self.hears().await.unwrap().status(), CommandStatus::OK);
    }

    /// The next frame; nothing at the end of the stream.
    pub(crate) async fn hears(&mut self) -> Option<Frame> {
        loop {
            if let Some(frame) = cut(&self.unread, 1 << 20).unwrap().map(|frame| frame.to_frame()) {
                self.unread.drain(..frame.bytes().len());
                return Some(frame);
            }
            let read = tokio::time::timeout(Duration::from_secs(20), self.stream.read_buf(&mut self.unread));
            if read.await.expect("nothing was said in 20 s").unwrap_or(0) == 0 {
                return None;
            }
        }
    }
}

pub(crate) fn submit_sm(sequence: u32) -> Vec<u8> {
    let message = SubmitSm { short_message: b"hello", ..Default::default() };
    Frame::write(CommandStatus::OK, sequence, &message).unwrap().bytes().to_vec()
}

pub(crate) fn header(length: u32, id: CommandId, sequence: u32) -> Vec<u8> {
    [length, id.0, 0, sequence].iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// Timers short enough for a test, long enough for a busy machine.
pub(crate) fn hasty() -> Options {
    let short = Duration::from_millis(300);
    Options { session_init: short, frame: short, response: short, drain: short, ..Options::default() }
}
