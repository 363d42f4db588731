//! A file of pages, each under a sum that is bound to its place and to whose file it is.
//!
//! Readers see one stretch of octets without the sums. What does not match its sum is never given out.

use std::io;

use crate::disk::DiskFile;

const PAGE: usize = 4096;
const SUM: usize = 4;
/// Octets of a page that readers see.
pub(crate) const PAYLOAD: usize = PAGE - SUM;

/// Octets written between two syncs: little enough that the journal's own sync does not wait long behind it.
const CHUNK: usize = PAGE * 128;

/// Whose file it is: a page of another one does not pass.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Owner {
    pub(crate) segment: u64,
    pub(crate) epoch: u64,
}

/// Why pages cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsound {
    #[error(transparent)]
    Reading(#[from] io::Error),
    #[error("page {page} does not match its sum")]
    Page { page: u64 },
}

fn sum(owner: Owner, page: u64, payload: &[u8]) -> u32 {
    let mut head = [0; 24];
    head[..8].copy_from_slice(&owner.segment.to_le_bytes());
    head[8..16].copy_from_slice(&owner.epoch.to_le_bytes());
    head[16..].copy_from_slice(&page.to_le_bytes());
    crc32c::crc32c_append(crc32c::crc32c(&head), payload)
}

/// Reads `length` octets from `at`.
pub(crate) fn read(file: &dyn DiskFile, owner: Owner, at: u64, length: usize) -> Result<Vec<u8>, Unsound> {
    if length == 0 {
        return Ok(Vec::new());
    }
    let first = at / PAYLOAD as u64;
    let skipped = usize::try_from(at % PAYLOAD as u64).unwrap_or(0);
    let pages = (skipped + length).div_ceil(PAYLOAD);
    let mut octets = vec![0; pages * PAGE];
    file.read_exact_at(&mut octets, first * PAGE as u64)?;
    for (page, number) in (0..pages).zip(first..) {
        let found = &octets[page * PAGE..(page + 1) * PAGE];
        let (found_sum, payload) = found.split_at(SUM);
        if sum(owner, number, payload).to_le_bytes() != *found_sum {
            return Err(Unsound::Page { page: number });
        }
        // Moved to the front, over the sums and what was read before it.
        octets.copy_within(page * PAGE + SUM..(page + 1) * PAGE, page * PAYLOAD);
    }
    octets.truncate(skipped + length);
    octets.drain(..skipped);
    Ok(octets)
}

/// Appends to a file.
pub(crate) struct Writer<'a> {
    file: &'a dyn DiskFile,
    owner: Owner,
    /// Pages that are whole and not yet written.
    chunk: Vec<u8>,
    payload: Vec<u8>,
    page: u64,
    at: u64,
    /// Called after each chunk; an error ends the writing.
    pause: &'a dyn Fn() -> io::Result<()>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(file: &'a dyn DiskFile, owner: Owner, pause: &'a dyn Fn() -> io::Result<()>) -> Self {
        let (chunk, payload) = (Vec::with_capacity(CHUNK), Vec::with_capacity(PAYLOAD));
        Self { file, owner, chunk, payload, page: 0, at: 0, pause }
    }

    pub(crate) fn write(&mut self, mut octets: &[u8]) -> io::Result<()> {
        while !octets.is_empty() {
            let (fits, rest) = octets.split_at(octets.len().min(PAYLOAD - self.payload.len()));
            self.payload.extend_from_slice(fits);
            octets = rest;
            if self.payload.len() == PAYLOAD {
                self.end_page()?;
            }
        }
        Ok(())
    }

    /// Fills the page up with zeros, so that what follows begins a page.
    pub(crate) fn end_page(&mut self) -> io::Result<()> {
        if self.payload.is_empty() {
            return Ok(());
        }
        self.payload.resize(PAYLOAD, 0);
        self.chunk.extend_from_slice(&sum(self.owner, self.page, &self.payload).to_le_bytes());
        self.chunk.append(&mut self.payload);
        self.page += 1;
        if self.chunk.len() >= CHUNK {
            self.flush()?;
            (self.pause)()?;
        }
        Ok(())
    }

    /// Ends the last page and makes everything durable.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.end_page()?;
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all_at(&self.chunk, self.at)?;
        self.at += self.chunk.len() as u64;
        self.chunk.clear();
        self.file.sync()
    }
}
