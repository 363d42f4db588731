//! The least that can move frames with a window over tokio: one read, one write, no session, nothing judged.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use smpp_wire::{Body, CommandStatus, Frame, SubmitSmResp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::ours::{runtime, submit_sm};

const BUFFER: usize = 256 << 10;

pub(crate) fn run(window: usize, time: Duration) -> u64 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        stream.set_nonblocking(true).unwrap();
        runtime().block_on(async { answer(TcpStream::from_std(stream).unwrap()).await });
    });
    let answered = runtime().block_on(submit(address, window, time));
    server.join().unwrap();
    answered
}

async fn answer(mut peer: TcpStream) {
    peer.set_nodelay(true).unwrap();
    let resp = encoded(&SubmitSmResp { message_id: b"00000000000000a1", ..Default::default() });
    let (mut buffer, mut end, mut out) = (vec![0; BUFFER], 0, Vec::new());
    while let Ok(count @ 1..) = peer.read(&mut buffer[end..]).await {
        end = frames(&mut buffer, end + count, |sequence| push(&mut out, &resp, sequence));
        peer.write_all(&out).await.unwrap();
        out.clear();
    }
}

async fn submit(address: SocketAddr, window: usize, time: Duration) -> u64 {
    let mut peer = TcpStream::connect(address).await.unwrap();
    peer.set_nodelay(true).unwrap();
    let request = encoded(&submit_sm());
    let (mut buffer, mut end, mut out) = (vec![0; BUFFER], 0, Vec::new());
    let (mut sequence, mut free, mut answered) = (0, window as u32, 0);
    let until = Instant::now() + time;
    while Instant::now() < until {
        (sequence + 1..=sequence + free).for_each(|n| push(&mut out, &request, n));
        (sequence, free) = (sequence + free, 0);
        peer.write_all(&out).await.unwrap();
        out.clear();
        let count = peer.read(&mut buffer[end..]).await.unwrap();
        end = frames(&mut buffer, end + count, |_| free += 1);
        answered += u64::from(free);
    }
    answered
}

fn encoded(body: &impl Body) -> Vec<u8> {
    Frame::write(CommandStatus::OK, 0, body).unwrap().bytes().to_vec()
}

fn push(out: &mut Vec<u8>, frame: &[u8], sequence: u32) {
    out.extend_from_slice(&frame[..12]);
    out.extend_from_slice(&sequence.to_be_bytes());
    out.extend_from_slice(&frame[16..]);
}

/// Calls with the sequence number of each frame; moves what is left to the front and tells its length.
fn frames(buffer: &mut [u8], end: usize, mut each: impl FnMut(u32)) -> usize {
    let mut at = 0;
    while let Some(head) = buffer[at..end].first_chunk::<16>() {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        if at + length > end {
            break;
        }
        each(u32::from_be_bytes([head[12], head[13], head[14], head[15]]));
        at += length;
    }
    buffer.copy_within(at..end, 0);
    end - at
}
