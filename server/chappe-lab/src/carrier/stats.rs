//! What a carrier has seen and done.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use serde::Serialize;
use smpp_wire::CommandStatus;

/// What a carrier has seen and done since it began to listen.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CarrierStats {
    pub connections: u64,
    /// Binds that stand at this moment.
    pub bound: u64,
    pub binds: u64,
    pub submits: u64,
    /// submit_sm that were taken.
    pub taken: u64,
    /// Answers other than OK to submit_sm, by the name of their status.
    pub refused: BTreeMap<String, u64>,
    /// deliver_sm that carried a receipt, repeats included.
    pub receipts_sent: u64,
    /// deliver_sm that carried what a phone wrote, repeats included.
    pub written_sent: u64,
    /// deliver_sm that were answered OK.
    pub deliveries_ok: u64,
    /// deliver_sm that were refused, by the name of the status.
    pub deliveries_refused: BTreeMap<String, u64>,
    /// Receipts and messages given up: refused too often, refused for good, or no room to wait in.
    pub given_up: u64,
    /// Receipts and messages that wait for a bind, or for a phone to be switched on.
    pub waiting: u64,
    /// Connections dropped on purpose.
    pub dropped: u64,
}

/// The counters behind [`CarrierStats`].
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) connections: AtomicU64,
    pub(crate) bound: AtomicU64,
    pub(crate) binds: AtomicU64,
    pub(crate) submits: AtomicU64,
    pub(crate) taken: AtomicU64,
    pub(crate) receipts_sent: AtomicU64,
    pub(crate) written_sent: AtomicU64,
    pub(crate) deliveries_ok: AtomicU64,
    pub(crate) given_up: AtomicU64,
    pub(crate) dropped: AtomicU64,
    refused: Mutex<BTreeMap<String, u64>>,
    deliveries_refused: Mutex<BTreeMap<String, u64>>,
}

/// What one bind counted since it last added to the [`Counters`]: no atomic operation a message.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) submits: u64,
    pub(crate) taken: u64,
    pub(crate) receipts_sent: u64,
    pub(crate) written_sent: u64,
    pub(crate) deliveries_ok: u64,
    pub(crate) given_up: u64,
}

impl Counters {
    pub(crate) fn add(&self, tally: &mut Tally) {
        let Tally { submits, taken, receipts_sent, written_sent, deliveries_ok, given_up } =
            std::mem::take(tally);
        let pairs = [
            (&self.submits, submits),
            (&self.taken, taken),
            (&self.receipts_sent, receipts_sent),
            (&self.written_sent, written_sent),
            (&self.deliveries_ok, deliveries_ok),
            (&self.given_up, given_up),
        ];
        for (counter, count) in pairs {
            if count > 0 {
                counter.fetch_add(count, Relaxed);
            }
        }
    }

    pub(crate) fn refused(&self, status: CommandStatus) {
        count(&self.refused, status);
    }

    pub(crate) fn delivery_refused(&self, status: CommandStatus) {
        count(&self.deliveries_refused, status);
    }

    pub(crate) fn stats(&self, waiting: u64, no_room: u64) -> CarrierStats {
        let read = |counter: &AtomicU64| counter.load(Relaxed);
        let copy = |map: &Mutex<BTreeMap<_, _>>| map.lock().unwrap_or_else(PoisonError::into_inner).clone();
        CarrierStats {
            connections: read(&self.connections),
            bound: read(&self.bound),
            binds: read(&self.binds),
            submits: read(&self.submits),
            taken: read(&self.taken),
            refused: copy(&self.refused),
            receipts_sent: read(&self.receipts_sent),
            written_sent: read(&self.written_sent),
            deliveries_ok: read(&self.deliveries_ok),
            deliveries_refused: copy(&self.deliveries_refused),
            given_up: read(&self.given_up) + no_room,
            waiting,
            dropped: read(&self.dropped),
        }
    }
}

fn count(by_status: &Mutex<BTreeMap<String, u64>>, status: CommandStatus) {
    let mut by_status = by_status.lock().unwrap_or_else(PoisonError::into_inner);
    *by_status.entry(crate::status::name(status)).or_default() += 1;
}
