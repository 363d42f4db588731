//! A peer that sends octets, and the centre that it sends them to.

use std::time::Duration;

use smpp_tokio::wire::{
    Bind, BindMode, BindResp, Body, CommandId, CommandStatus, Frame, InterfaceVersion, Pdu, SubmitSm,
    SubmitSmResp, cut,
};
use smpp_tokio::{
    Ask, Client, ClientOptions, ClientTls, Connection, Ended, Endpoint, Event, Incoming, Options, Role,
    Server, Stream, Transceiver, bind_over,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Serves one connection: binds whoever comes and refuses every request; the task tells how it ended.
pub(crate) async fn centre(options: Options) -> (Raw, JoinHandle<(Ended, Connection)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut peer = Connection::new(stream.into(), Role::Mc, options);
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
pub(crate) struct Raw<S = Stream> {
    stream: S,
    unread: Vec<u8>,
}

impl Raw {
    pub(crate) async fn connect(address: std::net::SocketAddr) -> Self {
        Self::over(Endpoint::from(address).connect(None).await.unwrap())
    }

    /// The same connection with TLS on it.
    pub(crate) async fn secured(self, tls: &ClientTls) -> Self {
        Self::over(self.stream.connect_tls(tls, "localhost").await.unwrap())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Raw<S> {
    pub(crate) fn over(stream: S) -> Self {
        Self { stream, unread: Vec::new() }
    }

    /// Sends what it can; a peer that has closed is no failure.
    pub(crate) async fn sends(&mut self, octets: &[u8]) {
        let _ = self.stream.write_all(octets).await;
    }

    /// Sends a PDU.
    pub(crate) async fn says(&mut self, status: CommandStatus, sequence: u32, body: &impl Body) {
        self.sends(Frame::write(status, sequence, body).unwrap().bytes()).await;
    }

    pub(crate) async fn binds(&mut self) {
        assert_eq!(self.tries_to_bind().await, CommandStatus::OK);
    }

    pub(crate) async fn tries_to_bind(&mut self) -> CommandStatus {
        let bind = Bind {
            mode: BindMode::Transceiver,
            interface_version: InterfaceVersion::V3_4,
            system_id: b"raw",
            ..Default::default()
        };
        self.says(CommandStatus::OK, 1, &bind).await;
        self.hears().await.unwrap().status()
    }

    /// Hears a bind and takes it.
    pub(crate) async fn accepts_bind(&mut self) {
        let asked = self.hears().await.unwrap();
        let mode = BindMode::of(asked.id()).expect("a bind");
        let resp = BindResp { mode, system_id: b"raw", ..Default::default() };
        self.says(CommandStatus::OK, asked.sequence(), &resp).await;
    }

    /// Takes a message under the id that is its text, where a text can be one.
    pub(crate) async fn takes(&mut self, asked: &Frame) {
        let (Pdu::SubmitSm(message), _) = asked.view().unwrap() else { panic!("{asked:?}") };
        let text = message.short_message;
        let resp =
            SubmitSmResp { message_id: if text.contains(&0) { b"1" } else { text }, ..Default::default() };
        self.says(CommandStatus::OK, asked.sequence(), &resp).await;
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

/// A client, and the centre that it is bound to over a pipe.
pub(crate) async fn bound(
    options: impl Into<ClientOptions>,
) -> (Client<Transceiver>, Incoming, Raw<DuplexStream>) {
    let (here, there) = duplex(1 << 20);
    let mut centre = Raw::over(there);
    let (session, ()) =
        tokio::join!(bind_over(here, Transceiver::new("acme", ""), options), centre.accepts_bind());
    let (client, incoming) = session.unwrap();
    (client, incoming, centre)
}

pub(crate) fn message(text: &str) -> SubmitSm<'_> {
    SubmitSm { short_message: text.as_bytes(), ..Default::default() }
}

/// The text of a message that was heard.
pub(crate) fn text_of(frame: &Frame) -> String {
    let (Pdu::SubmitSm(message), _) = frame.view().unwrap() else { panic!("{frame:?}") };
    String::from_utf8(message.short_message.to_vec()).unwrap()
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
