//! Rusmpp, the owned form, by its codec for tokio: it takes its octets out of the buffer they were read into.

use std::hint::black_box;

use bytes::BytesMut;
use rusmpp::tokio_codec::CommandCodec;
use tokio_util::codec::{Decoder, Encoder};

use super::pdus::Pdus;

/// The buffer is filled as a read from a socket fills it.
fn decode(octets: &[u8], pdus: usize, times: u64) {
    let (mut codec, mut buffer) = (CommandCodec::new(), BytesMut::with_capacity(64 << 10));
    for _ in 0..times {
        buffer.extend_from_slice(black_box(octets));
        for _ in 0..pdus {
            black_box(codec.decode(&mut buffer).expect("a command").expect("a whole one"));
        }
    }
}

pub(crate) fn submit(pdus: &Pdus, times: u64) {
    decode(&pdus.submit, 1, times);
}

pub(crate) fn receipt(pdus: &Pdus, times: u64) {
    decode(&pdus.receipt, 1, times);
}

pub(crate) fn resp(pdus: &Pdus, times: u64) {
    decode(&pdus.resp, 1, times);
}

pub(crate) fn batch(pdus: &Pdus, times: u64) {
    decode(&pdus.batch, 64, times);
}

pub(crate) fn encode(pdus: &Pdus, times: u64) {
    let (mut codec, mut out) = (CommandCodec::new(), BytesMut::from(&pdus.submit[..]));
    let command = codec.decode(&mut out).expect("a command").expect("a whole one");
    let mut out = BytesMut::with_capacity(4096);
    for _ in 0..times {
        out.clear();
        codec.encode(black_box(&command), &mut out).expect("a small PDU");
        black_box(&out);
    }
    assert!(times == 0 || out == pdus.submit[..]);
}
