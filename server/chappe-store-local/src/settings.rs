//! What an operator can set.

use std::time::Duration;

use chappe_store::Limits;
use chappe_store::record::RECORD_MAX;

use crate::error::OpenError;
use crate::journal::{FIRST_RECORD, framed};

/// What an answered message survives.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Durability {
    /// The loss of power: one fdatasync before the answer.
    #[default]
    Power,
    /// The end of the process, not of the machine: written, not synced.
    Process,
}

/// The settings of a [`LocalStore`](crate::LocalStore).
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub durability: Durability,
    /// Size of a journal segment in octets, above 1 MiB and below 4 GiB; 64 MiB unless set.
    pub segment_octets: u64,
    /// Room in the last segment that is kept for what is in flight when the disk is full, in octets; 8 MiB unless set,
    /// and never more than half a segment.
    pub reserve_octets: u64,
    /// Octets that may wait for a commit before messages are refused; 64 MiB unless set.
    pub pending_octets: usize,
    /// Octets of the disk that stay free: no further segment is made out of them, so that messages are refused before
    /// the disk is full. 256 MiB unless set; 0: none.
    pub min_free_octets: u64,
    /// Whole days that texts can be read, from the day they came; 0, as it is unless set: they are not sealed and go
    /// with their history.
    pub text_days: u32,
    /// Finished messages are kept this long; 30 days unless set. What is older goes in whole segments.
    pub history: Duration,
    /// Octets that the journal may take before the oldest history goes, sooner than its age says; 0 (by age alone)
    /// unless set.
    pub history_octets: u64,
    /// What is live is carried to the end of the journal each time so many octets were written, or twice of what it took
    /// the last time, if that is more; 256 MiB unless set. A start reads about so much.
    pub carry_octets: u64,
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            durability: Durability::Power,
            segment_octets: 64 << 20,
            reserve_octets: 8 << 20,
            pending_octets: 64 << 20,
            min_free_octets: 256 << 20,
            text_days: 0,
            history: Duration::from_secs(30 * 86_400),
            history_octets: 0,
            carry_octets: 256 << 20,
            limits: Limits::default(),
        }
    }
}

/// A first segment must not delay the start: zeros of this size are on the disk in an instant.
const FIRST_SEGMENT_OCTETS: u64 = 16 << 20;

impl Settings {
    /// Size of a segment that has to be filled while somebody waits for it; no segment is smaller.
    pub(crate) fn first_segment_octets(&self) -> u64 {
        self.segment_octets.min(FIRST_SEGMENT_OCTETS)
    }

    pub(crate) fn check(&self) -> Result<(), OpenError> {
        // Every record fits every segment.
        let min = FIRST_RECORD + framed(RECORD_MAX) as u64;
        if self.segment_octets < min {
            return Err(OpenError::SegmentTooSmall { octets: self.segment_octets, min });
        }
        if self.segment_octets > u64::from(u32::MAX) {
            return Err(OpenError::SegmentTooLarge { octets: self.segment_octets });
        }
        Ok(())
    }
}
