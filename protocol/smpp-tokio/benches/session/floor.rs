//! The least that can move frames with a window: batched reads and writes of frames built beforehand.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use smpp_wire::{CommandStatus, Frame, SubmitSmResp};

use crate::ours::submit_sm;

const BUFFER: usize = 256 << 10;

pub(crate) fn run(window: usize, time: Duration) -> u64 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || answer(listener.accept().unwrap().0));
    let answered = submit(TcpStream::connect(address).unwrap(), window, time);
    server.join().unwrap();
    answered
}

fn answer(mut peer: TcpStream) {
    peer.set_nodelay(true).unwrap();
    let body = SubmitSmResp {
        message_id: b"00000000000000a1",
        ..Default::default()
    };
    let resp = Frame::write(CommandStatus::OK, 0, &body).unwrap().into_bytes();
    let mut out = Vec::new();
    frames(&mut peer, |peer, frame| match frame {
        Some(frame) => {
            out.extend_from_slice(&resp[..12]);
            out.extend_from_slice(&frame[12..16]);
            out.extend_from_slice(&resp[16..]);
        }
        None => {
            peer.write_all(&out).unwrap();
            out.clear();
        }
    });
}

fn submit(mut peer: TcpStream, window: usize, time: Duration) -> u64 {
    peer.set_nodelay(true).unwrap();
    let request = Frame::write(CommandStatus::OK, 0, &submit_sm())
        .unwrap()
        .into_bytes();
    let (until, mut sequence, mut answered, mut free) = (Instant::now() + time, 0u32, 0, window);
    let mut out = Vec::new();
    let mut send = move |peer: &mut TcpStream, free: &mut usize| {
        for _ in 0..*free {
            sequence += 1;
            out.extend_from_slice(&request[..12]);
            out.extend_from_slice(&sequence.to_be_bytes());
            out.extend_from_slice(&request[16..]);
        }
        *free = 0;
        peer.write_all(&out).unwrap();
        out.clear();
    };
    send(&mut peer, &mut free);
    frames(&mut peer, |peer, frame| match frame {
        Some(_) => (answered, free) = (answered + 1, free + 1),
        None if Instant::now() < until => send(peer, &mut free),
        None => drop(peer.shutdown(std::net::Shutdown::Both)),
    });
    answered
}

/// Reads until the end of the stream; calls with each frame, and with nothing after each read.
fn frames(peer: &mut TcpStream, mut each: impl FnMut(&mut TcpStream, Option<&[u8]>)) {
    let (mut buffer, mut end) = (vec![0; BUFFER], 0);
    loop {
        let count = peer.read(&mut buffer[end..]).unwrap_or(0);
        if count == 0 {
            return;
        }
        end += count;
        let mut at = 0;
        while let Some(head) = buffer[at..end].first_chunk::<16>() {
            let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
            let Some(frame) = buffer[at..end].get(..length) else {
                break;
            };
            each(peer, Some(frame));
            at += length;
        }
        buffer.copy_within(at..end, 0);
        end -= at;
        each(peer, None);
    }
}
