//! The vectors of `spec/vectors/shared.jsonl`: what other implementations and real peers put on the wire.
//!
//! `expect` in the file is a strict reader's verdict, and `decoded` all that it read until then.

use serde_json::{Map, Value, json};
use smpp_wire::ids::TlvKind;
use smpp_wire::strict::{self, Fault, FaultKind, Place, Seen};
use smpp_wire::{Field, FrameRef, Malformed, Pdu, Tlv, TlvValue, Warnings, cut, write_header, write_pdu};

use crate::spec_file;

const LENGTH_MAX: usize = 70_000;

struct Vector {
    id: String,
    octets: Vec<u8>,
    expect: Vec<String>,
    decoded: Vec<Value>,
    is_ok_by_default: bool,
    is_stream: bool,
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
        is_ok_by_default: line["expect"] == "ok" || line["lenient"] == "ok",
        is_stream: line["kind"] == "stream",
    }
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

#[test]
fn a_strict_reader_says_what_the_vector_says() {
    let vectors = vectors();
    assert!(vectors.len() > 250);
    for Vector { id, octets, expect, decoded, is_stream, .. } in &vectors {
        let mut rest = &octets[..];
        for (expect, decoded) in expect.iter().zip(decoded) {
            let (verdict, mut read) = read_strictly(rest);
            if *is_stream {
                // What follows is the next entry of the list.
                read.as_object_mut().unwrap().remove("rest");
            }
            assert_eq!((verdict, &read), (&expect[..], decoded), "{id}");
            if let Ok(frame) = strict::cut(rest) {
                rest = &rest[frame.bytes().len()..];
            }
        }
    }
}

#[test]
fn the_default_reader_takes_what_it_should_and_never_less_than_the_strict_one() {
    for Vector { id, octets, expect, decoded, is_ok_by_default, .. } in &vectors() {
        let mut rest = &octets[..];
        for (expect, decoded) in expect.iter().zip(decoded) {
            match cut(rest, LENGTH_MAX) {
                Ok(Some(frame)) => {
                    assert_default_verdict(id, expect, frame, decoded);
                    assert!(!is_ok_by_default || frame.view().is_ok(), "{id}");
                    rest = &rest[frame.bytes().len()..];
                }
                Ok(None) => assert_eq!(expect, "incomplete", "{id}"),
                Err(_) => assert_eq!(expect, "invalid_command_length", "{id}"),
            }
        }
    }
}

/// The verdict, and all that was read until then in the shape of the file.
fn read_strictly(octets: &[u8]) -> (&'static str, Value) {
    let mut decoded = Map::new();
    if let Some(length) = octets.first_chunk() {
        decoded.insert("command_length".into(), u32::from_be_bytes(*length).into());
    }
    let frame = match strict::cut(octets) {
        Ok(frame) => frame,
        Err(Fault { kind, .. }) => return (kind.name(), decoded.into()),
    };
    decoded.insert("command_id".into(), frame.id().0.into());
    decoded.insert("command_status".into(), frame.status().0.into());
    decoded.insert("sequence_number".into(), frame.sequence().into());
    if octets.len() > frame.bytes().len() {
        decoded.insert("rest".into(), (octets.len() - frame.bytes().len()).into());
    }
    if let Some(name) = frame.id().name() {
        decoded.insert("command".into(), name.into());
    }
    (read_body(frame, &mut decoded), decoded.into())
}

