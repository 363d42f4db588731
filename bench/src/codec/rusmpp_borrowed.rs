//! Rusmpp, the form that borrows; it wants the octets behind command_length.

use std::hint::black_box;

use rusmpp_core::command::borrowed::Command;
use rusmpp_core::decode::borrowed::DecodeWithLength;
use rusmpp_core::encode::{Encode, Length};

use super::pdus::{Pdus, frames};

/// TLVs it has room for.
const TLVS: usize = 16;

fn command(frame: &[u8]) -> Command<'_, TLVS> {
    let rest = &frame[4..];
    Command::decode(rest, rest.len()).expect("a command").0
}

fn decode(octets: &[u8], times: u64) {
    for _ in 0..times {
        for (_, frame) in frames(black_box(octets)) {
            black_box(command(frame));
        }
    }
}

pub(crate) fn submit(pdus: &Pdus, times: u64) {
    decode(&pdus.submit, times);
}

pub(crate) fn receipt(pdus: &Pdus, times: u64) {
    decode(&pdus.receipt, times);
}

pub(crate) fn resp(pdus: &Pdus, times: u64) {
    decode(&pdus.resp, times);
}

pub(crate) fn batch(pdus: &Pdus, times: u64) {
    decode(&pdus.batch, times);
}

pub(crate) fn encode(pdus: &Pdus, times: u64) {
    let command = command(&pdus.submit);
    let mut out = vec![0; 4096];
    let mut length = 0;
    for _ in 0..times {
        let command = black_box(&command);
        length = 4 + command.length();
        out[..4].copy_from_slice(&(length as u32).to_be_bytes());
        command.encode(&mut out[4..]);
        black_box(&out);
    }
    assert!(times == 0 || out[..length] == pdus.submit);
}
