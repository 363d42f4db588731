//! The first page of a segment.

use super::place::Place;

/// The format this version writes.
pub(crate) const VERSION: u32 = 2;

/// Where records begin: the header has a page of its own, so that no record's write touches it.
pub(crate) const FIRST_RECORD: u64 = 4096;

const MAGIC: &[u8; 8] = b"chappe-j";
/// Of a page that is no header yet.
const BLANK: &[u8; 8] = b"chappe-b";
const LENGTH: usize = 128;
/// Octets under the sum of a header of version 1; it tells nothing beyond `before`.
const LENGTH_1: usize = 64;

/// Says whose segment it is, where the one before ends, and where to begin after a crash. Durable before the first
/// record behind it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Header {
    pub(crate) number: u64,
    /// Counts the starts of the store.
    pub(crate) epoch: u64,
    /// Messages from this sequence number on were accepted in this segment or later.
    pub(crate) mark: u64,
    /// The segment before, and where its records end; zeros in the first.
    pub(crate) before: (u64, u64),
    /// The segment and the offset at which recovery begins; zeros: with the first record of all.
    pub(crate) recover_from: (u64, u64),
    /// When it was begun, in microseconds since 1970: no record before it is younger. 0 in version 1.
    pub(crate) began: u64,
    /// The number and the epoch of the segment whose file this was before: what stands behind the last record of this
    /// one is its. Zeros where the file was filled with zeros; [`UNKNOWN`] where that was not noted.
    pub(crate) reused: (u64, u64),
}

/// [`Header::reused`] of a file that is not full of zeros and does not tell what it was.
pub(crate) const UNKNOWN: (u64, u64) = (u64::MAX, u64::MAX);

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
        let Self { number, epoch, mark, before, recover_from, began, reused } = *self;
        let mut octets = [0; LENGTH];
        octets[..8].copy_from_slice(MAGIC);
        octets[8..12].copy_from_slice(&VERSION.to_le_bytes());
        let values = [
            number,
            epoch,
            mark,
            before.0,
            before.1,
            recover_from.0,
            recover_from.1,
            began,
            reused.0,
            reused.1,
        ];
        for (at, value) in values.into_iter().enumerate() {
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
        let summed = match u32::from_le_bytes([octets[8], octets[9], octets[10], octets[11]]) {
            0 => return Err(NotAHeader::Invalid),
            1 => LENGTH_1,
            VERSION => LENGTH,
            newer => return Err(NotAHeader::Newer(newer)),
        };
        // What a version does not tell is zero.
        let mut told = [0; LENGTH];
        told[..summed].copy_from_slice(&octets[..summed]);
        told[12..16].fill(0);
        if crc32c::crc32c(&told[..summed]).to_le_bytes() != octets[12..16] {
            return Err(NotAHeader::Invalid);
        }
        let value = |at: usize| {
            let mut value = [0; 8];
            value.copy_from_slice(&told[16 + 8 * at..24 + 8 * at]);
            u64::from_le_bytes(value)
        };
        Ok(Self {
            number: value(0),
            epoch: value(1),
            mark: value(2),
            before: (value(3), value(4)),
            recover_from: (value(5), value(6)),
            began: value(7),
            reused: (value(8), value(9)),
        })
    }
}

/// The first octets of a file that is used again and has no header yet: number and epoch of what it was.
pub(super) fn write_blank(was: (u64, u64)) -> [u8; LENGTH] {
    let mut octets = Header { number: was.0, epoch: was.1, ..Header::default() }.write();
    octets[..8].copy_from_slice(BLANK);
    octets[12..16].fill(0);
    let sum = crc32c::crc32c(&octets);
    octets[12..16].copy_from_slice(&sum.to_le_bytes());
    octets
}

/// What a file was that is used again; `None` where these octets do not say so.
pub(super) fn read_blank(octets: &[u8; LENGTH]) -> Option<(u64, u64)> {
    let mut value = [0; 8];
    value.copy_from_slice(&octets[16..24]);
    let number = u64::from_le_bytes(value);
    value.copy_from_slice(&octets[24..32]);
    let was = (number, u64::from_le_bytes(value));
    (*octets == write_blank(was)).then_some(was)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: Header = Header {
        number: 7,
        epoch: 3,
        mark: 99,
        before: (6, 12_288),
        recover_from: (5, 4096),
        began: 1_800_000_000_000_000,
        reused: (2, 1),
    };

    #[test]
    fn a_header_reads_as_it_was_written_and_any_flipped_bit_is_seen() {
        let octets = HEADER.write();
        assert_eq!(Header::read(&octets), Ok(HEADER));
        for bit in 0..LENGTH * 8 {
            let mut flipped = octets;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Header::read(&flipped).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn a_header_of_version_1_is_read() {
        let mut octets = [0; LENGTH];
        octets[..8].copy_from_slice(b"chappe-j");
        octets[8] = 1;
        for (at, value) in [7_u64, 3, 99, 6, 12_288].into_iter().enumerate() {
            octets[16 + 8 * at..24 + 8 * at].copy_from_slice(&value.to_le_bytes());
        }
        let sum = crc32c::crc32c(&octets[..64]);
        octets[12..16].copy_from_slice(&sum.to_le_bytes());
        let expected = Header { recover_from: (0, 0), began: 0, reused: (0, 0), ..HEADER };
        assert_eq!(Header::read(&octets), Ok(expected));
        // What lies behind it is no part of it.
        octets[100] = 1;
        assert_eq!(Header::read(&octets), Ok(expected));
        octets[60] = 1;
        assert_eq!(Header::read(&octets), Err(NotAHeader::Invalid));
    }

    #[test]
    fn a_blank_page_tells_what_its_file_was_and_is_no_header() {
        let octets = write_blank((7, 3));
        assert_eq!(read_blank(&octets), Some((7, 3)));
        assert_eq!(Header::read(&octets), Err(NotAHeader::Invalid));
        assert_eq!(read_blank(&HEADER.write()), None);
        assert_eq!(read_blank(&[0; LENGTH]), None);
    }

    #[test]
    fn a_later_version_is_told_from_damage() {
        let mut octets = HEADER.write();
        octets[8..12].copy_from_slice(&3_u32.to_le_bytes());
        assert_eq!(Header::read(&octets), Err(NotAHeader::Newer(3)));
    }
}