fn read_body(frame: FrameRef<'_>, decoded: &mut Map<String, Value>) -> &'static str {
    let mut fields = Map::new();
    let mut warnings = Vec::new();
    let read = strict::read_each(frame, &mut |seen| match seen {
        Seen::Field(name, field) => {
            fields.insert(name.into(), json_of(field));
        }
        Seen::Notice(notice) => warnings.push(notice.to_string()),
    });
    if !warnings.is_empty() {
        decoded.insert("warnings".into(), warnings.into());
    }
    match read {
        Ok(pdu) => {
            if frame.body().is_empty() && has_fields(&pdu) {
                decoded.insert("body".into(), "absent".into());
            }
            if !fields.is_empty() {
                decoded.insert("fields".into(), fields.into());
            }
            let tlvs: Vec<_> = pdu.tlvs().iter().map(json_of_tlv).collect();
            if !tlvs.is_empty() {
                decoded.insert("tlvs".into(), tlvs.into());
            }
            assert_writes_back(frame, &pdu);
            "ok"
        }
        Err(Fault { kind: kind @ FaultKind::UnknownCommandId, .. }) => kind.name(),
        Err(Fault { kind, field }) => {
            assert_ne!(field, Place::Header);
            decoded.insert("error_at".into(), field.to_string().into());
            decoded.insert("fields".into(), fields.into());
            kind.name()
        }
    }
}

fn has_fields(pdu: &Pdu<'_>) -> bool {
    let mut any = false;
    smpp_wire::Body::fields(pdu, &mut |_, _| any = true);
    any
}

fn json_of(field: Field<'_>) -> Value {
    match field {
        Field::Integer(number) => number.into(),
        Field::CString(string) => text(string),
        Field::Octets(octets) => json!({ "hex": hex(octets) }),
        Field::List(entries) => {
            let mut list = vec![Map::new(); entries.count()];
            entries.each(&mut |at, name, field| {
                list[at].insert(name.into(), json_of(field));
            });
            list.into()
        }
        other => panic!("a field {other:?}"),
    }
}

/// Text where it is printable, else hex.
fn text(octets: &[u8]) -> Value {
    match std::str::from_utf8(octets) {
        Ok(text) if octets.iter().all(|octet| (0x20..0x7F).contains(octet)) => text.into(),
        _ => json!({ "hex": hex(octets) }),
    }
}

fn json_of_tlv(tlv: Tlv<'_>) -> Value {
    let mut entry = Map::new();
    entry.insert("tag".into(), tlv.tag.0.into());
    let Some(facts) = tlv.tag.facts() else {
        entry.insert("hex".into(), hex(tlv.value).into());
        return entry.into();
    };
    entry.insert("name".into(), facts.name.into());
    match facts.kind {
        TlvKind::CString => {
            entry.insert("value".into(), text(tlv.value.strip_suffix(b"\0").unwrap_or(tlv.value)))
        }
        TlvKind::Integer if facts.fits(tlv.value.len()) => {
            let TlvValue::Integer(number) = tlv.value() else { panic!("{tlv:?} is no integer") };
            entry.insert("value".into(), number.into())
        }
        _ => entry.insert("hex".into(), hex(tlv.value).into()),
    };
    entry.into()
}

fn assert_writes_back(frame: FrameRef<'_>, pdu: &Pdu<'_>) {
    let mut out = Vec::new();
    if frame.body().is_empty() {
        write_header(&mut out, frame.id(), frame.status(), frame.sequence());
    } else {
        write_pdu(&mut out, frame.status(), frame.sequence(), pdu).unwrap();
    }
    assert_eq!(hex(&out), hex(frame.bytes()));
}

fn assert_default_verdict(id: &str, expect: &str, frame: FrameRef<'_>, decoded: &Value) {
    match (expect, frame.view()) {
        ("unknown_command_id", Ok((Pdu::Other(_), _))) => {}
        ("ok", Ok((pdu, warnings))) => {
            assert_eq!(strict::read(frame), Ok(pdu), "{id}");
            assert_same_warnings(id, warnings, decoded);
        }
        ("tlv_length_overrun", Ok((_, warnings))) => {
            assert!(warnings.contains(Warnings::TLV_OVERRUN), "{id}");
        }
        ("trailing_octets", Ok((_, warnings))) => assert!(warnings.contains(Warnings::TRAILING), "{id}"),
        ("cstring_unterminated", Ok((_, warnings))) => assert!(warnings.contains(Warnings::NO_NUL), "{id}"),
        ("body_truncated", Ok((_, warnings))) => assert!(warnings.contains(Warnings::CUT_SHORT), "{id}"),
        ("cstring_unterminated", Err(Malformed::Unterminated { .. })) => {}
        ("sm_length_overrun", Err(Malformed::Overrun { .. })) => {}
        ("body_truncated" | "invalid_value", Err(fault)) => {
            assert_eq!(decoded["error_at"], fault.field(), "{id}");
        }
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
            "cstring_bad_size" => Warnings::ODD_LENGTH,
            // A TLV's value is judged when it is asked for.
            "tlv_cstring_unterminated" | "tlv_bad_length" => Warnings::NONE,
            other => panic!("{id}: a warning {other}"),
        };
    }
    assert_eq!(warnings, expected, "{id}");
}
