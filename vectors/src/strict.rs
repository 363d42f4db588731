//! A strict reader's account of octets, in the words of the files.

use serde_json::{Map, Value};
use smpp_wire::strict::{self, Fault, FaultKind, Place, Seen};
use smpp_wire::{FrameRef, Pdu, Tlvs, announced};

use crate::fields::value;

/// What a strict reader makes of the first PDU of some octets.
#[derive(Debug)]
pub(crate) struct Account<'a> {
    /// `ok`, or the first fault.
    pub(crate) verdict: &'static str,
    /// What was read until then, but for the TLVs.
    pub(crate) decoded: Map<String, Value>,
    /// The PDU, and the TLVs of one that is whole.
    pub(crate) frame: Option<FrameRef<'a>>,
    pub(crate) pdu: Option<Pdu<'a>>,
    /// Octets behind the PDU.
    pub(crate) rest: usize,
}

impl<'a> Account<'a> {
    pub(crate) fn of(octets: &'a [u8]) -> Self {
        let mut decoded = Map::new();
        let length = octets.first_chunk().map(|length| u32::from_be_bytes(*length));
        put(&mut decoded, "command_length", length);
        let frame = match strict::cut(octets) {
            Ok(frame) => frame,
            Err(Fault { kind, .. }) => {
                debug_assert!(kind != FaultKind::Incomplete || announced(octets, strict::LENGTH_MAX).is_ok());
                return Self { verdict: kind.name(), decoded, frame: None, pdu: None, rest: 0 };
            }
        };
        put(&mut decoded, "command_id", Some(frame.id().0));
        put(&mut decoded, "command_status", Some(frame.status().0));
        put(&mut decoded, "sequence_number", Some(frame.sequence()));
        let (fields, warnings, read) = told(frame);
        if read.as_ref().err().is_none_or(|fault| fault.kind != FaultKind::UnknownCommandId) {
            put(&mut decoded, "command", frame.id().name());
        }
        // Of a response without its body the files note nothing more.
        if !warnings.is_empty() && !is_absent(frame) {
            put(&mut decoded, "warnings", Some(warnings));
        }
        let (verdict, pdu) = match read {
            Ok(pdu) => ("ok", Some(pdu)),
            Err(fault) => {
                match fault.field {
                    Place::Header => {}
                    at => put(&mut decoded, "error_at", Some(at.to_string())),
                }
                (fault.kind.name(), None)
            }
        };
        if verdict == "ok" && is_absent(frame) {
            put(&mut decoded, "body", Some("absent"));
        } else if !fields.is_empty() || (pdu.is_none() && verdict != FaultKind::UnknownCommandId.name()) {
            put(&mut decoded, "fields", Some(fields));
        }
        let rest = octets.len() - frame.bytes().len();
        Self { verdict, decoded, frame: Some(frame), pdu, rest }
    }

    /// The TLVs of a PDU without a fault.
    pub(crate) fn tlvs(&self) -> Tlvs<'a> {
        self.pdu.as_ref().map_or(Tlvs::NONE, Pdu::tlvs)
    }
}

/// The fields that are read, the rules that are broken, and how it ends.
fn told(frame: FrameRef<'_>) -> (Map<String, Value>, Vec<String>, Result<Pdu<'_>, Fault>) {
    let (mut fields, mut warnings) = (Map::new(), Vec::new());
    let read = strict::read_each(frame, &mut |seen| match seen {
        Seen::Field(name, field) => put(&mut fields, name, Some(value(field))),
        Seen::Notice(notice) => warnings.push(notice.to_string()),
    });
    (fields, warnings, read)
}

/// A response with fields may come without its body.
fn is_absent(frame: FrameRef<'_>) -> bool {
    let mut fields = 0;
    if let Ok((pdu, _)) = frame.view() {
        smpp_wire::Body::fields(&pdu, &mut |_, _| fields += 1);
    }
    frame.id().is_response() && frame.body().is_empty() && fields > 0
}

fn put(decoded: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        decoded.insert(key.to_owned(), value.into());
    }
}
