//! Numbers in octets, both ways.

use chappe_core::{AccountId, LinkId, Malformed, Target, Timestamp};

use super::body::Body;
use crate::row::Origin;

/// Reads from the front of a record.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    left: &'a [u8],
    length: usize,
    sequence: u64,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(octets: &'a [u8]) -> Self {
        Self { left: octets, length: octets.len(), sequence: 0 }
    }

    /// Octets read so far.
    fn read(&self) -> u32 {
        u32::try_from(self.length - self.left.len()).unwrap_or(u32::MAX)
    }

    /// A body with its key, as it stands since format 2, and in an acceptance before.
    pub(super) fn body(&mut self) -> Result<Body<'a>, Malformed> {
        let within = self.read();
        Ok(Body { within, text_key: self.u32("text key")?, octets: self.long("body")? })
    }

    /// A body without a key, as it stood in a replacement of format 1. Its place is told as that of a key: those four
    /// octets are the upper half of the sequence number before it, and zero, which means plain.
    pub(super) fn body_without_key(&mut self) -> Result<Body<'a>, Malformed> {
        let within = self.read().saturating_sub(4);
        Ok(Body { within, text_key: 0, octets: self.long("body")? })
    }

    pub(super) fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Malformed> {
        let (value, left) = self.left.split_first_chunk::<N>().ok_or(Malformed { field })?;
        self.left = left;
        Ok(*value)
    }

    pub(super) fn u8(&mut self, field: &'static str) -> Result<u8, Malformed> {
        self.array::<1>(field).map(|[octet]| octet)
    }

    pub(super) fn u16(&mut self, field: &'static str) -> Result<u16, Malformed> {
        self.array(field).map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self, field: &'static str) -> Result<u32, Malformed> {
        self.array(field).map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self, field: &'static str) -> Result<u64, Malformed> {
        self.array(field).map(u64::from_le_bytes)
    }

    pub(super) fn time(&mut self, field: &'static str) -> Result<Timestamp, Malformed> {
        self.u64(field).map(Timestamp)
    }

    /// Octets behind a length of one octet.
    pub(super) fn short(&mut self, field: &'static str) -> Result<&'a [u8], Malformed> {
        let length = usize::from(self.u8(field)?);
        self.octets(length, field)
    }

    /// Octets behind a length of four octets.
    pub(super) fn long(&mut self, field: &'static str) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(self.u32(field)?).map_err(|_| Malformed { field })?;
        self.octets(length, field)
    }

    fn octets(&mut self, length: usize, field: &'static str) -> Result<&'a [u8], Malformed> {
        let (value, left) = self.left.split_at_checked(length).ok_or(Malformed { field })?;
        self.left = left;
        Ok(value)
    }

    /// A sequence number, told as the difference to the one before.
    pub(super) fn sequence(&mut self) -> Result<u64, Malformed> {
        let mut value = 0_u64;
        for shift in (0..70).step_by(7) {
            let octet = self.u8("sequence")?;
            value |= u64::from(octet & 0x7f).checked_shl(shift).unwrap_or(0);
            if octet & 0x80 == 0 {
                let difference = (value >> 1) ^ (value & 1).wrapping_neg();
                self.sequence = self.sequence.wrapping_add(difference);
                return Ok(self.sequence);
            }
        }
        Err(Malformed { field: "sequence" })
    }

    pub(super) fn target(&mut self) -> Result<Target, Malformed> {
        match (self.u8("target")?, self.u32("target")?) {
            (1, number) => Ok(Target::Link(LinkId(number))),
            (2, number) => Ok(Target::Mailbox(AccountId(number))),
            _ => Err(Malformed { field: "target" }),
        }
    }

    pub(super) fn origin(&mut self) -> Result<Origin, Malformed> {
        match (self.u8("origin")?, self.u32("origin")?) {
            (1, number) => Ok(Origin::Link(LinkId(number))),
            (2, number) => Ok(Origin::Account(AccountId(number))),
            _ => Err(Malformed { field: "origin" }),
        }
    }
}

/// Writes sequence numbers as [`Cursor::sequence`] reads them.
#[derive(Default)]
pub(super) struct Sequences {
    before: u64,
}

impl Sequences {
    pub(super) fn write(&mut self, out: &mut Vec<u8>, sequence: u64) {
        let difference = sequence.wrapping_sub(self.before);
        self.before = sequence;
        let mut value = (difference << 1) ^ (difference >> 63).wrapping_neg();
        loop {
            let low = u8::try_from(value & 0x7f).unwrap_or(0);
            value >>= 7;
            if value == 0 {
                out.push(low);
                return;
            }
            out.push(low | 0x80);
        }
    }
}

/// A body that is plain, or sealed with a key on its way to the disk.
pub(super) fn write_body(out: &mut Vec<u8>, text_key: u32, octets: &[u8]) {
    out.extend_from_slice(&text_key.to_le_bytes());
    write_long(out, octets);
}

pub(super) fn write_target(out: &mut Vec<u8>, target: Target) {
    let (kind, number) = match target {
        Target::Link(LinkId(number)) => (1, number),
        Target::Mailbox(AccountId(number)) => (2, number),
    };
    out.push(kind);
    out.extend_from_slice(&number.to_le_bytes());
}

pub(super) fn write_origin(out: &mut Vec<u8>, origin: Origin) {
    let (kind, number) = match origin {
        Origin::Link(LinkId(number)) => (1, number),
        Origin::Account(AccountId(number)) => (2, number),
    };
    out.push(kind);
    out.extend_from_slice(&number.to_le_bytes());
}

/// Octets behind a length of one octet; beyond 255 they are cut, which only a receipt's raw text can be.
pub(super) fn write_short(out: &mut Vec<u8>, octets: &[u8]) {
    let octets = &octets[..octets.len().min(255)];
    out.push(u8::try_from(octets.len()).unwrap_or(u8::MAX));
    out.extend_from_slice(octets);
}

/// Octets behind a length of four octets.
pub(super) fn write_long(out: &mut Vec<u8>, octets: &[u8]) {
    out.extend_from_slice(&u32::try_from(octets.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(octets);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequence_numbers_read_as_written_in_any_order() {
        let numbers = [0, 1, 2, 1000, 3, u64::MAX, 0, 1 << 40, (1 << 40) + 1];
        let (mut out, mut writer) = (Vec::new(), Sequences::default());
        for number in numbers {
            writer.write(&mut out, number);
        }
        let mut cursor = Cursor::new(&out);
        for number in numbers {
            assert_eq!(cursor.sequence(), Ok(number));
        }
        assert!(cursor.sequence().is_err());
    }

    #[test]
    fn neighbours_cost_one_octet() {
        let (mut out, mut writer) = (Vec::new(), Sequences::default());
        writer.write(&mut out, 1_000_000);
        let before = out.len();
        writer.write(&mut out, 1_000_001);
        assert_eq!(out.len() - before, 1);
    }
}
