//! The octets that all of them read and write.

use smpp_wire::{
    Address, Body, CommandStatus, DeliverSm, EsmClass, RegisteredDelivery, SubmitSm, SubmitSmResp, Tag, Tlv,
    Tlvs, write_pdu,
};

/// The same PDUs as in the codec's own benchmark.
pub(crate) struct Pdus {
    pub(crate) submit: Vec<u8>,
    pub(crate) receipt: Vec<u8>,
    pub(crate) resp: Vec<u8>,
    /// 32 submit_sm with a response behind each.
    pub(crate) batch: Vec<u8>,
}

impl Pdus {
    pub(crate) fn new() -> Self {
        let answer = SubmitSmResp { message_id: b"7c1e09d2a4", ..Default::default() };
        let batch = (1..=32).flat_map(|sequence| [pdu(sequence, &submit()), pdu(sequence, &answer)].concat());
        Self {
            submit: pdu(7, &submit()),
            receipt: pdu(7, &receipt()),
            resp: pdu(7, &answer),
            batch: batch.collect(),
        }
    }
}

pub(crate) fn submit() -> SubmitSm<'static> {
    SubmitSm {
        source: Address::try_from("ACME").expect("an address"),
        destination: Address::try_from("385911234567").expect("an address"),
        registered_delivery: RegisteredDelivery::FINAL,
        short_message: b"Your code is 482913. It is good for ten minutes.",
        ..Default::default()
    }
}

fn receipt() -> DeliverSm<'static> {
    const TEXT: &[u8] = b"id:7c1e09d2a4 sub:001 dlvrd:001 submit date:2611251240 done date:2611251241 stat:DELIVRD err:000 text:Your code";
    const LIST: &[Tlv<'_>] = &[
        Tlv { tag: Tag::RECEIPTED_MESSAGE_ID, value: b"7c1e09d2a4\0" },
        Tlv { tag: Tag::MESSAGE_STATE, value: &[2] },
    ];
    DeliverSm {
        source: Address::try_from("385911234567").expect("an address"),
        destination: Address::try_from("12345").expect("an address"),
        esm_class: EsmClass::RECEIPT,
        short_message: TEXT,
        tlvs: Tlvs::of(LIST),
        ..Default::default()
    }
}

fn pdu(sequence: u32, body: &impl Body) -> Vec<u8> {
    let mut out = Vec::new();
    write_pdu(&mut out, CommandStatus::OK, sequence, body).expect("a small PDU");
    out
}

/// The frames of a batch, cut by nothing but their length, for a codec that has no framing of its own.
pub(crate) fn frames(mut octets: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    std::iter::from_fn(move || {
        let length = u32::from_be_bytes(octets.get(..4)?.try_into().ok()?) as usize;
        let id = u32::from_be_bytes(octets.get(4..8)?.try_into().ok()?);
        let (frame, rest) = octets.split_at_checked(length)?;
        octets = rest;
        Some((id, frame))
    })
}

pub(crate) const SUBMIT_SM: u32 = 4;
