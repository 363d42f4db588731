//! The visitor that holds a body against the limits of the specification.

use crate::field::Entries;
use crate::limits;
use crate::nul::holds_nul;
use crate::tlvs::{Tlv, Tlvs};
use crate::unwritable::Unwritable;
use crate::visit::Visit;

/// Stops at the first field that is not by the book.
pub(crate) struct Checker {
    /// What is asked of the TLVs.
    pub(crate) tlvs: fn(&Tlvs<'_>) -> Result<(), Unwritable>,
}

impl Visit for Checker {
    fn octets<const N: usize>(&mut self, _: &[&'static str; N], _: [u8; N]) -> Result<(), Unwritable> {
        Ok(())
    }

    fn long(&mut self, _: &'static str, _: u32) -> Result<(), Unwritable> {
        Ok(())
    }

    fn c_string(&mut self, field: &'static str, value: &[u8], max: usize) -> Result<(), Unwritable> {
        fits(field, value, max)
    }

    fn time(&mut self, field: &'static str, value: &[u8]) -> Result<(), Unwritable> {
        fits(field, value, limits::TIME)?;
        match value.len() {
            0 => Ok(()),
            octets if octets + 1 == limits::TIME => Ok(()),
            octets => Err(Unwritable::OddLength { field, octets }),
        }
    }

    fn sized(&mut self, field: &'static str, value: &[u8], max: usize) -> Result<(), Unwritable> {
        match value.len() {
            octets if octets > max => Err(Unwritable::TooLong { field, octets, max }),
            _ => Ok(()),
        }
    }

    fn list(&mut self, _: &'static str, _: &dyn Entries) -> bool {
        true
    }

    fn tlvs(&mut self, tlvs: &Tlvs<'_>) -> Result<(), Unwritable> {
        (self.tlvs)(tlvs)
    }
}

/// Whether TLVs tile the octets that were read.
pub(crate) fn tiles(tlvs: &Tlvs<'_>) -> Result<(), Unwritable> {
    match tlvs.tail().len() {
        0 => Ok(()),
        octets => Err(Unwritable::NoTlv { octets }),
    }
}

/// Whether TLVs tile the octets that were read, and each known one has a length that it may be sent with.
pub(crate) fn fit(tlvs: &Tlvs<'_>) -> Result<(), Unwritable> {
    tiles(tlvs)?;
    let odd = tlvs.iter().find(|tlv| tlv.tag.facts().is_some_and(|facts| !facts.fits(tlv.value.len())));
    match odd {
        Some(Tlv { tag, value }) => Err(Unwritable::TlvLength { tag, octets: value.len() }),
        None => Ok(()),
    }
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
