//! Rusmpp's codec for tokio, which leaves window and loop to its user: each PDU sent by itself, and as many as there are
//! in one write.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use futures_util::{SinkExt, StreamExt};
use rusmpp::pdus::SubmitSmResp;
use rusmpp::tokio_codec::CommandCodec;
use rusmpp::types::COctetString;
use rusmpp::{Command, CommandStatus};
use smpp_wire::Frame;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::codec::{Decoder, Encoder, Framed};

use crate::ours::{runtime, submit_sm};

const BUFFER: usize = 256 << 10;

pub(crate) fn one_send_a_pdu(window: usize, time: Duration) -> u64 {
    beside(
        async |peer| answer_singly(peer).await,
        async move |address| submit_singly(address, window, time).await,
    )
}

pub(crate) fn batched(window: usize, time: Duration) -> u64 {
    beside(
        async |peer| answer_batches(peer).await,
        async move |address| submit_batches(address, window, time).await,
    )
}

/// Runs a client beside a server on a thread of its own.
fn beside(
    server: impl AsyncFnOnce(TcpStream) + Send + 'static,
    client: impl AsyncFnOnce(SocketAddr) -> u64,
) -> u64 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a connection");
        stream.set_nonblocking(true).expect("a socket of its own");
        runtime().block_on(async {
            let stream = TcpStream::from_std(stream).expect("a socket");
            stream.set_nodelay(true).expect("a socket of its own");
            server(stream).await;
        });
    });
    let answered = runtime().block_on(client(address));
    server.join().expect("the server ends when its peer does");
    answered
}

fn request() -> Command {
    let frame = Frame::write(smpp_wire::CommandStatus::OK, 1, &submit_sm()).expect("a small PDU");
    let mut octets = BytesMut::from(&frame.bytes()[..]);
    CommandCodec::new().decode(&mut octets).expect("a command").expect("a whole one")
}

fn response(sequence: u32) -> Command {
    let id = COctetString::from_static_slice(b"00000000000000a1\0").expect("an id");
    let body = SubmitSmResp::builder().message_id(id).build();
    Command::builder().status(CommandStatus::EsmeRok).sequence_number(sequence).pdu(body)
}

async fn answer_singly(peer: TcpStream) {
    let mut peer = Framed::new(peer, CommandCodec::new());
    while let Some(Ok(command)) = peer.next().await {
        if peer.send(response(command.sequence_number())).await.is_err() {
            return;
        }
    }
}

async fn submit_singly(address: SocketAddr, window: usize, time: Duration) -> u64 {
    let mut peer = Framed::new(connected(address).await, CommandCodec::new());
    let mut request = request();
    let (mut open, mut answered, until) = (0, 0, Instant::now() + time);
    while Instant::now() < until {
        while open < window {
            request.sequence_number += 1;
            peer.send(&request).await.expect("the server reads");
            open += 1;
        }
        peer.next().await.expect("the server answers").expect("a response");
        (open, answered) = (open - 1, answered + 1);
    }
    answered
}

async fn answer_batches(mut peer: TcpStream) {
    let (mut codec, mut input, mut out) =
        (CommandCodec::new(), BytesMut::with_capacity(BUFFER), BytesMut::with_capacity(BUFFER));
    while let Ok(1..) = peer.read_buf(&mut input).await {
        while let Some(command) = codec.decode(&mut input).expect("a command") {
            codec.encode(response(command.sequence_number()), &mut out).expect("a small PDU");
        }
        if peer.write_all(&out).await.is_err() {
            return;
        }
        out.clear();
        input.reserve(BUFFER / 4);
    }
}

async fn submit_batches(address: SocketAddr, window: usize, time: Duration) -> u64 {
    let mut peer = connected(address).await;
    let (mut codec, mut input, mut out) =
        (CommandCodec::new(), BytesMut::with_capacity(BUFFER), BytesMut::with_capacity(BUFFER));
    let mut request = request();
    let (mut open, mut answered, until) = (0, 0, Instant::now() + time);
    while Instant::now() < until {
        for _ in open..window {
            request.sequence_number += 1;
            codec.encode(&request, &mut out).expect("a small PDU");
        }
        open = window;
        peer.write_all(&out).await.expect("the server reads");
        out.clear();
        peer.read_buf(&mut input).await.expect("the server answers");
        while codec.decode(&mut input).expect("a response").is_some() {
            (open, answered) = (open - 1, answered + 1);
        }
        input.reserve(BUFFER / 4);
    }
    answered
}

async fn connected(address: SocketAddr) -> TcpStream {
    let peer = TcpStream::connect(address).await.expect("a connection");
    peer.set_nodelay(true).expect("a socket of its own");
    peer
}
