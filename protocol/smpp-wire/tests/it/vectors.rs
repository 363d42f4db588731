//! The vectors of `spec/vectors/shared.jsonl`: what other implementations and real peers put on the wire.
//!
//! `expect` in the file is a strict reader's verdict; the views here are generous, so a fault there is a warning or
//! a [`Malformed`] here.

use serde_json::{Value, json};
use smpp_wire::{
    Address, Bind, BindResp, Body, DeliverSm, FrameRef, Malformed, Pdu, SubmitSm, Tlv, Tlvs, Warnings, cut,
    write_header, write_pdu,
};

use crate::spec_file;

const LENGTH_MAX: usize = 70_000;

struct Vector {
    id: String,
    octets: Vec<u8>,
    expect: Vec<String>,
    decoded: Vec<Value>,
}

/// Every PDU and every stream of PDUs; a PDU counts as a stream of one.
fn vectors() -> Vec<Vector> {
    let file = spec_file("vectors/shared.jsonl");
    let lines = file.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["kind"] == "pdu" || line["kind"] == "stream").map(|line| vector(&line)).collect()
}

fn vector(line: &Value) -> Vector {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    Vector {
        id: line["id"].as_str().unwrap().to_owned(),
        octets: unhex(line["hex"].as_str().unwrap()),
        expect: list(&line["expect"]).iter().map(|verdict| verdict.as_str().unwrap().to_owned()).collect(),
        decoded: list(&line["decoded"]),
    }
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

#[test]
fn every_vector_is_read_as_its_verdict_says() {
    let vectors = vectors();
    assert!(vectors.len() > 250);
    for vector in &vectors {
        let mut rest = &vector.octets[..];
        for (expect, decoded) in vector.expect.iter().zip(&vector.decoded) {
            match cut(rest, LENGTH_MAX) {
                Ok(Some(frame)) => {
                    assert_verdict(&vector.id, expect, frame, decoded);
                    rest = &rest[frame.bytes().len()..];
                }
                Ok(None) => assert_eq!(expect, "incomplete", "{}", vector.id),
                Err(_) => assert_eq!(expect, "invalid_command_length", "{}", vector.id),
            }
        }
    }
}

fn assert_verdict(id: &str, expect: &str, frame: FrameRef<'_>, decoded: &Value) {
    let view = frame.view();
    match (expect, view) {
        (_, Ok((Pdu::Other, _))) => {}
        ("ok", Ok((pdu, warnings))) => {
            assert_same_fields(id, &pdu, decoded);
            assert_same_warnings(id, warnings, decoded);
            assert_writes_back(id, frame, &pdu);
        }
        ("tlv_length_overrun", Ok((_, warnings))) => {
            assert!(warnings.contains(Warnings::TLV_OVERRUN), "{id}")
        }
        ("trailing_octets", Ok((_, warnings))) => assert!(warnings.contains(Warnings::TRAILING), "{id}"),
        ("cstring_unterminated", Ok((_, warnings))) => assert!(warnings.contains(Warnings::NO_NUL), "{id}"),
        ("cstring_unterminated", Err(fault)) => {
            assert!(matches!(fault, Malformed::Unterminated { .. }), "{id}")
        }
        ("body_truncated", Err(fault)) => assert_eq!(decoded["error_at"], fault.field(), "{id}"),
        ("sm_length_overrun", Err(fault)) => assert!(matches!(fault, Malformed::Overrun { .. }), "{id}"),
        (expect, view) => panic!("{id}: expected {expect}, read {view:?}"),
    }
}

fn assert_same_warnings(id: &str, warnings: Warnings, decoded: &Value) {
    let mut expected = Warnings::NONE;
    for warning in decoded["warnings"].as_array().into_iter().flatten() {
        expected |= match warning.as_str().unwrap().split(':').next().unwrap() {
            "sequence_number_range" => Warnings::SEQUENCE_RANGE,
            "status_in_request" => Warnings::STATUS_IN_REQUEST,
            "cstring_too_long" => Warnings::OVERLONG,
            // A TLV's value is judged when it is asked for.
            "tlv_cstring_unterminated" => Warnings::NONE,
            other => panic!("{id}: a warning {other}"),
        };
    }
    assert_eq!(warnings, expected, "{id}");
}

fn assert_same_fields(id: &str, pdu: &Pdu<'_>, decoded: &Value) {
    let (fields, tlvs) = match pdu {
        Pdu::Bind(bind) => (bind_fields(bind), bind.tlvs),
        Pdu::BindResp(BindResp { system_id, tlvs, .. }) => (json!({ "system_id": text(system_id) }), *tlvs),
        Pdu::SubmitSmResp(resp) => (json!({ "message_id": text(resp.message_id) }), resp.tlvs),
        Pdu::DeliverSmResp(resp) => (json!({ "message_id": text(resp.message_id) }), resp.tlvs),
        Pdu::SubmitSm(message) => (submit_fields(message), message.tlvs),
        Pdu::DeliverSm(message) => (submit_fields(&as_submit(message)), message.tlvs),
        _ => return,
    };
    // A PDU without body has no fields in the vector, and empty ones in its view.
    for (name, value) in decoded["fields"].as_object().into_iter().flatten() {
        assert_eq!(as_hex(&fields[name]), as_hex(value), "{id}: {name}");
    }
    let expected = decoded["tlvs"].as_array().map(Vec::as_slice).unwrap_or_default();
    assert_eq!(tlvs.iter().count(), expected.len(), "{id}");
    for (tlv, expected) in tlvs.iter().zip(expected) {
        assert_same_tlv(id, tlv, expected);
    }
}

fn assert_same_tlv(id: &str, tlv: Tlv<'_>, expected: &Value) {
    assert_eq!(expected["tag"], tlv.tag.0, "{id}");
    if let Some(octets) = expected["hex"].as_str() {
        assert_eq!(hex(tlv.value), octets, "{id}: {}", tlv.tag);
    } else if let Some(number) = expected["value"].as_u64() {
        assert_eq!(tlv.integer().map(u64::from), Some(number), "{id}: {}", tlv.tag);
    } else if let Some(string) = expected["value"].as_str() {
        assert_eq!(tlv.c_string(), string.as_bytes(), "{id}: {}", tlv.tag);
    }
}

/// What was read without warnings about its body is written octet for octet.
fn assert_writes_back(id: &str, frame: FrameRef<'_>, pdu: &Pdu<'_>) {
    let written = match pdu {
        _ if frame.body().is_empty() => {
            let mut out = Vec::new();
            write_header(&mut out, frame.id(), frame.status(), frame.sequence());
            out
        }
        Pdu::Bind(view) => rewritten(frame, view),
        Pdu::BindResp(view) => rewritten(frame, view),
        Pdu::SubmitSm(view) => rewritten(frame, view),
        Pdu::SubmitSmResp(view) => rewritten(frame, view),
        Pdu::DeliverSm(view) => rewritten(frame, view),
        Pdu::DeliverSmResp(view) => rewritten(frame, view),
        _ => return,
    };
    assert_eq!(hex(&written), hex(frame.bytes()), "{id}");
}

fn rewritten(frame: FrameRef<'_>, view: &impl Body) -> Vec<u8> {
    let mut out = Vec::new();
    write_pdu(&mut out, frame.status(), frame.sequence(), view).unwrap();
    out
}

/// Strings stand in the file as text where they are printable, else as hex; here always as hex.
fn as_hex(value: &Value) -> Value {
    match value.as_str() {
        Some(string) => json!({ "hex": hex(string.as_bytes()) }),
        None => value.clone(),
    }
}

fn text(octets: &[u8]) -> Value {
    json!({ "hex": hex(octets) })
}

fn bind_fields(bind: &Bind<'_>) -> Value {
    json!({
        "system_id": text(bind.system_id),
        "password": text(bind.password),
        "system_type": text(bind.system_type),
        "interface_version": bind.interface_version.0,
        "addr_ton": bind.addr_ton.0,
        "addr_npi": bind.addr_npi.0,
        "address_range": text(bind.address_range),
    })
}

fn submit_fields(message: &SubmitSm<'_>) -> Value {
    let Address { ton, npi, digits } = message.source;
    let to = message.destination;
    json!({
        "service_type": text(message.service_type),
        "source_addr_ton": ton.0,
        "source_addr_npi": npi.0,
        "source_addr": text(digits),
        "dest_addr_ton": to.ton.0,
        "dest_addr_npi": to.npi.0,
        "destination_addr": text(to.digits),
        "esm_class": message.esm_class.0,
        "protocol_id": message.protocol_id,
        "priority_flag": message.priority_flag,
        "schedule_delivery_time": text(message.schedule_delivery_time),
        "validity_period": text(message.validity_period),
        "registered_delivery": message.registered_delivery.0,
        "replace_if_present_flag": message.replace_if_present_flag,
        "data_coding": message.data_coding.0,
        "sm_default_msg_id": message.sm_default_msg_id,
        "sm_length": message.short_message.len(),
        "short_message": text(message.short_message),
    })
}

/// A deliver_sm has the fields of a submit_sm.
fn as_submit<'a>(message: &DeliverSm<'a>) -> SubmitSm<'a> {
    SubmitSm {
        service_type: message.service_type,
        source: message.source,
        destination: message.destination,
        esm_class: message.esm_class,
        protocol_id: message.protocol_id,
        priority_flag: message.priority_flag,
        schedule_delivery_time: message.schedule_delivery_time,
        validity_period: message.validity_period,
        registered_delivery: message.registered_delivery,
        replace_if_present_flag: message.replace_if_present_flag,
        data_coding: message.data_coding,
        sm_default_msg_id: message.sm_default_msg_id,
        short_message: message.short_message,
        tlvs: Tlvs::NONE,
    }
}
