//! One record on the disk: its length, its sum, what was durable before it, and its octets.
//!
//! The sum is bound to the record's place: an old record at a place that is used again does not pass for a new one.

use super::place::Place;

/// Octets before a record: `length`, `sum`, `floor`, 32 bits each, little-endian.
pub(crate) const FRAME: usize = 12;

/// Every frame begins at a multiple of this.
pub(crate) const ALIGN: usize = 8;

/// The most that a record takes on the disk beside itself, in octets.
pub(crate) const FRAMING_MAX: usize = FRAME + ALIGN - 1;

/// Octets that a record of this length takes on the disk.
pub(crate) const fn framed(length: usize) -> usize {
    (FRAME + length).next_multiple_of(ALIGN)
}

/// What stands at some place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Frame {
    /// Octets of the record; 0 where nothing was written.
    pub(crate) length: u32,
    pub(crate) sum: u32,
    /// Everything in this segment before this offset was durable when the record was written.
    pub(crate) floor: u32,
}

impl Frame {
    /// Reads the first [`FRAME`] octets; `None` if there are fewer.
    pub(crate) fn read(octets: &[u8]) -> Option<Self> {
        let (length, rest) = octets.split_first_chunk()?;
        let (sum, rest) = rest.split_first_chunk()?;
        let (floor, _) = rest.split_first_chunk()?;
        Some(Self {
            length: u32::from_le_bytes(*length),
            sum: u32::from_le_bytes(*sum),
            floor: u32::from_le_bytes(*floor),
        })
    }

    /// Octets it takes on the disk.
    pub(crate) fn size(self) -> u64 {
        // Lossless: a u32 fits a usize on every machine this runs on; saturating elsewhere fails the bounds check.
        framed(usize::try_from(self.length).unwrap_or(usize::MAX - FRAME - ALIGN)) as u64
    }

    /// Whether this frame was written at `place` before these octets.
    pub(crate) fn holds(self, place: Place, record: &[u8]) -> bool {
        self.sum == sum(place, self.length, self.floor, record)
    }
}

/// Changes a record on its way to its place, and nothing of its length.
pub(crate) type Dress<'a> = dyn Fn(Place, &mut [u8]) + 'a;

/// Appends the frame of a record that goes to `place`, and the record as `dress` leaves it.
pub(crate) fn write(out: &mut Vec<u8>, record: &[u8], place: Place, floor: u32, dress: &Dress<'_>) {
    let start = out.len();
    // A record is far below 4 GiB: it fits a segment, and so does a segment's size.
    let length = u32::try_from(record.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&[0; FRAME - 4]);
    out.extend_from_slice(record);
    let (frame, record) = out[start..].split_at_mut(FRAME);
    dress(place, record);
    frame[4..8].copy_from_slice(&sum(place, length, floor, record).to_le_bytes());
    frame[8..].copy_from_slice(&floor.to_le_bytes());
    let framed = framed(record.len());
    out.resize(start + framed, 0);
}

fn sum(place: Place, length: u32, floor: u32, record: &[u8]) -> u32 {
    let mut head = [0; 32];
    head[..8].copy_from_slice(&place.epoch.to_le_bytes());
    head[8..16].copy_from_slice(&place.segment.to_le_bytes());
    head[16..24].copy_from_slice(&place.offset.to_le_bytes());
    head[24..28].copy_from_slice(&length.to_le_bytes());
    head[28..].copy_from_slice(&floor.to_le_bytes());
    crc32c::crc32c_append(crc32c::crc32c(&head), record)
}
