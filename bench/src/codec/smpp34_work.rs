//! smpp34, which has the framing in its sessions and takes a message by value to encode it.

use std::hint::black_box;

use smpp34::{CommandHeader, deliver_sm, submit_sm, submit_sm_resp};

use super::pdus::{Pdus, SUBMIT_SM, frames};

fn message(frame: &[u8]) -> submit_sm {
    let header = CommandHeader::decode(frame).expect("a header");
    submit_sm::decode(header, frame).expect("a submit_sm")
}

fn response(frame: &[u8]) -> submit_sm_resp {
    let header = CommandHeader::decode(frame).expect("a header");
    submit_sm_resp::decode(header, frame).expect("a response")
}

pub(crate) fn submit(pdus: &Pdus, times: u64) {
    for _ in 0..times {
        black_box(message(black_box(&pdus.submit)));
    }
}

pub(crate) fn receipt(pdus: &Pdus, times: u64) {
    for _ in 0..times {
        let frame = black_box(&pdus.receipt[..]);
        let header = CommandHeader::decode(frame).expect("a header");
        black_box(deliver_sm::decode(header, frame).expect("a deliver_sm"));
    }
}

pub(crate) fn resp(pdus: &Pdus, times: u64) {
    for _ in 0..times {
        black_box(response(black_box(&pdus.resp)));
    }
}

pub(crate) fn batch(pdus: &Pdus, times: u64) {
    for _ in 0..times {
        for (id, frame) in frames(black_box(&pdus.batch)) {
            match id {
                SUBMIT_SM => drop(black_box(message(frame))),
                _ => drop(black_box(response(frame))),
            }
        }
    }
}

pub(crate) fn encode(pdus: &Pdus, times: u64) {
    let message = message(&pdus.submit);
    let mut out = Vec::new();
    for _ in 0..times {
        out = black_box(&message).clone().encode();
        black_box(&out);
    }
    assert!(times == 0 || out == pdus.submit);
}
