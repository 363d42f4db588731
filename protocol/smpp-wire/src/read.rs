//! The reader of a body: fields in wire order, each by its name.
//!
//! One list of fields a view serves two readers, told apart by their [`Mode`]: the generous one, which notes what
//! is odd and goes on, and the strict one.
//!
//! Inlined always, as the `take`s of the views most sent are: a view that is returned through memory and taken apart
//! at once costs more than reading it did, since its fields are stored one by one and loaded again in wider pieces.

use crate::address::Address;
use crate::field::Field;
use crate::ids::{Npi, Tag, Ton};
use crate::limits;
use crate::malformed::Malformed;
use crate::nul::first_nul;
use crate::tlvs::Tlvs;
use crate::warnings::Warnings;

/// How a body is read.
pub trait Mode {
    /// Whether what is odd is a fault.
    const STRICT: bool;

    /// A field was read.
    fn saw(&mut self, field: &'static str, value: Field<'_>);

    /// A string was read that its field is too short for.
    fn overlong(&mut self, field: &'static str);

    /// A string was read that has none of the lengths its field may have.
    fn odd_length(&mut self, field: &'static str);
}

/// The default: read what can be read.
#[derive(Debug)]
pub(crate) struct Generous;

impl Mode for Generous {
    const STRICT: bool = false;

    #[inline(always)]
    fn saw(&mut self, _: &'static str, _: Field<'_>) {}

    #[inline(always)]
    fn overlong(&mut self, _: &'static str) {}

    #[inline(always)]
    fn odd_length(&mut self, _: &'static str) {}
}

/// Strict, and telling nobody.
#[derive(Debug)]
pub(crate) struct Silent;

impl Mode for Silent {
    const STRICT: bool = true;

    fn saw(&mut self, _: &'static str, _: Field<'_>) {}

    fn overlong(&mut self, _: &'static str) {}

    fn odd_length(&mut self, _: &'static str) {}
}

/// Within an entry of a list: its fields are not seen one by one.
#[derive(Debug)]
pub(crate) struct Within<'m, M>(&'m mut M);

impl<M: Mode> Mode for Within<'_, M> {
    const STRICT: bool = M::STRICT;

    fn saw(&mut self, _: &'static str, _: Field<'_>) {}

    fn overlong(&mut self, field: &'static str) {
        self.0.overlong(field);
    }

    fn odd_length(&mut self, field: &'static str) {
        self.0.odd_length(field);
    }
}

/// What is left of a body, and what was noticed on the way.
#[derive(Debug)]
pub struct Reader<'a, M> {
    rest: &'a [u8],
    warnings: Warnings,
    mode: M,
}

/// Reads a view generously.
#[inline(always)]
pub(crate) fn generously<'a, V>(
    body: &'a [u8],
    take: impl FnOnce(&mut Reader<'a, Generous>) -> Result<V, Malformed>,
) -> Result<(V, Warnings), Malformed> {
    let mut r = Reader::new(body, Generous);
    let view = take(&mut r)?;
    Ok((view, r.warnings))
}

impl<'a, M: Mode> Reader<'a, M> {
    #[inline(always)]
    pub(crate) fn new(body: &'a [u8], mode: M) -> Self {
        Self { rest: body, warnings: Warnings::NONE, mode }
    }

    /// What was not read.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Takes one NUL that is all there is: what some peers send for the body of a refusal, whatever its fields are.
    pub(crate) fn is_one_nul(&mut self) -> bool {
        let is_one = !M::STRICT && self.rest == [0];
        self.warnings |= Warnings::CUT_SHORT.when(is_one);
        if is_one {
            self.rest = &[];
        }
        is_one
    }

    /// Reads a further field of a response: its default where the peer ended the body before it, or left all fields
    /// out.
    pub(crate) fn unless_over<T: Default>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Malformed>,
    ) -> Result<T, Malformed> {
        let is_cut = !M::STRICT && self.rest.is_empty();
        self.warnings |= Warnings::CUT_SHORT.when(is_cut);
        if is_cut || self.warnings.contains(Warnings::NO_ID) { Ok(T::default()) } else { read(self) }
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
                self.saw_octets(fields, octets);
                Ok(*octets)
            }
            None => {
                self.saw_octets(fields, self.rest);
                Err(ends_within(self.rest, fields))
            }
        }
    }

    /// An integer of four octets.
    pub(crate) fn long(&mut self, field: &'static str) -> Result<u32, Malformed> {
        let Some((octets, rest)) = self.rest.split_first_chunk::<4>() else {
            return Err(Malformed::Truncated { field });
        };
        self.rest = rest;
        let value = u32::from_be_bytes(*octets);
        self.mode.saw(field, Field::Integer(value));
        Ok(value)
    }

