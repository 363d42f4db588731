//! Optional parameters: raw, in order, duplicates kept, typed on access.

use core::fmt;

use crate::ids::{TAGS, Tag, TlvKind};
use crate::warnings::Warnings;

/// One optional parameter.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Tlv<'a> {
    pub tag: Tag,
    /// At most 65,535 octets when written.
    pub value: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// Octets of tag and length.
    pub const HEADER_LEN: usize = 4;

    /// The value as a big-endian integer of one to four octets, whatever size its tag should have.
    pub fn integer(&self) -> Option<u32> {
        match *self.value {
            [a] => Some(a.into()),
            [a, b] => Some(u16::from_be_bytes([a, b]).into()),
            [a, b, c] => Some(u32::from_be_bytes([0, a, b, c])),
            [a, b, c, d] => Some(u32::from_be_bytes([a, b, c, d])),
            _ => None,
        }
    }

    /// The value as a C-string: without the NULs at its end, which a peer may have left out or padded with.
    pub fn c_string(&self) -> &'a [u8] {
        let end = self.value.iter().rposition(|&octet| octet != 0).map_or(0, |last| last + 1);
        &self.value[..end]
    }

    /// The TLV at the front, and what follows it.
    #[inline]
    fn cut(octets: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&[t0, t1, l0, l1], rest) = octets.split_first_chunk::<{ Tlv::HEADER_LEN }>()?;
        let (value, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes([l0, l1])))?;
        Some((Self { tag: Tag(u16::from_be_bytes([t0, t1])), value }, rest))
    }
}

/// The optional parameters of a PDU: octets just read, or a list to write.
#[derive(Clone, Copy)]
pub struct Tlvs<'a>(Form<'a>);

#[derive(Clone, Copy)]
enum Form<'a> {
    Raw(&'a [u8]),
    List(&'a [Tlv<'a>]),
}

impl<'a> Tlvs<'a> {
    pub const NONE: Self = Self(Form::Raw(&[]));

    /// Takes the octets after the mandatory fields, and says whether TLVs tile them.
    #[inline]
    pub fn read(octets: &'a [u8]) -> (Self, Warnings) {
        let mut tail = octets;
        while let Some((_, rest)) = Tlv::cut(tail) {
            tail = rest;
        }
        let warnings = match tail.len() {
            0 => Warnings::NONE,
            1..Tlv::HEADER_LEN => Warnings::TRAILING,
            _ => Warnings::TLV_OVERRUN,
        };
        (Self(Form::Raw(octets)), warnings)
    }

    /// Takes parameters to write, in this order.
    pub const fn of(list: &'a [Tlv<'a>]) -> Self {
        Self(Form::List(list))
    }

    /// Each whole TLV in its order; a malformed last one is left to [`tail`](Self::tail).
    #[inline]
    pub fn iter(&self) -> Iter<'a> {
        Iter(self.0)
    }

    /// The first parameter with this tag.
    #[inline]
    pub fn get(&self, tag: Tag) -> Option<Tlv<'a>> {
        self.iter().find(|tlv| tlv.tag == tag)
    }

    /// The rules that the parameters break, one by one: lengths, missing NULs, repetition. A reader does not look for
    /// them; unknown parameters break none.
    pub fn warnings(&self) -> Warnings {
        // One bit a row; the table has as many rows as there are bits.
        let mut seen = 0_u64;
        let mut warnings = Warnings::NONE;
        for tlv in self.iter() {
            let Some(row) = tlv.tag.row() else { continue };
            let (facts, bit) = (&TAGS[row], 1_u64.checked_shl(row as u32).unwrap_or(0));
            warnings |= Warnings::TLV_LENGTH.when(!facts.fits(tlv.value.len()));
            let one_nul = tlv.value.len() == tlv.c_string().len() + 1;
            warnings |= Warnings::TLV_NUL.when(facts.kind == TlvKind::CString && !one_nul);
            warnings |= Warnings::TLV_TWICE.when(seen & bit != 0 && !facts.repeats);
            seen |= bit;
        }
        warnings
    }

    /// The `message_payload`, or where there is none (or an empty one) the `short_message`.
    #[inline]
    pub(crate) fn user_data(&self, short_message: &'a [u8]) -> &'a [u8] {
        match self.get(Tag::MESSAGE_PAYLOAD) {
            Some(payload) if !payload.value.is_empty() => payload.value,
            _ => short_message,
        }
    }

    pub(crate) fn has_payload(&self) -> bool {
        self.get(Tag::MESSAGE_PAYLOAD).is_some_and(|payload| !payload.value.is_empty())
    }

    /// Whether there is neither a parameter nor a tail.
    pub const fn is_empty(&self) -> bool {
        match self.0 {
            Form::Raw(octets) => octets.is_empty(),
            Form::List(list) => list.is_empty(),
        }
    }

    /// The octets as they were read, tail included; `None` for a list.
    #[inline]
    pub const fn raw(&self) -> Option<&'a [u8]> {
        match self.0 {
            Form::Raw(octets) => Some(octets),
            Form::List(_) => None,
        }
    }

    /// What is left after the last whole TLV: a truncated one, or stray octets. Empty when all is well.
    pub fn tail(&self) -> &'a [u8] {
        let mut iter = self.iter();
        while iter.next().is_some() {}
        match iter.0 {
            Form::Raw(tail) => tail,
            Form::List(_) => &[],
        }
    }
}

impl Default for Tlvs<'_> {
    fn default() -> Self {
        Self::NONE
    }
}

impl<'a> From<&'a [Tlv<'a>]> for Tlvs<'a> {
    fn from(list: &'a [Tlv<'a>]) -> Self {
        Self::of(list)
    }
}

impl<'a, const N: usize> From<&'a [Tlv<'a>; N]> for Tlvs<'a> {
    fn from(list: &'a [Tlv<'a>; N]) -> Self {
        Self::of(list)
    }
}

impl<'a> IntoIterator for Tlvs<'a> {
    type Item = Tlv<'a>;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// The same parameters in the same order, whichever form they are in.
impl PartialEq for Tlvs<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter()) && self.tail() == other.tail()
    }
}

impl Eq for Tlvs<'_> {}

impl fmt::Debug for Tlvs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        list.entries(self.iter());
        if !self.tail().is_empty() {
            list.entry(&self.tail());
        }
        list.finish()
    }
}

/// The parameters of [`Tlvs`], one after the other.
#[derive(Clone)]
pub struct Iter<'a>(Form<'a>);

impl<'a> Iterator for Iter<'a> {
    type Item = Tlv<'a>;

    #[inline]
    fn next(&mut self) -> Option<Tlv<'a>> {
        match &mut self.0 {
            Form::Raw(octets) => {
                let (tlv, rest) = Tlv::cut(octets)?;
                *octets = rest;
                Some(tlv)
            }
            Form::List(list) => {
                let (tlv, rest) = list.split_first()?;
                *list = rest;
                Some(*tlv)
            }
        }
    }
}

impl fmt::Debug for Iter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}
