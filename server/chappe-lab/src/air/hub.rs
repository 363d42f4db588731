//! Who is bound to receive, and what waits for those who are not.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hashbrown::{HashMap, HashSet};
use tokio::sync::Notify;

use super::{Outgoing, Receipt};

/// Brings what is due to a receiving bind of its system_id, or keeps it until there is one.
#[derive(Debug)]
pub(crate) struct Air {
    /// Items kept for one system_id, and receipts kept for phones that are off.
    waiting_max: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    peers: HashMap<String, Peer>,
    /// The peer that bound to receive last: where a phone's answer goes if it never heard from anybody.
    latest: String,
    /// Phones that were off and have been switched on.
    on: HashSet<Box<[u8]>>,
    /// Receipts of phones that are off, and whose they are.
    off: HashMap<Vec<u8>, Vec<(String, Receipt)>>,
    off_len: usize,
    dropped: u64,
}

#[derive(Debug, Default)]
struct Peer {
    receivers: Vec<Arc<Mailbox>>,
    /// Whose turn it is.
    turn: usize,
    waiting: VecDeque<Outgoing>,
}

/// The way into the task of one receiving bind.
#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    items: Mutex<Vec<Outgoing>>,
    bell: Notify,
}

impl Mailbox {
    /// Waits until something was put in.
    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }

    /// Moves what is in here to the back of `into`.
    pub(crate) fn empty_into(&self, into: &mut VecDeque<Outgoing>) {
        into.extend(lock(&self.items).drain(..));
    }

    fn put(&self, items: impl Iterator<Item = Outgoing>) {
        lock(&self.items).extend(items);
        self.bell.notify_one();
    }
}

impl Air {
    pub(crate) fn new(waiting_max: usize) -> Self {
        Self { waiting_max, state: Mutex::default() }
    }

    /// A bind of `system_id` receives from here on; what waited for it comes first.
    pub(crate) fn join(&self, system_id: &str) -> Arc<Mailbox> {
        let mut state = lock(&self.state);
        let peer = state.peers.entry_ref(system_id).or_default();
        let mailbox = Arc::new(Mailbox::default());
        peer.receivers.push(Arc::clone(&mailbox));
        mailbox.put(peer.waiting.drain(..));
        state.latest = system_id.to_owned();
        mailbox
    }

    /// A bind has ended; what it had left goes to another one, or waits.
    pub(crate) fn leave(&self, system_id: &str, mailbox: &Arc<Mailbox>, left: &mut VecDeque<Outgoing>) {
        let mut state = lock(&self.state);
        if let Some(peer) = state.peers.get_mut(system_id) {
            peer.receivers.retain(|receiver| !Arc::ptr_eq(receiver, mailbox));
        }
        mailbox.empty_into(left);
        state.send(system_id, left, self.waiting_max);
    }

    /// Brings `items` to a receiving bind of `system_id`; keeps them while there is none.
    pub(crate) fn send(&self, system_id: &str, items: &mut VecDeque<Outgoing>) {
        lock(&self.state).send(system_id, items, self.waiting_max);
    }

    /// Brings `items` to whoever bound to receive last; gives them back if nobody is.
    pub(crate) fn send_to_anybody(&self, mut items: VecDeque<Outgoing>) -> Result<(), VecDeque<Outgoing>> {
        let mut state = lock(&self.state);
        let bound = |peer: &Peer| !peer.receivers.is_empty();
        let somebody = match state.peers.get(&state.latest) {
            Some(peer) if bound(peer) => Some(state.latest.clone()),
            _ => state.peers.iter().find(|(_, peer)| bound(peer)).map(|(name, _)| name.clone()),
        };
        let Some(system_id) = somebody else {
            return Err(items);
        };
        state.send(&system_id, &mut items, self.waiting_max);
        Ok(())
    }

    /// Whether a phone that begins switched off has been switched on.
    pub(crate) fn is_on(&self, number: &[u8]) -> bool {
        lock(&self.state).on.contains(number)
    }

    /// Keeps a receipt until the phone with `number` is switched on.
    pub(crate) fn hold(&self, number: &[u8], system_id: &str, receipt: Receipt) {
        let mut state = lock(&self.state);
        if state.off_len >= self.waiting_max {
            state.dropped += 1;
            return;
        }
        state.off_len += 1;
        state.off.entry_ref(number).or_default().push((system_id.to_owned(), receipt));
    }

    /// Switches a phone on: the receipts held for it leave. Gives their number.
    pub(crate) fn switch_on(&self, number: &[u8]) -> usize {
        let mut state = lock(&self.state);
        // Switching on is rare and by hand; the bound is against a script gone wild.
        if state.on.len() < self.waiting_max {
            state.on.insert(number.into());
        }
        let held = state.off.remove(number).unwrap_or_default();
        state.off_len -= held.len();
        let count = held.len();
        for (system_id, receipt) in held {
            let mut one = VecDeque::from([Outgoing::Receipt(receipt)]);
            state.send(&system_id, &mut one, self.waiting_max);
        }
        count
    }

    /// Items that wait for a bind or for a phone.
    pub(crate) fn waiting(&self) -> u64 {
        let state = lock(&self.state);
        let waiting: usize = state.peers.values().map(|peer| peer.waiting.len()).sum();
        (waiting + state.off_len) as u64
    }

    /// Items given up because there was no room to keep them.
    pub(crate) fn dropped(&self) -> u64 {
        lock(&self.state).dropped
    }
}

impl State {
    fn send(&mut self, system_id: &str, items: &mut VecDeque<Outgoing>, waiting_max: usize) {
        if items.is_empty() {
            return;
        }
        let peer = self.peers.entry_ref(system_id).or_default();
        if !peer.receivers.is_empty() {
            peer.turn = (peer.turn + 1) % peer.receivers.len();
            return peer.receivers[peer.turn].put(items.drain(..));
        }
        let room = waiting_max.saturating_sub(peer.waiting.len()).min(items.len());
        self.dropped += (items.len() - room) as u64;
        peer.waiting.extend(items.drain(..).take(room));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change in here is whole before anything can panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
