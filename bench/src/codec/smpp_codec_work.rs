//! smpp-codec, which has no framing: it is given the octets of one PDU.

use std::hint::black_box;

use smpp_codec::pdus::{DeliverSmRequest, SubmitSmRequest, SubmitSmResponse};

use super::pdus::{Pdus, SUBMIT_SM, frames};

pub(crate) fn submit(pdus: &Pdus, times: u64) {
    for _ in 0..times {
        black_box(SubmitSmRequest::decode(black_box(&pdus.submit)).expect("a submit_sm"));
    }
}

pub(crate) fn receipt(pdus: &Pdus, times: u64) {
    for _ in 0..times {
        black_box(DeliverSmRequest::decode(black_box(&pdus.receipt)).expect("a deliver_sm"));
    }
}

pub(crate) fn resp(pdus: &Pdus, times: u64) {
    for _ in 0..times {
        black_box(SubmitSmResponse::decode(black_box(&pdus.resp)).expect("a response"));
    }
}

pub(crate) fn batch(pdus: &Pdus, times: u64) {
    for _ in 0..times {
        for (id, frame) in frames(black_box(&pdus.batch)) {
            match id {
                SUBMIT_SM => drop(black_box(SubmitSmRequest::decode(frame).expect("a submit_sm"))),
                _ => drop(black_box(SubmitSmResponse::decode(frame).expect("a response"))),
            }
        }
    }
}

pub(crate) fn encode(pdus: &Pdus, times: u64) {
    let message = SubmitSmRequest::decode(&pdus.submit).expect("a submit_sm");
    let mut out = Vec::with_capacity(4096);
    for _ in 0..times {
        out.clear();
        black_box(&message).encode(&mut out).expect("a small PDU");
        black_box(&out);
    }
    assert!(times == 0 || out == pdus.submit);
}
