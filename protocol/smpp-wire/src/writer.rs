//! The visitor that writes.

use alloc::vec::Vec;

use crate::check::fits;
use crate::field::Entries;
use crate::ids::{InterfaceVersion, Tag};
use crate::limits;
use crate::tlvs::{Tlv, Tlvs};
use crate::unwritable::Unwritable;
use crate::visit::Visit;

/// Appends fields to a buffer, as a peer of `version` knows them.
pub(crate) struct Writer<'o> {
    pub(crate) out: &'o mut Vec<u8>,
    pub(crate) version: InterfaceVersion,
}

impl Visit for Writer<'_> {
    #[inline(always)]
    fn version(&self) -> InterfaceVersion {
        self.version
    }

    #[inline(always)]
    fn octets<const N: usize>(&mut self, _: &[&'static str; N], values: [u8; N]) -> Result<(), Unwritable> {
        self.out.extend_from_slice(&values);
        Ok(())
    }

    fn long(&mut self, _: &'static str, value: u32) -> Result<(), Unwritable> {
        self.out.extend_from_slice(&value.to_be_bytes());
        Ok(())
    }

    #[inline]
    fn c_string(&mut self, field: &'static str, value: &[u8], _: usize) -> Result<(), Unwritable> {
        if !value.is_empty() {
            fits(field, value, limits::C_STRING_READ)?;
            self.out.extend_from_slice(value);
        }
        self.out.push(0);
        Ok(())
    }

    #[inline]
    fn time(&mut self, field: &'static str, value: &[u8]) -> Result<(), Unwritable> {
        self.c_string(field, value, limits::TIME)
    }

    #[inline(always)]
    fn sized(&mut self, _: &'static str, value: &[u8], _: usize) -> Result<(), Unwritable> {
        self.out.extend_from_slice(value);
        Ok(())
    }

    fn list(&mut self, _: &'static str, _: &dyn Entries) -> bool {
        true
    }

    /// Those read as they were, those of a list in its order; none to a peer that does not know TLVs.
    #[inline]
    fn tlvs(&mut self, tlvs: &Tlvs<'_>) -> Result<(), Unwritable> {
        if !self.version.has_tlvs() {
            return withheld(tlvs, self.version);
        }
        match tlvs.raw() {
            Some([]) => Ok(()),
            Some(raw) => {
                self.out.extend_from_slice(raw);
                Ok(())
            }
            None => tlvs.iter().try_for_each(|tlv| write_tlv(self.out, tlv)),
        }
    }
}

fn write_tlv(out: &mut Vec<u8>, tlv: Tlv<'_>) -> Result<(), Unwritable> {
    let Ok(length) = u16::try_from(tlv.value.len()) else {
        let octets = tlv.value.len();
        return Err(Unwritable::TooLong { field: tlv.tag.name().unwrap_or("tlv"), octets, max: 65_535 });
    };
    let ([t0, t1], [l0, l1]) = (tlv.tag.0.to_be_bytes(), length.to_be_bytes());
    out.extend_from_slice(&[t0, t1, l0, l1]);
    out.extend_from_slice(tlv.value);
    Ok(())
}

/// What a peer without TLVs misses is no matter, unless it is the text.
#[cold]
fn withheld(tlvs: &Tlvs<'_>, version: InterfaceVersion) -> Result<(), Unwritable> {
    match tlvs.get(Tag::MESSAGE_PAYLOAD) {
        Some(payload) if !payload.value.is_empty() => {
            Err(Unwritable::NotInVersion { field: "message_payload", version })
        }
        _ => Ok(()),
    }
}