    /// A C-string, without its NUL. More than `max` octets (the NUL counted) are noted, not refused.
    #[inline(always)]
    pub(crate) fn c_string(&mut self, field: &'static str, max: usize) -> Result<&'a [u8], Malformed> {
        let string = self.terminated(field)?;
        self.note_length(field, string, max);
        Ok(string)
    }

    /// A time: a C-string that is empty or has sixteen characters. Another length is noted, not refused.
    #[inline(always)]
    pub(crate) fn time(&mut self, field: &'static str) -> Result<&'a [u8], Malformed> {
        // Most are empty.
        let string = match self.rest {
            [0, rest @ ..] => {
                self.rest = rest;
                Default::default()
            }
            _ => self.time_that_is_set(field)?,
        };
        if M::STRICT {
            self.mode.saw(field, Field::CString(string));
        }
        Ok(string)
    }

    fn time_that_is_set(&mut self, field: &'static str) -> Result<&'a [u8], Malformed> {
        let string = self.terminated(field)?;
        if string.len() + 1 != limits::TIME {
            self.warnings |= Warnings::ODD_LENGTH;
            self.mode.odd_length(field);
        }
        Ok(string)
    }

    /// The last C-string of a body, which the end of the body may end as well.
    #[inline(always)]
    pub(crate) fn last_c_string(&mut self, field: &'static str, max: usize) -> Result<&'a [u8], Malformed> {
        let string = match self.terminated(field) {
            Err(_) if self.may_end_a_string() => {
                self.warnings |= Warnings::NO_NUL;
                core::mem::take(&mut self.rest)
            }
            terminated => terminated?,
        };
        self.note_length(field, string, max);
        Ok(string)
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

    /// The last address of a body, which the end of the body may end as well.
    pub(crate) fn last_address(
        &mut self,
        fields: &[&'static str; 3],
        max: usize,
    ) -> Result<Address<'a>, Malformed> {
        let [ton, npi] = self.octets(&[fields[0], fields[1]])?;
        let digits = self.last_c_string(fields[2], max)?;
        Ok(Address { ton: Ton(ton), npi: Npi(npi), digits })
    }

    /// `length` octets, as the field before announced. Never reads past the body.
    #[inline(always)]
    pub(crate) fn sized(&mut self, field: &'static str, length: u8) -> Result<&'a [u8], Malformed> {
        let claimed = usize::from(length);
        match self.rest.split_at_checked(claimed) {
            Some((value, rest)) => {
                self.rest = rest;
                self.mode.saw(field, Field::Octets(value));
                Ok(value)
            }
            None => Err(overrun(self.rest, field, claimed)),
        }
    }

    /// Reads the entries of a list, whose fields are not seen one by one, and returns the octets they stand in.
    pub(crate) fn entries(
        &mut self,
        read: impl FnOnce(&mut Reader<'a, Within<'_, M>>) -> Result<(), Malformed>,
    ) -> Result<&'a [u8], Malformed> {
        let mut r = Reader::new(self.rest, Within(&mut self.mode));
        read(&mut r)?;
        let Reader { rest, warnings, .. } = r;
        let octets = &self.rest[..self.rest.len() - rest.len()];
        self.rest = rest;
        self.warnings |= warnings;
        Ok(octets)
    }

    /// A field was read by whoever calls this.
    pub(crate) fn saw(&mut self, field: &'static str, value: Field<'_>) {
        self.mode.saw(field, value);
    }

    /// The rest of the body as TLVs, walked once to see whether they tile it.
    #[inline(always)]
    pub(crate) fn tlvs(&mut self) -> Tlvs<'a> {
        if self.rest.is_empty() {
            return Tlvs::default();
        }
        let (mut tlvs, mut warnings) = Tlvs::read(self.rest);
        if !M::STRICT && !warnings.is_empty() {
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
        if !M::STRICT && self.rest[0] <= limits::TAG_HIGH_OCTET && lacks_first_field(self.rest) {
            self.warnings |= Warnings::NO_ID;
            return Ok(&[]);
        }
        self.last_c_string(field, max)
    }

    /// As [`first_of_response`](Self::first_of_response), where further fields follow: since they may look like a TLV
    /// behind an empty string, only a tag that is known is one.
    pub(crate) fn first_of_several(
        &mut self,
        field: &'static str,
        max: usize,
    ) -> Result<&'a [u8], Malformed> {
        match *self.rest {
            [t0, t1, ..] if Tag(u16::from_be_bytes([t0, t1])).facts().is_some() => {
                self.first_of_response(field, max)
            }
            _ => self.last_c_string(field, max),
        }
    }

    /// The octets before the next NUL.
    #[inline(always)]
    fn terminated(&mut self, field: &'static str) -> Result<&'a [u8], Malformed> {
        let reach = if M::STRICT { usize::MAX } else { limits::C_STRING_READ };
        let Some(at) = first_nul(self.rest, reach) else {
            return Err(no_nul(self.rest, field));
        };
        let (string, rest) = self.rest.split_at(at);
        self.rest = &rest[1..];
        Ok(string)
    }

    #[inline(always)]
    fn may_end_a_string(&self) -> bool {
        !M::STRICT && self.rest.len() < limits::C_STRING_READ
    }

    #[inline(always)]
    fn note_length(&mut self, field: &'static str, string: &[u8], max: usize) {
        let overlong = string.len() >= max;
        self.warnings |= Warnings::OVERLONG.when(overlong);
        if M::STRICT {
            if overlong {
                self.mode.overlong(field);
            }
            self.mode.saw(field, Field::CString(string));
        }
    }

    #[inline(always)]
    fn saw_octets(&mut self, fields: &[&'static str], octets: &[u8]) {
        if M::STRICT {
            for (field, octet) in fields.iter().zip(octets) {
                self.mode.saw(field, Field::Integer((*octet).into()));
            }
        }
    }
}

/// Whether the body is TLVs from its first octet on, and not an empty C-string with TLVs behind it.
#[cold]
fn lacks_first_field(body: &[u8]) -> bool {
    let tiles = |octets| Tlvs::read(octets).1.is_empty();
    // No version has a tag 0: two zeros are an empty string and the next field.
    !body.starts_with(&[0, 0]) && tiles(body) && !(body[0] == 0 && tiles(&body[1..]))
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
