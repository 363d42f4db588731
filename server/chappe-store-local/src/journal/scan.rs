//! Reads the records of one segment in blocks.

use std::io;

use chappe_store::record::RECORD_MAX;

use super::frame::{ALIGN, FRAME, Frame};
use super::header::{FIRST_RECORD, Header, UNKNOWN};
use super::place::Place;
use crate::disk::DiskFile;

const BLOCK: usize = 1 << 20;

/// Where a scan ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Stop {
    pub(crate) at: u64,
    pub(crate) why: Why,
}

/// Why a scan ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Why {
    /// At the limit, or where no further frame fits before it.
    Limit,
    /// Nothing was written there.
    Empty,
    /// What is there is not a record of this place.
    Invalid,
}

/// Gives each record from `from`, where one begins, and before `limit`, with its offset, in order.
///
/// # Errors
///
/// Those of `each`, and those of reading: what cannot be read is not taken for an end.
pub(crate) fn records<E: From<io::Error>>(
    file: &dyn DiskFile,
    header: &Header,
    from: u64,
    limit: u64,
    mut each: impl FnMut(u64, &[u8]) -> Result<(), E>,
) -> Result<Stop, E> {
    let mut blocks = Blocks::new(file, limit);
    let mut at = from;
    loop {
        let Some(frame) = blocks.at(at, FRAME)?.and_then(Frame::read) else {
            return Ok(Stop { at, why: Why::Limit });
        };
        if frame.length == 0 {
            return Ok(Stop { at, why: Why::Empty });
        }
        let Some(octets) = blocks.frame(at, frame)? else {
            return Ok(Stop { at, why: Why::Invalid });
        };
        if !frame.holds(header.place(at), octets) {
            return Ok(Stop { at, why: Why::Invalid });
        }
        each(at, octets)?;
        at += frame.size();
    }
}

/// The record at `at`; `None` if what is there is not a record of this place of at most `length_max` octets.
pub(crate) fn record_at(
    file: &dyn DiskFile,
    header: &Header,
    at: u64,
    length_max: usize,
) -> io::Result<Option<Vec<u8>>> {
    let mut head = [0; FRAME];
    file.read_exact_at(&mut head, at)?;
    let Some(frame) = Frame::read(&head) else {
        return Ok(None);
    };
    let length = usize::try_from(frame.length).unwrap_or(usize::MAX);
    if length == 0 || length > length_max {
        return Ok(None);
    }
    let mut octets = vec![0; length];
    file.read_exact_at(&mut octets, at + FRAME as u64)?;
    Ok(frame.holds(header.place(at), &octets).then_some(octets))
}

/// The sum of the record at `at`, which no other journal's record at this place has.
pub(crate) fn sum_at(file: &dyn DiskFile, at: u64) -> io::Result<u32> {
    let mut head = [0; FRAME];
    file.read_exact_at(&mut head, at)?;
    Ok(Frame::read(&head).map_or(0, |frame| frame.sum))
}

/// What lies behind the last good record of the last segment.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Tail {
    /// Octets of the torn rest of a commit that nobody was told of.
    pub(crate) torn: u64,
    /// A good record that was written when `end` was already durable: what is missing at `end` was lost later.
    pub(crate) proof: Option<u64>,
}

/// Looks behind `end` for what was torn, and for the proof that it was not torn but damaged.
pub(crate) fn tail(file: &dyn DiskFile, header: &Header, end: u64, limit: u64) -> io::Result<Tail> {
    let mut tail = Tail { torn: torn(file, header, end, limit)?, proof: None };
    let proves = |frame: Frame, at: u64| u64::from(frame.floor) > end && u64::from(frame.floor) <= at;
    tail.proof = find(file, &[header.place(0)], end, limit, proves)?;
    Ok(tail)
}

/// A record of one of these lives of the segment, wherever it stands. The offsets of `lives` do not matter.
pub(super) fn any(file: &dyn DiskFile, lives: &[Place], limit: u64) -> io::Result<Option<u64>> {
    find(file, lives, FIRST_RECORD, limit, |frame, at| u64::from(frame.floor) <= at)
}

