//! The octets that wait to be written.

use std::fmt;

use smpp_wire::{Body, CommandId, CommandStatus, InterfaceVersion, Unwritable, write_header, write_pdu_for};

/// A buffer that is filled at its end and written from its front.
#[derive(Default)]
pub(crate) struct Output {
    octets: Vec<u8>,
    /// Octets at the front that are written already.
    done: usize,
    /// Octets ever queued.
    queued: u64,
}

/// Octets kept allocated once all is written; an idle session gives the rest back.
const IDLE_MAX: usize = 4 << 10;

/// What is said is not shown: there are passwords and messages in it.
impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Output({} octets)", self.len())
    }
}

impl Output {
    /// What is still to be written.
    pub(crate) fn waiting(&self) -> &[u8] {
        &self.octets[self.done..]
    }

    pub(crate) fn len(&self) -> usize {
        self.octets.len() - self.done
    }

    /// Octets ever queued: where the last PDU ends in the stream.
    pub(crate) fn queued(&self) -> u64 {
        self.queued
    }

    /// Octets ever written.
    pub(crate) fn written(&self) -> u64 {
        self.queued - self.len() as u64
    }

    /// Takes note that `count` octets are written.
    pub(crate) fn consume(&mut self, count: usize) {
        self.done = (self.done + count).min(self.octets.len());
        if self.done == self.octets.len() {
            self.octets.clear();
            self.done = 0;
        } else if self.done > self.octets.len() / 2 {
            self.octets.drain(..self.done);
            self.done = 0;
        }
    }

    /// Gives the memory of an empty buffer back.
    pub(crate) fn shrink(&mut self) {
        if self.octets.is_empty() {
            self.octets.shrink_to(IDLE_MAX);
        }
    }

    /// Appends one PDU, as a peer of `version` knows it; the number of its octets.
    pub(crate) fn pdu(
        &mut self,
        version: InterfaceVersion,
        status: CommandStatus,
        sequence: u32,
        body: &impl Body,
    ) -> Result<usize, Unwritable> {
        let before = self.octets.len();
        write_pdu_for(version, &mut self.octets, status, sequence, body)?;
        Ok(self.count(before))
    }

    /// Appends one PDU whose body is given as octets; the number of its octets.
    pub(crate) fn raw(&mut self, id: CommandId, status: CommandStatus, sequence: u32, body: &[u8]) -> usize {
        let before = self.octets.len();
        write_header(&mut self.octets, id, status, sequence);
        self.octets.extend_from_slice(body);
        let length = self.octets.len() - before;
        // The header is written for an empty body; command_length counts the whole PDU (SMPP 5.0 §3.2.1.1).
        self.octets[before..before + 4].copy_from_slice(&(length as u32).to_be_bytes());
        self.count(before)
    }

    /// Adds octets to the body of the last PDU, which has `length` octets.
    pub(crate) fn lengthen(&mut self, length: usize, octets: &[u8]) {
        let start = self.octets.len() - length;
        self.octets.extend_from_slice(octets);
        let length = (length + octets.len()) as u32;
        self.octets[start..start + 4].copy_from_slice(&length.to_be_bytes());
        self.queued += octets.len() as u64;
    }

    /// Takes the last `length` octets back.
    pub(crate) fn take_back(&mut self, length: usize) {
        self.octets.truncate(self.octets.len() - length);
        self.queued -= length as u64;
    }

    fn count(&mut self, before: usize) -> usize {
        let length = self.octets.len() - before;
        self.queued += length as u64;
        length
    }
}
