//! What the value of a TLV says.

use alloc::vec::Vec;

use crate::address::Address;
use crate::ids::{DataCoding, Npi, Tag, TlvKind, Ton};
use crate::tlvs::{Tlv, Tlvs};
use crate::unwritable::Unwritable;

/// The value of a TLV, as its tag has it (SMPP 5.0 §4.8.4).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum TlvValue<'a> {
    Integer(u32),
    /// The tag says it all, as `alert_on_message_delivery` does in 3.4.
    Flag,
    /// Without its NUL.
    CString(&'a [u8]),
    /// Octets by the book, and any value that its tag should not have.
    Octets(&'a [u8]),
    /// `source_subaddress` and `dest_subaddress`.
    Subaddress {
        kind: u8,
        subaddress: &'a [u8],
    },
    /// `callback_num`.
    CallbackNumber {
        digit_mode: u8,
        number: Address<'a>,
    },
    /// `callback_num_atag`.
    CallbackTag {
        data_coding: DataCoding,
        text: &'a [u8],
    },
    /// `network_error_code`: whose number, and the number.
    NetworkErrorCode {
        network: u8,
        code: u16,
    },
    /// `broadcast_content_type`.
    ContentType {
        network: u8,
        content: u16,
    },
    /// `broadcast_frequency_interval`.
    Interval {
        unit: u8,
        count: u16,
    },
    /// `broadcast_area_identifier`.
    Area {
        format: u8,
        details: &'a [u8],
    },
    /// `billing_identification`.
    Billing {
        format: u8,
        info: &'a [u8],
    },
    /// `ms_validity`; a unit and a count since 5.0.
    Validity {
        behaviour: u8,
        period: Option<(u8, u16)>,
    },
    /// `its_session_info`.
    SessionInfo {
        session: u8,
        /// At most 127: it shares its octet with `ends`.
        sequence: u8,
        ends: bool,
    },
}

impl<'a> Tlv<'a> {
    /// The value, as the tag has it. One of the wrong size is read as well as it can be: an integer as
    /// [`integer`](Self::integer) has it, a `network_error_code` of two or four octets or of ASCII digits by what
    /// peers mean by it, all else as octets.
    pub fn value(&self) -> TlvValue<'a> {
        let Some(facts) = self.tag.facts() else {
            return TlvValue::Octets(self.value);
        };
        let read = match facts.kind {
            TlvKind::Octets => None,
            TlvKind::CString => Some(TlvValue::CString(self.c_string())),
            TlvKind::Integer => self.integer().map(TlvValue::Integer),
            TlvKind::OptionalInteger if self.value.is_empty() => Some(TlvValue::Flag),
            TlvKind::OptionalInteger => self.integer().map(TlvValue::Integer),
            TlvKind::NetworkErrorCode => network_error_code(self.value),
            kind => composite(kind, self.value),
        };
        read.unwrap_or(TlvValue::Octets(self.value))
    }
}

impl<'a> Tlvs<'a> {
    /// The value of the first parameter with this tag.
    pub fn value(&self, tag: Tag) -> Option<TlvValue<'a>> {
        self.get(tag).map(|tlv| tlv.value())
    }
}

/// A value of several parts; `None` where they are not all there.
fn composite(kind: TlvKind, value: &[u8]) -> Option<TlvValue<'_>> {
    let (&first, rest) = value.split_first()?;
    match (kind, rest) {
        (TlvKind::Subaddress, subaddress) => Some(TlvValue::Subaddress { kind: first, subaddress }),
        (TlvKind::CallbackTag, text) => Some(TlvValue::CallbackTag { data_coding: DataCoding(first), text }),
        (TlvKind::CallbackNumber, &[ton, npi, ref digits @ ..]) => {
            let number = Address { ton: Ton(ton), npi: Npi(npi), digits };
            Some(TlvValue::CallbackNumber { digit_mode: first, number })
        }
        (TlvKind::Area, details) => Some(TlvValue::Area { format: first, details }),
        (TlvKind::Billing, info) => Some(TlvValue::Billing { format: first, info }),
        (TlvKind::Validity, []) => Some(TlvValue::Validity { behaviour: first, period: None }),
        (TlvKind::Validity, &[unit, c0, c1]) => {
            let period = Some((unit, u16::from_be_bytes([c0, c1])));
            Some(TlvValue::Validity { behaviour: first, period })
        }
        (TlvKind::SessionInfo, &[bits]) => {
            Some(TlvValue::SessionInfo { session: first, sequence: bits >> 1, ends: bits & 1 != 0 })
        }
        (TlvKind::ContentType, &[c0, c1]) => {
            Some(TlvValue::ContentType { network: first, content: u16::from_be_bytes([c0, c1]) })
        }
        (TlvKind::Interval, &[c0, c1]) => {
            Some(TlvValue::Interval { unit: first, count: u16::from_be_bytes([c0, c1]) })
        }
        _ => None,
    }
}

/// By the book a network and a number of two octets. Some peers send the number in one octet or in three, or as
/// decimal digits without a network.
fn network_error_code(value: &[u8]) -> Option<TlvValue<'static>> {
    if value.len() > 1 && value.iter().all(u8::is_ascii_digit) {
        let code = core::str::from_utf8(value).ok()?.parse().ok()?;
        return Some(TlvValue::NetworkErrorCode { network: 0, code });
    }
    let (network, code) = match *value {
        [network, low] => (network, low.into()),
        [network, high, low] | [network, 0, high, low] => (network, u16::from_be_bytes([high, low])),
        _ => return None,
    };
    Some(TlvValue::NetworkErrorCode { network, code })
}