/// How far octets that are not zero reach behind `end`; in a file that was used before, the record that was begun there.
fn torn(file: &dyn DiskFile, header: &Header, end: u64, limit: u64) -> io::Result<u64> {
    let mut blocks = Blocks::new(file, limit);
    if header.reused == UNKNOWN {
        return Ok(0);
    }
    if header.reused != (0, 0) {
        let head = blocks.at(end, FRAME)?.filter(|octets| may_be_length(octets)).and_then(Frame::read);
        let Some(frame) = head.filter(|frame| u64::from(frame.floor) <= end) else {
            return Ok(0);
        };
        let before = Place { epoch: header.reused.1, segment: header.reused.0, offset: end };
        let is_old = blocks.frame(end, frame)?.is_some_and(|octets| frame.holds(before, octets));
        return Ok(if is_old { 0 } else { frame.size() });
    }
    let (mut at, mut torn) = (end, 0);
    while at < limit {
        let step = BLOCK.min(usize::try_from(limit - at).unwrap_or(BLOCK));
        let Some(block) = blocks.at(at, step)? else { break };
        if let Some(last) = block.iter().rposition(|octet| *octet != 0) {
            torn = at + last as u64 + 1 - end;
        }
        at += step as u64;
    }
    Ok(torn)
}

/// The most that a search sums up, in octets: a sender can write what looks like many long frames.
const SUMMED_MAX: usize = 2 << 30;

/// The first record of one of these lives that stands at or behind `from` and that is `sought`.
fn find(
    file: &dyn DiskFile,
    lives: &[Place],
    from: u64,
    limit: u64,
    sought: impl Fn(Frame, u64) -> bool,
) -> io::Result<Option<u64>> {
    let mut blocks = Blocks::new(file, limit);
    let (mut at, mut summed, mut candidates) = (from, 0_usize, Vec::new());
    while at < limit {
        let step = BLOCK.min(usize::try_from(limit - at).unwrap_or(BLOCK));
        let Some(block) = blocks.at(at, step)? else { break };
        // Cheap first: hardly any octets that are not a frame begin with a length that one can have.
        let lengths = block.chunks_exact(ALIGN).zip((at..).step_by(ALIGN));
        candidates.extend(lengths.filter(|(octets, _)| may_be_length(octets)).map(|(_, at)| at));
        for at in candidates.drain(..) {
            let Some(frame) = blocks.at(at, FRAME)?.and_then(Frame::read) else { continue };
            if !sought(frame, at) {
                continue;
            }
            let Some(octets) = blocks.frame(at, frame)? else { continue };
            if lives.iter().any(|life| frame.holds(Place { offset: at, ..*life }, octets)) {
                return Ok(Some(at));
            }
            summed += octets.len() * lives.len();
            if summed > SUMMED_MAX {
                tracing::warn!(
                    offset = at,
                    "too much looks like a record; the search for lost ones ends here"
                );
                return Ok(None);
            }
        }
        at += step as u64;
    }
    Ok(None)
}

fn may_be_length(octets: &[u8]) -> bool {
    let length = octets.first_chunk().map_or(0, |length| u32::from_le_bytes(*length));
    length != 0 && usize::try_from(length).is_ok_and(|length| length <= RECORD_MAX)
}

/// A window over a file that moves forward.
pub(super) struct Blocks<'a> {
    file: &'a dyn DiskFile,
    limit: u64,
    start: u64,
    octets: Vec<u8>,
    /// Octets that are read at once, at least.
    block: usize,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(file: &'a dyn DiskFile, limit: u64) -> Self {
        Self::of(BLOCK, file, limit)
    }

    /// With blocks of so many octets.
    pub(super) fn of(block: usize, file: &'a dyn DiskFile, limit: u64) -> Self {
        Self { file, limit, start: 0, octets: Vec::new(), block }
    }

    /// `length` octets from `at`, or `None` if that reaches beyond the limit.
    pub(super) fn at(&mut self, at: u64, length: usize) -> io::Result<Option<&[u8]>> {
        let Some(left) = self.limit.checked_sub(at).filter(|left| *left >= length as u64) else {
            return Ok(None);
        };
        let covered = at >= self.start && at + length as u64 <= self.start + self.octets.len() as u64;
        if !covered {
            let size = length.max(self.block).min(usize::try_from(left).unwrap_or(usize::MAX));
            // What was read so far counts no more, even if reading fails.
            self.octets.clear();
            self.start = at;
            let mut octets = std::mem::take(&mut self.octets);
            octets.resize(size, 0);
            self.file.read_exact_at(&mut octets, at)?;
            self.octets = octets;
        }
        let from = usize::try_from(at - self.start).unwrap_or(0);
        Ok(self.octets.get(from..from + length))
    }

    /// The record of the frame at `at`, or `None` if it reaches beyond the limit.
    pub(super) fn frame(&mut self, at: u64, frame: Frame) -> io::Result<Option<&[u8]>> {
        let length = usize::try_from(frame.length).unwrap_or(usize::MAX - FRAME);
        Ok(self.at(at, FRAME + length)?.map(|octets| &octets[FRAME..]))
    }
}
