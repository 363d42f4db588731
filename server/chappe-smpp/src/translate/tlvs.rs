//! TLV lists in wire form.

use chappe_core::Reason;
use smpp_wire::{InterfaceVersion, Tag, Tlv, Tlvs};

/// TLVs of one PDU beyond this are refused: no known message needs as many.
pub(super) const TLVS_MAX: usize = 64;

/// The parameters that a message carries on: all as they came, but for a `message_payload`, which is the message's text,
/// and for a truncated last one.
///
/// `scratch` is used only where something has to be left out of the middle.
pub(super) fn carried<'a>(tlvs: &Tlvs<'a>, scratch: &'a mut Vec<u8>) -> Result<&'a [u8], Reason> {
    let raw = tlvs.raw().unwrap_or_default();
    if raw.is_empty() {
        return Ok(raw);
    }
    if tlvs.iter().take(TLVS_MAX + 1).count() > TLVS_MAX {
        return Err(Reason::InvalidTlv);
    }
    if tlvs.get(Tag::MESSAGE_PAYLOAD).is_none() {
        return Ok(&raw[..raw.len() - tlvs.tail().len()]);
    }
    scratch.clear();
    let kept = tlvs.iter().filter(|tlv| tlv.tag != Tag::MESSAGE_PAYLOAD);
    kept.for_each(|tlv| push(scratch, tlv.tag, tlv.value));
    Ok(scratch)
}

/// Appends one parameter. A value beyond what a length can say is cut; nothing we compose is that long.
pub(super) fn push(list: &mut Vec<u8>, tag: Tag, value: &[u8]) {
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    list.reserve(Tlv::HEADER_LEN + value.len());
    list.extend_from_slice(&tag.0.to_be_bytes());
    list.extend_from_slice(&length.to_be_bytes());
    list.extend_from_slice(&value[..usize::from(length)]);
}

/// Appends a parameter that ends with a NUL.
pub(super) fn push_c_string(list: &mut Vec<u8>, tag: Tag, text: &[u8]) {
    let length = u16::try_from(text.len() + 1).unwrap_or(u16::MAX);
    list.extend_from_slice(&tag.0.to_be_bytes());
    list.extend_from_slice(&length.to_be_bytes());
    list.extend_from_slice(&text[..usize::from(length) - 1]);
    list.push(0);
}

/// Whether a peer of this version knows every parameter of the list; a vendor's own is anybody's.
pub(super) fn are_known(octets: &[u8], version: InterfaceVersion) -> bool {
    octets.is_empty()
        || version.rules() == InterfaceVersion::V5_0
        || list(octets).iter().all(|tlv| is_known(tlv.tag, version))
}

/// Appends those of a list that a peer of this version knows.
pub(super) fn push_known(out: &mut Vec<u8>, octets: &[u8], version: InterfaceVersion) {
    let known = list(octets).iter().filter(|tlv| is_known(tlv.tag, version));
    known.for_each(|tlv| push(out, tlv.tag, tlv.value));
}

fn is_known(tag: Tag, version: InterfaceVersion) -> bool {
    tag.facts().is_none_or(|facts| facts.since <= version.rules())
}

/// A list that was written or checked before.
pub(super) fn list(octets: &[u8]) -> Tlvs<'_> {
    Tlvs::read(octets).0
}