/// TLVs being put together, to write. The buffer can be used again.
///
/// ```
/// use smpp_wire::{Tag, TlvBuf, TlvValue};
///
/// let mut tlvs = TlvBuf::new();
/// tlvs.push(Tag::MESSAGE_STATE, TlvValue::Integer(2))?;
/// tlvs.push(Tag::NETWORK_ERROR_CODE, TlvValue::NetworkErrorCode { network: 3, code: 8 })?;
/// assert_eq!(tlvs.as_tlvs().value(Tag::MESSAGE_STATE), Some(TlvValue::Integer(2)));
/// # Ok::<(), smpp_wire::Unwritable>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TlvBuf {
    octets: Vec<u8>,
}

impl TlvBuf {
    pub const fn new() -> Self {
        Self { octets: Vec::new() }
    }

    /// Appends a parameter. An integer gets as many octets as its tag has (four, where the tag is unknown), a C-string
    /// its NUL.
    ///
    /// # Errors
    ///
    /// [`Unwritable`], with the parameters as they were before: above 65,535 octets, a NUL in a C-string, an integer
    /// that its tag has too few octets for, a sequence of `its_session_info` above 127, or a `network_error_code` that would
    /// be read as digits.
    pub fn push(&mut self, tag: Tag, value: TlvValue<'_>) -> Result<(), Unwritable> {
        let start = self.octets.len();
        self.octets.extend_from_slice(&tag.0.to_be_bytes());
        self.octets.extend_from_slice(&[0, 0]);
        let written = write_value(&mut self.octets, tag, value).and_then(|()| self.patch_length(start, tag));
        if written.is_err() {
            self.octets.truncate(start);
        }
        written
    }

    /// The parameters, to put into a view.
    pub fn as_tlvs(&self) -> Tlvs<'_> {
        Tlvs::read(&self.octets).0
    }

    pub fn clear(&mut self) {
        self.octets.clear();
    }

    fn patch_length(&mut self, start: usize, tag: Tag) -> Result<(), Unwritable> {
        let octets = self.octets.len() - start - Tlv::HEADER_LEN;
        let Ok(length) = u16::try_from(octets) else {
            let field = tag.name().unwrap_or("tlv");
            return Err(Unwritable::TooLong { field, octets, max: u16::MAX.into() });
        };
        self.octets[start + 2..start + Tlv::HEADER_LEN].copy_from_slice(&length.to_be_bytes());
        Ok(())
    }
}

fn write_value(out: &mut Vec<u8>, tag: Tag, value: TlvValue<'_>) -> Result<(), Unwritable> {
    let with = |out: &mut Vec<u8>, head: &[u8], tail: &[u8]| {
        out.extend_from_slice(head);
        out.extend_from_slice(tail);
    };
    match value {
        TlvValue::Integer(number) => return write_integer(out, tag, number),
        TlvValue::CString(string) if string.contains(&0) => {
            return Err(Unwritable::HoldsNul { field: tag.name().unwrap_or("tlv") });
        }
        TlvValue::Flag => {}
        TlvValue::CString(string) => with(out, string, &[0]),
        TlvValue::Octets(octets) => with(out, octets, &[]),
        TlvValue::Subaddress { kind, subaddress } => with(out, &[kind], subaddress),
        TlvValue::CallbackNumber { digit_mode, number: Address { ton, npi, digits } } => {
            with(out, &[digit_mode, ton.0, npi.0], digits);
        }
        TlvValue::CallbackTag { data_coding, text } => with(out, &[data_coding.0], text),
        TlvValue::NetworkErrorCode { network, code } => return write_network_error_code(out, network, code),
        TlvValue::ContentType { network: first, content: second }
        | TlvValue::Interval { unit: first, count: second } => with(out, &[first], &second.to_be_bytes()),
        TlvValue::Area { format, details } => with(out, &[format], details),
        TlvValue::Billing { format, info } => with(out, &[format], info),
        TlvValue::Validity { behaviour, period: None } => out.push(behaviour),
        TlvValue::Validity { behaviour, period: Some((unit, count)) } => {
            with(out, &[behaviour, unit], &count.to_be_bytes());
        }
        TlvValue::SessionInfo { sequence, .. } if sequence > SESSION_SEQUENCE_MAX => {
            let (value, max) = (sequence.into(), SESSION_SEQUENCE_MAX.into());
            return Err(Unwritable::TooLarge { field: tag.name().unwrap_or("tlv"), value, max });
        }
        TlvValue::SessionInfo { session, sequence, ends } => {
            out.extend_from_slice(&[session, sequence << 1 | u8::from(ends)]);
        }
    }
    Ok(())
}

/// Three octets that are digits would be read as a number without a network; no network has a digit for its number.
fn write_network_error_code(out: &mut Vec<u8>, network: u8, code: u16) -> Result<(), Unwritable> {
    let [high, low] = code.to_be_bytes();
    let octets = [network, high, low];
    if octets.iter().all(u8::is_ascii_digit) {
        let (field, value) = ("network_error_code", network.into());
        return Err(Unwritable::TooLarge { field, value, max: u32::from(b'0') - 1 });
    }
    out.extend_from_slice(&octets);
    Ok(())
}

fn write_integer(out: &mut Vec<u8>, tag: Tag, number: u32) -> Result<(), Unwritable> {
    let octets = number.to_be_bytes();
    let width = tag.facts().map_or(octets.len(), |facts| usize::from(facts.octets_max).min(octets.len()));
    let (high, low) = octets.split_at(octets.len() - width);
    if high.iter().any(|&octet| octet != 0) {
        let needed = octets.len() - (number.leading_zeros() / 8) as usize;
        return Err(Unwritable::TooLong { field: tag.name().unwrap_or("tlv"), octets: needed, max: width });
    }
    out.extend_from_slice(low);
    Ok(())
}

/// Seven bits.
const SESSION_SEQUENCE_MAX: u8 = 0x7F;
