//! The codec beside the least program that could do the same; compare the two of one run.

#![allow(clippy::unwrap_used)]

mod floor;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use smpp_wire::{
    Address, Body, CommandId, CommandStatus, DeliverSm, EsmClass, RegisteredDelivery, SubmitSm, SubmitSmResp,
    Tag, Tlv, Tlvs, cut, write_pdu,
};

const LENGTH_MAX: usize = 70_000;
const BATCH: usize = 64;

fn submit() -> SubmitSm<'static> {
    SubmitSm {
        source: Address::try_from("ACME").unwrap(),
        destination: Address::try_from("385911234567").unwrap(),
        registered_delivery: RegisteredDelivery::FINAL,
        short_message: b"Your code is 482913. It is good for ten minutes.",
        ..Default::default()
    }
}

const RECEIPT_TEXT: &[u8] = b"id:7c1e09d2a4 sub:001 dlvrd:001 submit date:2611251240 done date:2611251241 stat:DELIVRD err:000 text:Your code";

fn receipt() -> DeliverSm<'static> {
    const LIST: &[Tlv<'_>] = &[
        Tlv { tag: Tag::RECEIPTED_MESSAGE_ID, value: b"7c1e09d2a4\0" },
        Tlv { tag: Tag::MESSAGE_STATE, value: &[2] },
    ];
    DeliverSm {
        source: Address::try_from("385911234567").unwrap(),
        destination: Address::try_from("12345").unwrap(),
        esm_class: EsmClass::RECEIPT,
        short_message: RECEIPT_TEXT,
        tlvs: Tlvs::of(LIST),
        ..Default::default()
    }
}

fn pdu(sequence: u32, body: &impl Body) -> Vec<u8> {
    let mut out = Vec::new();
    write_pdu(&mut out, CommandStatus::OK, sequence, body).unwrap();
    out
}

fn decode(c: &mut Criterion) {
    let octets = pdu(7, &submit());
    let mut group = c.benchmark_group("decode submit_sm");
    group.bench_function("floor", |b| {
        b.iter(|| {
            let (_, _, body, _) = floor::frame(black_box(&octets)).unwrap();
            black_box(floor::message(body).unwrap());
        });
    });
    group.bench_function("smpp-wire", |b| {
        b.iter(|| {
            let frame = cut(black_box(&octets), LENGTH_MAX).unwrap().unwrap();
            black_box(SubmitSm::read(frame.body()).unwrap());
        });
    });
    group.finish();

    let octets = pdu(7, &receipt());
    let mut group = c.benchmark_group("decode receipt with 2 TLVs");
    group.bench_function("floor", |b| {
        b.iter(|| {
            let (_, _, body, _) = floor::frame(black_box(&octets)).unwrap();
            black_box(floor::message(body).unwrap());
        });
    });
    group.bench_function("smpp-wire", |b| {
        b.iter(|| {
            let frame = cut(black_box(&octets), LENGTH_MAX).unwrap().unwrap();
            black_box(DeliverSm::read(frame.body()).unwrap());
        });
    });
    group.finish();

    let octets = pdu(7, &SubmitSmResp { message_id: b"7c1e09d2a4", ..Default::default() });
    let mut group = c.benchmark_group("decode submit_sm_resp");
    group.bench_function("floor", |b| {
        b.iter(|| {
            let (_, _, body, _) = floor::frame(black_box(&octets)).unwrap();
            black_box(floor::message_resp(body).unwrap());
        });
    });
    group.bench_function("smpp-wire", |b| {
        b.iter(|| {
            let frame = cut(black_box(&octets), LENGTH_MAX).unwrap().unwrap();
            black_box(SubmitSmResp::read(frame.body()).unwrap());
        });
    });
    group.finish();
}

/// A full read buffer: 64 frames, each submit_sm with a response behind it.
fn decode_batch(c: &mut Criterion) {
    let answer = SubmitSmResp { message_id: b"7c1e09d2a4", ..Default::default() };
    let mut octets = Vec::new();
    for sequence in (1..).take(BATCH / 2) {
        octets.extend(pdu(sequence, &submit()));
        octets.extend(pdu(sequence, &answer));
    }
    let mut group = c.benchmark_group("decode a batch of 64 frames");
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("floor", |b| {
        b.iter(|| {
            let mut rest = black_box(&octets[..]);
            while let Some((id, _, body, behind)) = floor::frame(rest) {
                match CommandId(id) {
                    CommandId::SUBMIT_SM => drop(black_box(floor::message(body).unwrap())),
                    _ => drop(black_box(floor::message_resp(body).unwrap())),
                }
                rest = behind;
            }
        });
    });
    group.bench_function("smpp-wire", |b| {
        b.iter(|| {
            let mut rest = black_box(&octets[..]);
            while let Some(frame) = cut(rest, LENGTH_MAX).unwrap() {
                match frame.id() {
                    CommandId::SUBMIT_SM => drop(black_box(SubmitSm::read(frame.body()).unwrap())),
                    _ => drop(black_box(SubmitSmResp::read(frame.body()).unwrap())),
                }
                rest = &rest[frame.bytes().len()..];
            }
        });
    });
    group.bench_function("smpp-wire, any PDU", |b| {
        b.iter(|| {
            let mut rest = black_box(&octets[..]);
            while let Some(frame) = cut(rest, LENGTH_MAX).unwrap() {
                black_box(frame.view().unwrap());
                rest = &rest[frame.bytes().len()..];
            }
        });
    });
    group.finish();
}

fn encode(c: &mut Criterion) {
    let message = submit();
    let octets = pdu(7, &message);
    let floor = floor::message(&octets[16..]).unwrap();
    let mut out = Vec::with_capacity(4096);
    let mut group = c.benchmark_group("encode submit_sm");
    group.bench_function("floor", |b| {
        b.iter(|| {
            out.clear();
            floor::write_message(&mut out, 4, 7, black_box(&floor));
            black_box(&out);
        });
    });
    assert_eq!(out, octets);
    group.bench_function("smpp-wire", |b| {
        b.iter(|| {
            out.clear();
            write_pdu(&mut out, CommandStatus::OK, 7, black_box(&message)).unwrap();
            black_box(&out);
        });
    });
    assert_eq!(out, octets);
    group.finish();
}

criterion_group!(codec, decode, decode_batch, encode);
criterion_main!(codec);
