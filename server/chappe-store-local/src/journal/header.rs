//! The first page of a segment.

use super::place::Place;

/// The format this version writes.
pub(crate) const VERSION: u32 = 1;

/// Where records begin: the header has a page of its own, so that no record's write touches it.
pub(crate) const FIRST_RECORD: u64 = 4096;

const MAGIC: &[u8; 8] = b"chappe-j";
const LENGTH: usize = 64;

/// Says whose segment it is and where the one before ends. Durable before the first record behind it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Header {
    pub(crate) number: u64,
    /// Counts the starts of the store.
    pub(crate) epoch: u64,
    /// Messages from this sequence number on were accepted in this segment or later.
    pub(crate) mark: u64,
    /// The segment before, and where its records end; zeros in the first.
    pub(crate) before: (u64, u64),
}

/// Why a page is not the header of this version.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NotAHeader {
    /// It may never have been written.
    Invalid,
    Newer(u32),
}

impl Header {
    /// Octets to read.
    pub(crate) const LENGTH: usize = LENGTH;

    /// The place `offset` octets into the segment.
    pub(crate) fn place(&self, offset: u64) -> Place {
        Place { epoch: self.epoch, segment: self.number, offset }
    }

    pub(crate) fn write(&self) -> [u8; LENGTH] {
        let Self { number, epoch, mark, before } = self;
        let mut octets = [0; LENGTH];
        octets[..8].copy_from_slice(MAGIC);
        octets[8..12].copy_from_slice(&VERSION.to_le_bytes());
        for (at, value) in [number, epoch, mark, &before.0, &before.1].into_iter().enumerate() {
            octets[16 + 8 * at..24 + 8 * at].copy_from_slice(&value.to_le_bytes());
        }
        let sum = crc32c::crc32c(&octets);
        octets[12..16].copy_from_slice(&sum.to_le_bytes());
        octets
    }

    pub(crate) fn read(octets: &[u8; LENGTH]) -> Result<Self, NotAHeader> {
        if &octets[..8] != MAGIC {
            return Err(NotAHeader::Invalid);
        }
        let version = u32::from_le_bytes([octets[8], octets[9], octets[10], octets[11]]);
        if version > VERSION {
            return Err(NotAHeader::Newer(version));
        }
        let mut summed = *octets;
        summed[12..16].fill(0);
        if crc32c::crc32c(&summed).to_le_bytes() != octets[12..16] {
            return Err(NotAHeader::Invalid);
        }
        let value = |at: usize| {
            let mut value = [0; 8];
            value.copy_from_slice(&octets[16 + 8 * at..24 + 8 * at]);
            u64::from_le_bytes(value)
        };
        Ok(Self { number: value(0), epoch: value(1), mark: value(2), before: (value(3), value(4)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_reads_as_it_was_written_and_any_flipped_bit_is_seen() {
        let header = Header { number: 7, epoch: 3, mark: 99, before: (6, 12_288) };
        let octets = header.write();
        assert_eq!(Header::read(&octets), Ok(header));
        for bit in 0..LENGTH * 8 {
            let mut flipped = octets;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Header::read(&flipped).is_err(), "bit {bit}");
        }
    }
}
