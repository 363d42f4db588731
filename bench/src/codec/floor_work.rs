//! The floor: forty lines that check bounds and walk TLVs.

use std::hint::black_box;

use super::floor;
use super::pdus::{Pdus, SUBMIT_SM};

pub(crate) fn submit(pdus: &Pdus, times: u64) {
    message(&pdus.submit, times);
}

pub(crate) fn receipt(pdus: &Pdus, times: u64) {
    message(&pdus.receipt, times);
}

fn message(octets: &[u8], times: u64) {
    for _ in 0..times {
        let (_, _, body, _) = floor::frame(black_box(octets)).expect("a frame");
        black_box(floor::message(body).expect("a message"));
    }
}

pub(crate) fn resp(pdus: &Pdus, times: u64) {
    for _ in 0..times {
        let (_, _, body, _) = floor::frame(black_box(&pdus.resp)).expect("a frame");
        black_box(floor::message_resp(body).expect("a response"));
    }
}

pub(crate) fn batch(pdus: &Pdus, times: u64) {
    for _ in 0..times {
        let mut rest = black_box(&pdus.batch[..]);
        while let Some((id, _, body, behind)) = floor::frame(rest) {
            match id {
                SUBMIT_SM => drop(black_box(floor::message(body).expect("a message"))),
                _ => drop(black_box(floor::message_resp(body).expect("a response"))),
            }
            rest = behind;
        }
    }
}

pub(crate) fn encode(pdus: &Pdus, times: u64) {
    let (_, _, body, _) = floor::frame(&pdus.submit).expect("a frame");
    let message = floor::message(body).expect("a message");
    let mut out = Vec::with_capacity(4096);
    for _ in 0..times {
        out.clear();
        floor::write_message(&mut out, SUBMIT_SM, 7, black_box(&message));
        black_box(&out);
    }
    assert!(times == 0 || out == pdus.submit);
}
