//! Reads the records of one segment in blocks.

use std::io;

use super::frame::{ALIGN, FRAME, Frame};
use super::header::Header;
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

/// What lies behind the last good record of the last segment.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Tail {
    /// Octets up to the last that is not zero: the torn rest of a commit that nobody was told of.
    pub(crate) torn: u64,
    /// A good record that was written when `end` was already durable: what is missing at `end` was lost later.
    pub(crate) proof: Option<u64>,
}

/// Looks behind `end` for what was torn, and for the proof that it was not torn but damaged.
pub(crate) fn tail(file: &dyn DiskFile, header: &Header, end: u64, limit: u64) -> io::Result<Tail> {
    let mut blocks = Blocks::new(file, limit);
    let mut tail = Tail::default();
    let mut at = end;
    while at < limit {
        let step = BLOCK.min(usize::try_from(limit - at).unwrap_or(BLOCK));
        let Some(block) = blocks.at(at, step)? else { break };
        let Some(last) = block.iter().rposition(|octet| *octet != 0) else {
            at += step as u64;
            continue;
        };
        tail.torn = at + last as u64 + 1 - end;
        for candidate in (0..=last).step_by(ALIGN).map(|ahead| at + ahead as u64) {
            if proves(&mut blocks, header, end, candidate)? {
                tail.proof = Some(candidate);
                return Ok(tail);
            }
        }
        at += step as u64;
    }
    Ok(tail)
}

fn proves(blocks: &mut Blocks<'_>, header: &Header, end: u64, at: u64) -> io::Result<bool> {
    let Some(frame) = blocks.at(at, FRAME)?.and_then(Frame::read) else {
        return Ok(false);
    };
    let floor = u64::from(frame.floor);
    // Cheap first: hardly any octets that are not a frame name a floor between `end` and themselves.
    if frame.length == 0 || floor <= end || floor > at {
        return Ok(false);
    }
    let Some(octets) = blocks.frame(at, frame)? else {
        return Ok(false);
    };
    Ok(frame.holds(header.place(at), octets))
}

/// A window over a file that moves forward.
struct Blocks<'a> {
    file: &'a dyn DiskFile,
    limit: u64,
    start: u64,
    octets: Vec<u8>,
}

impl<'a> Blocks<'a> {
    fn new(file: &'a dyn DiskFile, limit: u64) -> Self {
        Self { file, limit, start: 0, octets: Vec::new() }
    }

    /// `length` octets from `at`, or `None` if that reaches beyond the limit.
    fn at(&mut self, at: u64, length: usize) -> io::Result<Option<&[u8]>> {
        let Some(left) = self.limit.checked_sub(at).filter(|left| *left >= length as u64) else {
            return Ok(None);
        };
        let covered = at >= self.start && at + length as u64 <= self.start + self.octets.len() as u64;
        if !covered {
            let size = length.max(BLOCK).min(usize::try_from(left).unwrap_or(usize::MAX));
            self.octets.resize(size, 0);
            self.start = at;
            self.file.read_exact_at(&mut self.octets, at)?;
        }
        let from = usize::try_from(at - self.start).unwrap_or(0);
        Ok(self.octets.get(from..from + length))
    }

    /// The record of the frame at `at`, or `None` if it reaches beyond the limit.
    fn frame(&mut self, at: u64, frame: Frame) -> io::Result<Option<&[u8]>> {
        let length = usize::try_from(frame.length).unwrap_or(usize::MAX - FRAME);
        Ok(self.at(at, FRAME + length)?.map(|octets| &octets[FRAME..]))
    }
}
