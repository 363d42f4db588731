//! Who is bound.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chappe_core::Timestamp;

/// Who called whom.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Side {
    /// An external system bound to us.
    Esme,
    /// We bound to a carrier or peer centre.
    Carrier,
}

/// What stays the same while a session is bound.
#[derive(Clone, Debug)]
pub struct SessionInfo {
    pub side: Side,
    /// system_id of the account, or name of the link.
    pub name: String,
    /// `transceiver`, `transmitter` or `receiver`.
    pub mode: &'static str,
    /// The interface_version both understand.
    pub version: u8,
    pub peer: String,
    /// What hides the session from others: `TLS 1.3`; `None` where nothing does.
    pub tls: Option<&'static str>,
    pub since: Timestamp,
}

/// A session as it is at this moment.
#[derive(Clone, Debug)]
pub struct SessionView {
    pub number: u64,
    pub info: SessionInfo,
    pub pdus_in: u64,
    pub pdus_out: u64,
    /// Requests of ours that are open.
    pub window_used: usize,
}

#[derive(Debug)]
struct Counters {
    info: SessionInfo,
    pdus_in: AtomicU64,
    pdus_out: AtomicU64,
    window_used: AtomicUsize,
}

/// All bound sessions.
#[derive(Clone, Debug, Default)]
pub struct Sessions(Arc<Mutex<Table>>);

#[derive(Debug, Default)]
struct Table {
    last: u64,
    bound: BTreeMap<u64, Arc<Counters>>,
}

impl Sessions {
    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A session is bound until the guard is dropped.
    pub fn enter(&self, info: SessionInfo) -> SessionGuard {
        let (pdus_in, pdus_out, window_used) = Default::default();
        let counters = Arc::new(Counters { info, pdus_in, pdus_out, window_used });
        let mut table = self.table();
        table.last += 1;
        let number = table.last;
        table.bound.insert(number, Arc::clone(&counters));
        SessionGuard { number, counters, sessions: self.clone() }
    }

    /// Every bound session, the oldest first.
    pub fn list(&self) -> Vec<SessionView> {
        let view = |(number, counters): (&u64, &Arc<Counters>)| SessionView {
            number: *number,
            info: counters.info.clone(),
            pdus_in: counters.pdus_in.load(Ordering::Relaxed),
            pdus_out: counters.pdus_out.load(Ordering::Relaxed),
            window_used: counters.window_used.load(Ordering::Relaxed),
        };
        self.table().bound.iter().map(view).collect()
    }
}

/// Keeps a session on the list.
#[derive(Debug)]
pub struct SessionGuard {
    number: u64,
    counters: Arc<Counters>,
    sessions: Sessions,
}

impl SessionGuard {
    /// The session's number in this process, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Publishes the session's own counts; once a batch is enough.
    pub fn publish(&self, pdus_in: u64, pdus_out: u64, window_used: usize) {
        self.counters.pdus_in.store(pdus_in, Ordering::Relaxed);
        self.counters.pdus_out.store(pdus_out, Ordering::Relaxed);
        self.counters.window_used.store(window_used, Ordering::Relaxed);
    }
}

impl Drop for SessionGuard {
    fn drop(&mut self) {
        self.sessions.table().bound.remove(&self.number);
    }
}
