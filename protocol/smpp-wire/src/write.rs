//! Writing PDUs: the header, the body, the length patched in last.

use alloc::vec::Vec;
use core::fmt;

use crate::address::Address;
use crate::header::Header;
use crate::ids::{CommandId, CommandStatus};
use crate::limits;
use crate::nul::holds_nul;
use crate::tlvs::Tlvs;

/// A body that can be written.
pub trait Body {
    fn command_id(&self) -> CommandId;

    /// Appends the body, without header, to `out`.
    ///
    /// Strings longer than their field allows are written as they are, up to 255 octets: real peers agree on
    /// longer passwords and ids. [`check`](Self::check) is the strict test.
    ///
    /// # Errors
    ///
    /// [`Unwritable`] where no frame can carry the value; `out` may then end in half a body, which
    /// [`write_pdu`] takes back.
    fn write(&self, out: &mut Vec<u8>) -> Result<(), Unwritable>;

    /// Whether the body keeps to the limits of the specification.
    ///
    /// # Errors
    ///
    /// [`Unwritable`], naming the first field that does not.
    fn check(&self) -> Result<(), Unwritable>;
}

/// Why a body cannot be written, or [should not](Body::check) be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Unwritable {
    /// `field` has `octets` octets, `max` fit (without the NUL, where it ends in one).
    TooLong { field: &'static str, octets: usize, max: usize },
    /// A C-string with a NUL inside would end there and shift every field behind it.
    HoldsNul { field: &'static str },
    /// The octets after the last whole TLV are no TLV. Only [`Body::check`] minds: what was read is written.
    NoTlv { octets: usize },
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { field, octets, max } => write!(f, "{field} has {octets} octets, {max} fit"),
            Self::HoldsNul { field } => write!(f, "{field} has a NUL inside"),
            Self::NoTlv { octets } => write!(f, "the last {octets} octets are no TLV"),
        }
    }
}

impl core::error::Error for Unwritable {}

/// Appends a whole PDU to `out`.
///
/// # Errors
///
/// [`Unwritable`], with `out` as it was before.
///
/// # Examples
///
/// ```
/// use smpp_wire::{Address, CommandStatus, SubmitSm, write_pdu};
///
/// let message = SubmitSm {
///     destination: Address::try_from("+385911234567")?,
///     short_message: b"hello",
///     ..Default::default()
/// };
/// let mut out = Vec::new();
/// write_pdu(&mut out, CommandStatus::OK, 1, &message)?;
/// assert_eq!(out.len(), 50);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[inline]
pub fn write_pdu<B: Body>(
    out: &mut Vec<u8>,
    status: CommandStatus,
    sequence: u32,
    body: &B,
) -> Result<(), Unwritable> {
    let start = out.len();
    write_header(out, body.command_id(), status, sequence);
    let written = body.write(out).and_then(|()| patch_length(out, start));
    if written.is_err() {
        out.truncate(start);
    }
    written
}

/// Appends a PDU that is a header alone: unbind, enquire_link, generic_nack, most refusals.
#[inline]
pub fn write_header(out: &mut Vec<u8>, id: CommandId, status: CommandStatus, sequence: u32) {
    let header = Header {
        command_length: Header::LEN as u32,
        command_id: id,
        command_status: status,
        sequence_number: sequence,
    };
    out.extend_from_slice(&header.to_octets());
}

#[inline]
fn patch_length(out: &mut [u8], start: usize) -> Result<(), Unwritable> {
    let octets = out.len() - start;
    let Ok(length) = u32::try_from(octets) else {
        return Err(Unwritable::TooLong { field: "command_length", octets, max: u32::MAX as usize });
    };
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

/// Appends a C-string and its NUL.
#[inline]
pub(crate) fn c_string(out: &mut Vec<u8>, field: &'static str, string: &[u8]) -> Result<(), Unwritable> {
    if !string.is_empty() {
        fits(field, string, limits::C_STRING_READ)?;
        out.extend_from_slice(string);
    }
    out.push(0);
    Ok(())
}

/// The length field of a `short_message`.
#[inline]
pub(crate) fn sm_length(short_message: &[u8]) -> Result<u8, Unwritable> {
    let octets = short_message.len();
    u8::try_from(octets).map_err(|_| Unwritable::TooLong { field: "short_message", octets, max: 255 })
}

/// Appends type, plan and digits.
#[inline]
pub(crate) fn address(
    out: &mut Vec<u8>,
    field: &'static str,
    address: &Address<'_>,
) -> Result<(), Unwritable> {
    let Address { ton, npi, digits } = address;
    out.extend_from_slice(&[ton.0, npi.0]);
    c_string(out, field, digits)
}

/// Appends the parameters: those read as they were, those of a list in its order.
#[inline]
pub(crate) fn tlvs(out: &mut Vec<u8>, tlvs: &Tlvs<'_>) -> Result<(), Unwritable> {
    if let Some(raw) = tlvs.raw() {
        if !raw.is_empty() {
            out.extend_from_slice(raw);
        }
        return Ok(());
    }
    for tlv in tlvs.iter() {
        let Ok(length) = u16::try_from(tlv.value.len()) else {
            let octets = tlv.value.len();
            return Err(Unwritable::TooLong { field: tlv.tag.name().unwrap_or("tlv"), octets, max: 65_535 });
        };
        let ([t0, t1], [l0, l1]) = (tlv.tag.0.to_be_bytes(), length.to_be_bytes());
        out.extend_from_slice(&[t0, t1, l0, l1]);
        out.extend_from_slice(tlv.value);
    }
    Ok(())
}

/// Whether `string` and its NUL fit into `max` octets, and the string has no NUL of its own.
#[inline]
pub(crate) fn fits(field: &'static str, string: &[u8], max: usize) -> Result<(), Unwritable> {
    if string.len() >= max {
        return Err(Unwritable::TooLong { field, octets: string.len(), max: max - 1 });
    }
    if holds_nul(string) {
        return Err(Unwritable::HoldsNul { field });
    }
    Ok(())
}

/// Whether `octets` fit into `max`.
#[inline]
pub(crate) fn at_most(field: &'static str, octets: &[u8], max: usize) -> Result<(), Unwritable> {
    if octets.len() > max {
        return Err(Unwritable::TooLong { field, octets: octets.len(), max });
    }
    Ok(())
}

/// Whether TLVs tile the octets that were read.
pub(crate) fn tiles(tlvs: &Tlvs<'_>) -> Result<(), Unwritable> {
    match tlvs.tail().len() {
        0 => Ok(()),
        octets => Err(Unwritable::NoTlv { octets }),
    }
}
