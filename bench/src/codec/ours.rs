//! smpp-wire: the body that is expected, and any body.

use std::hint::black_box;

use smpp_wire::{CommandId, CommandStatus, DeliverSm, SubmitSm, SubmitSmResp, cut, write_pdu};

use super::pdus::{self, Pdus};

const LENGTH_MAX: usize = 70_000;

pub(crate) fn submit(pdus: &Pdus, times: u64) {
    for _ in 0..times {
        let frame = cut(black_box(&pdus.submit), LENGTH_MAX).expect("a length").expect("a frame");
        black_box(SubmitSm::read(frame.body()).expect("a submit_sm"));
    }
}

pub(crate) fn receipt(pdus: &Pdus, times: u64) {
    for _ in 0..times {
        let frame = cut(black_box(&pdus.receipt), LENGTH_MAX).expect("a length").expect("a frame");
        black_box(DeliverSm::read(frame.body()).expect("a deliver_sm"));
    }
}

pub(crate) fn resp(pdus: &Pdus, times: u64) {
    for _ in 0..times {
        let frame = cut(black_box(&pdus.resp), LENGTH_MAX).expect("a length").expect("a frame");
        black_box(SubmitSmResp::read(frame.body()).expect("a response"));
    }
}

pub(crate) fn batch(pdus: &Pdus, times: u64) {
    for _ in 0..times {
        let mut rest = black_box(&pdus.batch[..]);
        while let Some(frame) = cut(rest, LENGTH_MAX).expect("a length") {
            match frame.id() {
                CommandId::SUBMIT_SM => drop(black_box(SubmitSm::read(frame.body()).expect("a submit_sm"))),
                _ => drop(black_box(SubmitSmResp::read(frame.body()).expect("a response"))),
            }
            rest = &rest[frame.bytes().len()..];
        }
    }
}

pub(crate) fn submit_of_any(pdus: &Pdus, times: u64) {
    (0..times).for_each(|_| any(&pdus.submit));
}

pub(crate) fn receipt_of_any(pdus: &Pdus, times: u64) {
    (0..times).for_each(|_| any(&pdus.receipt));
}

pub(crate) fn resp_of_any(pdus: &Pdus, times: u64) {
    (0..times).for_each(|_| any(&pdus.resp));
}

pub(crate) fn batch_of_any(pdus: &Pdus, times: u64) {
    (0..times).for_each(|_| any(&pdus.batch));
}

fn any(octets: &[u8]) {
    let mut rest = black_box(octets);
    while let Some(frame) = cut(rest, LENGTH_MAX).expect("a length") {
        black_box(frame.view().expect("a view"));
        rest = &rest[frame.bytes().len()..];
    }
}

pub(crate) fn encode(pdus: &Pdus, times: u64) {
    let message = pdus::submit();
    let mut out = Vec::with_capacity(4096);
    for _ in 0..times {
        out.clear();
        write_pdu(&mut out, CommandStatus::OK, 7, black_box(&message)).expect("a small PDU");
        black_box(&out);
    }
    assert!(times == 0 || out == pdus.submit);
}
