//! The keys in memory.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::office::TextKey;

/// Every key, found in memory; only what the office has made durable comes in.
#[derive(Debug)]
pub(super) struct Keyring {
    ring: RwLock<Ring>,
    making: Mutex<()>,
}

#[derive(Debug, Default)]
struct Ring {
    by_number: HashMap<u32, TextKey>,
    /// The open key of an account (0: none) and a day.
    present: HashMap<(u32, u32), u32>,
}

impl Ring {
    fn add(&mut self, key: TextKey) {
        if !key.closed {
            self.present.insert((key.account, key.day), key.number);
        }
        self.by_number.insert(key.number, key);
    }
}

/// The right to make keys; one at a time.
pub(super) struct Making<'a> {
    keyring: &'a Keyring,
    _alone: MutexGuard<'a, ()>,
}

impl Making<'_> {
    pub(super) fn has(&self, wanted: (u32, u32)) -> bool {
        self.keyring.present(wanted).is_some()
    }

    pub(super) fn add(&mut self, keys: Vec<TextKey>) {
        let mut ring = self.keyring.write();
        keys.into_iter().for_each(|key| ring.add(key));
    }
}

impl Keyring {
    pub(super) fn new(keys: Vec<TextKey>) -> Self {
        let mut ring = Ring::default();
        keys.into_iter().for_each(|key| ring.add(key));
        Self { ring: RwLock::new(ring), making: Mutex::new(()) }
    }

    /// The number of the open key of this account and day.
    pub(super) fn present(&self, wanted: (u32, u32)) -> Option<u32> {
        self.read().present.get(&wanted).copied()
    }

    pub(super) fn key(&self, number: u32) -> Option<[u8; 32]> {
        self.read().by_number.get(&number).map(|key| key.key)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.read().by_number.is_empty()
    }

    pub(super) fn make(&self) -> Making<'_> {
        Making { keyring: self, _alone: self.making.lock().unwrap_or_else(PoisonError::into_inner) }
    }

    /// The numbers of the keys whose account and day are chosen, in order.
    pub(super) fn select(&self, chosen: impl Fn(u32, u32) -> bool) -> Vec<u32> {
        let ring = self.read();
        let keys = ring.by_number.values().filter(|key| chosen(key.account, key.day));
        let mut numbers: Vec<_> = keys.map(|key| key.number).collect();
        numbers.sort_unstable();
        numbers
    }

    /// The accounts and days whose texts are sealed with these.
    pub(super) fn in_use(&self, numbers: &[u32]) -> Vec<(u32, u32)> {
        let ring = self.read();
        let in_use = ring.present.iter().filter(|(_, number)| numbers.contains(number));
        in_use.map(|(wanted, _)| *wanted).collect()
    }

    /// The accounts of these keys, each once.
    pub(super) fn owners(&self, numbers: &[u32]) -> BTreeSet<u32> {
        let ring = self.read();
        numbers.iter().filter_map(|number| ring.by_number.get(number)).map(|key| key.account).collect()
    }

    /// These keys seal nothing any more; others take their places.
    pub(super) fn shut(&self, numbers: &[u32], others: Vec<TextKey>) {
        let mut ring = self.write();
        ring.present.retain(|_, number| !numbers.contains(number));
        for number in numbers {
            if let Some(key) = ring.by_number.get_mut(number) {
                key.closed = true;
            }
        }
        others.into_iter().for_each(|key| ring.add(key));
    }

    /// Whether a key is closed, and the account it is of.
    pub(super) fn closed(&self, number: u32) -> Option<(bool, u32)> {
        self.read().by_number.get(&number).map(|key| (key.closed, key.account))
    }

    pub(super) fn forget(&self, numbers: &[u32]) {
        let mut ring = self.write();
        ring.present.retain(|_, number| !numbers.contains(number));
        ring.by_number.retain(|number, _| !numbers.contains(number));
    }

    fn read(&self) -> RwLockReadGuard<'_, Ring> {
        // Nothing that can panic changes the ring half.
        self.ring.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Ring> {
        self.ring.write().unwrap_or_else(PoisonError::into_inner)
    }
}
