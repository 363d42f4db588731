//! The reader of a body: fields in wire order, each by its name.
//!
//! Inlined always, as the views' `read`s are: a view that is returned through memory and taken apart at once costs
//! more than reading it did, since its fields are stored one by one and loaded again in wider pieces.

use crate::address::Address;
use crate::ids::{Npi, Ton};
use crate::limits;
use crate::malformed::Malformed;
use crate::nul::first_nul;
use crate::tlvs::Tlvs;
use crate::warnings::Warnings;

/// What is left of a body, and what was noticed on the way.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    warnings: Warnings,
}

impl<'a> Reader<'a> {
    #[inline(always)]
    pub(crate) fn new(body: &'a [u8]) -> Self {
        Self { rest: body, warnings: Warnings::NONE }
    }

    #[inline(always)]
    pub(crate) fn warnings(&self) -> Warnings {
        self.warnings
    }

    /// `N` fields of one octet each, under one bounds check.
    #[inline(always)]
    pub(crate) fn octets<const N: usize>(
        &mut self,
        fields: &[&'static str; N],
    ) -> Result<[u8; N], Malformed> {
        match self.rest.split_first_chunk::<N>() {
            Some((octets, rest)) => {
                self.rest = rest;
                Ok(*octets)
            }
            None => Err(ends_within(self.rest, fields)),
        }
    }

    /// A C-string, without its NUL. More than `max` octets (the NUL counted) are noted, not refused.
    #[inline(always)]
    pub(crate) fn c_string(&mut self, field: &'static str, max: usize) -> Result<&'a [u8], Malformed> {
        match first_nul(self.rest, limits::C_STRING_READ) {
            Some(at) => Ok(self.take_c_string(at, max)),
            None => Err(no_nul(self.rest, field)),
        }
    }

    /// The last C-string of a body, which the end of the body may end as well.
    #[inline(always)]
    pub(crate) fn last_c_string(&mut self, field: &'static str, max: usize) -> Result<&'a [u8], Malformed> {
        match first_nul(self.rest, limits::C_STRING_READ) {
            Some(at) => Ok(self.take_c_string(at, max)),
            None if self.rest.len() < limits::C_STRING_READ => {
                self.warnings |= Warnings::NO_NUL;
                self.warnings |= Warnings::OVERLONG.when(self.rest.len() >= max);
                Ok(core::mem::take(&mut self.rest))
            }
            None => Err(no_nul(self.rest, field)),
        }
    }

    /// `ton`, `npi`, digits. `fields` names the three.
    #[inline(always)]
    pub(crate) fn address(
        &mut self,
        fields: &[&'static str; 3],
        max: usize,
    ) -> Result<Address<'a>, Malformed> {
        let [ton, npi] = self.octets(&[fields[0], fields[1]])?;
        let digits = self.c_string(fields[2], max)?;
        Ok(Address { ton: Ton(ton), npi: Npi(npi), digits })
    }

    /// `length` octets, as the field before announced. Never reads past the body.
    #[inline(always)]
    pub(crate) fn sized(&mut self, field: &'static str, length: u8) -> Result<&'a [u8], Malformed> {
        let claimed = usize::from(length);
        match self.rest.split_at_checked(claimed) {
            Some((value, rest)) => {
                self.rest = rest;
                Ok(value)
            }
            None => Err(overrun(self.rest, field, claimed)),
        }
    }

    /// The rest of the body as TLVs, walked once to see whether they tile it.
    #[inline(always)]
    pub(crate) fn tlvs(&mut self) -> Tlvs<'a> {
        if self.rest.is_empty() {
            return Tlvs::default();
        }
        let (mut tlvs, mut warnings) = Tlvs::read(self.rest);
        if !warnings.is_empty() {
            (tlvs, warnings) = past_a_stray_nul(self.rest).unwrap_or((tlvs, warnings));
        }
        self.rest = &[];
        self.warnings |= warnings;
        tlvs
    }

    /// The first field of a response, where a peer may have left it out: no body at all, or TLVs alone.
    #[inline(always)]
    pub(crate) fn first_of_response(
        &mut self,
        field: &'static str,
        max: usize,
    ) -> Result<&'a [u8], Malformed> {
        if self.rest.is_empty() {
            return Ok(&[]);
        }
        if self.rest[0] <= limits::TAG_HIGH_OCTET && lacks_first_field(self.rest) {
            self.warnings |= Warnings::NO_ID;
            return Ok(&[]);
        }
        self.last_c_string(field, max)
    }

    #[inline(always)]
    fn take_c_string(&mut self, at: usize, max: usize) -> &'a [u8] {
        let (string, rest) = self.rest.split_at(at);
        self.rest = &rest[1..];
        self.warnings |= Warnings::OVERLONG.when(at >= max);
        string
    }
}

/// Whether the body is TLVs from its first octet on, and not an empty C-string with TLVs behind it.
#[cold]
fn lacks_first_field(body: &[u8]) -> bool {
    let tiles = |octets| Tlvs::read(octets).1.is_empty();
    tiles(body) && !(body[0] == 0 && tiles(&body[1..]))
}

/// The TLVs behind one NUL that some stacks append to `short_message`, if they tile the body from there on.
#[cold]
fn past_a_stray_nul(rest: &[u8]) -> Option<(Tlvs<'_>, Warnings)> {
    let (0, behind) = rest.split_first()? else {
        return None;
    };
    let (tlvs, warnings) = Tlvs::read(behind);
    (warnings.is_empty() && !tlvs.is_empty()).then_some((tlvs, Warnings::STRAY_NUL))
}

#[cold]
fn ends_within<const N: usize>(rest: &[u8], fields: &[&'static str; N]) -> Malformed {
    Malformed::Truncated { field: fields[rest.len()] }
}

#[cold]
fn no_nul(rest: &[u8], field: &'static str) -> Malformed {
    match rest.len() {
        0 => Malformed::Truncated { field },
        left => Malformed::Unterminated { field, max: left.min(limits::C_STRING_READ) },
    }
}

#[cold]
fn overrun(rest: &[u8], field: &'static str, claimed: usize) -> Malformed {
    Malformed::Overrun { field, claimed, left: rest.len() }
}
