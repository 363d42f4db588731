//! Carriers that call us: they connect where ESMEs do, and begin with an outbind (SMPP 5.0 §2.2.1).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chappe_core::LinkId;
use smpp_tokio::{PeerAddr, Stream};
use tokio::sync::mpsc;

use crate::access::same;
use crate::settings::OutbindSettings;

/// A connection on which a carrier has said who it is.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) stream: Stream,
    /// What was read of it: the outbind, and perhaps more.
    pub(crate) head: Vec<u8>,
    pub(crate) peer: PeerAddr,
}

/// The links that expect calls.
#[derive(Debug, Default)]
pub(crate) struct Callers(Mutex<HashMap<LinkId, Expected>>);

#[derive(Debug)]
struct Expected {
    outbind: OutbindSettings,
    calls: mpsc::Sender<Call>,
}

/// Calls of one link that wait for it.
const CALLS_MAX: usize = 16;

impl Callers {
    /// Whether anyone may call at all.
    pub(crate) fn are_expected(&self) -> bool {
        !self.expected().is_empty()
    }

    /// A link expects calls from here on.
    pub(crate) fn expect(&self, link: LinkId, outbind: &OutbindSettings) -> mpsc::Receiver<Call> {
        let (calls, taken) = mpsc::channel(CALLS_MAX);
        self.expected().insert(link, Expected { outbind: outbind.clone(), calls });
        taken
    }

    /// A link expects none any more.
    pub(crate) fn forget(&self, link: LinkId) {
        self.expected().remove(&link);
    }

    /// The link that a carrier calls which names itself so.
    pub(crate) fn of(&self, system_id: &[u8], password: &[u8]) -> Option<mpsc::Sender<Call>> {
        let expected = self.expected();
        // Every password is compared, so that the time tells nothing.
        let theirs = expected.values().filter(|expected| {
            let OutbindSettings { system_id: name, password: secret } = &expected.outbind;
            same(secret.as_bytes(), password) & (name.as_bytes() == system_id)
        });
        theirs.last().map(|expected| expected.calls.clone())
    }

    fn expected(&self) -> MutexGuard<'_, HashMap<LinkId, Expected>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
