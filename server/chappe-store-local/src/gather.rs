//! What waits for the next commit.

use std::sync::Arc;

use chappe_core::Reason;
use chappe_store::record::{Layout, Records};
use chappe_store::{StoreError, Ticket, Waiter, Waiters};

use crate::journal::FRAMING_MAX;

/// Octets of a receipt's text, at most.
pub(crate) const RAW_MAX: usize = 255;
/// Octets of a record beside its events, at most.
pub(crate) const RECORD_HEAD: usize = 64;
/// Octets of an event beside its body or text, at most.
pub(crate) const EVENT: usize = 40;

/// What a call writes, the most dispensable first: the fuller the disk, the less is let through.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Purpose {
    /// New messages: refused at the reserve.
    Accept,
    /// New tries and names: they bring outcomes and receipts after them.
    Intend,
    /// Receipts of carriers, which will come again.
    Receipt,
    /// Outcomes of what is in flight: let through to the last octet.
    Settle,
}

/// The commit that is being gathered. Lives under the store's lock.
#[derive(Debug)]
pub(crate) struct Gather {
    pub(crate) records: Records,
    pub(crate) waiters: Waiters,
    /// Of this commit.
    pub(crate) ticket: Ticket,
    /// The committer waits for records, and for a word that there are some.
    pub(crate) idle: bool,
    pub(crate) closing: bool,
    /// Why no further segment can be prepared.
    pub(crate) shortage: Option<Reason>,
    /// The last segment that is prepared, or in use.
    pub(crate) ready: u64,
    /// Where recovery begins, as far as that is durable.
    pub(crate) recover_from: (u64, u64),
    /// Octets kept for what is in flight.
    reserve: u64,
    /// Octets that may wait here before messages are refused.
    pending_max: usize,
}

impl Gather {
    pub(crate) fn new(ready: u64, recover_from: (u64, u64), reserve: u64, pending_max: usize) -> Self {
        Self {
            records: Records::default(),
            waiters: Waiters::default(),
            ticket: Ticket(1),
            idle: false,
            closing: false,
            shortage: None,
            ready,
            recover_from,
            reserve,
            pending_max,
        }
    }

    /// Whether about `octets` more may be written for this purpose, behind what stands in `layout`.
    pub(crate) fn admit(&self, layout: &Layout, purpose: Purpose, octets: usize) -> Result<(), StoreError> {
        if purpose == Purpose::Accept && self.records.octets() + octets > self.pending_max {
            return Err(StoreError::Refused(Reason::QueueFull));
        }
        let Some(reason) = self.shortage else {
            return Ok(());
        };
        let kept = match purpose {
            Purpose::Accept => self.reserve,
            Purpose::Intend => self.reserve / 2,
            Purpose::Receipt => self.reserve / 4,
            Purpose::Settle => 0,
        };
        if self.room(layout) >= kept + (octets + FRAMING_MAX) as u64 {
            return Ok(());
        }
        match purpose {
            Purpose::Accept | Purpose::Receipt => Err(StoreError::Refused(reason)),
            Purpose::Intend | Purpose::Settle => Err(StoreError::Unavailable(reason.name().into())),
        }
    }

    /// Octets that can be written to the segment at the end, if it is there.
    fn room(&self, layout: &Layout) -> u64 {
        if u64::from(layout.next().segment) > self.ready { 0 } else { layout.left().into() }
    }

    /// The ticket of what a call added since there were `before` records; its waiter joins.
    pub(crate) fn ticket(&mut self, before: usize, waiter: Option<&Arc<Waiter>>) -> Ticket {
        if self.records.len() == before {
            // Nothing had to be written, so there is nothing to wait for.
            return Ticket(0);
        }
        if let Some(waiter) = waiter {
            self.waiters.join(waiter);
        }
        self.ticket
    }

    /// Takes all of it for the committer; `records` and `waiters` must be empty.
    pub(crate) fn take(&mut self, records: &mut Records, waiters: &mut Vec<Arc<Waiter>>) -> Ticket {
        std::mem::swap(&mut self.records, records);
        self.waiters.take(waiters);
        let taken = self.ticket;
        self.ticket = Ticket(taken.0 + 1);
        taken
    }
}
