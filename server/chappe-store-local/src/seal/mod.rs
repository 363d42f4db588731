//! Sealed texts: each account has a key for each day, and what was written under a key that is gone is erased.

mod cipher;
mod day;
mod keyring;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chappe_core::{AccountId, Timestamp};
use chappe_store::StoreError;

pub use day::Day;

pub(crate) use cipher::Place;

use crate::office::{Office, OfficeError};
use keyring::Keyring;

/// What a body is sealed with: its key's number goes into its record.
pub(crate) const PLAIN: u32 = 0;

/// The text of a body is gone with its key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Erased;

/// Seals bodies on their way into the journal, and opens them on their way back.
#[derive(Debug)]
pub(crate) struct Seal {
    office: Arc<Office>,
    keyring: Keyring,
    /// Days that texts are kept; 0: nothing is sealed.
    days: u32,
    /// Held while keys fall, and by whoever needs the keys and the journal to fit each other.
    gate: Mutex<()>,
}

impl Seal {
    /// With the keys of the office. Nothing is sealed where `days` is 0; what was sealed is opened all the same.
    pub(crate) fn open(office: Arc<Office>, days: u32) -> Result<Self, OfficeError> {
        let keyring = Keyring::new(office.keys()?);
        Ok(Self { office, keyring, days, gate: Mutex::new(()) })
    }

    /// Whether new texts are sealed.
    pub(crate) fn is_on(&self) -> bool {
        self.days > 0
    }

    /// The key for a text of this account: a look-up in memory, but for the first text of a day that nobody prepared.
    pub(crate) fn number(&self, account: Option<AccountId>, now: Timestamp) -> Result<u32, StoreError> {
        if !self.is_on() {
            return Ok(PLAIN);
        }
        let wanted = (account.map_or(0, |account| account.0), Day::of(now).0);
        if let Some(number) = self.keyring.present(wanted) {
            return Ok(number);
        }
        self.make(&[wanted])?;
        self.keyring.present(wanted).ok_or_else(|| StoreError::Unavailable("no key for the text".into()))
    }

    /// Makes the keys of this day and the next for these accounts, so that no message waits for one.
    pub(crate) fn prepare(
        &self,
        accounts: impl Iterator<Item = AccountId>,
        now: Timestamp,
    ) -> Result<(), OfficeError> {
        if !self.is_on() {
            return Ok(());
        }
        let today = Day::of(now).0;
        let accounts = accounts.map(|account| account.0).chain([0]);
        let wanted: Vec<_> = accounts.flat_map(|account| [(account, today), (account, today + 1)]).collect();
        self.make(&wanted)
    }

    /// Makes those that are missing: durable before anybody can name them.
    fn make(&self, wanted: &[(u32, u32)]) -> Result<(), OfficeError> {
        // One at a time, so that two who miss the same key make one.
        let mut making = self.keyring.make();
        let missing: Vec<_> = wanted.iter().copied().filter(|key| !making.has(*key)).collect();
        if !missing.is_empty() {
            making.add(self.office.make_keys(&missing)?);
        }
        Ok(())
    }

    /// Seals or opens a body in place: the same octets twice give the first again. Plain bodies stay as they are.
    ///
    /// # Errors
    ///
    /// [`Erased`] where the key is gone: the text cannot be had back, and nothing was changed.
    pub(crate) fn apply(&self, number: u32, place: Place, body: &mut [u8]) -> Result<(), Erased> {
        if number == PLAIN {
            return Ok(());
        }
        let key = self.keyring.key(number).ok_or(Erased)?;
        cipher::apply(&key, place, body);
        Ok(())
    }

    /// The body as it was written by its sender, or without its text where that is erased.
    pub(crate) fn opened(&self, number: u32, place: Place, body: &[u8]) -> (Vec<u8>, Option<Erased>) {
        let mut opened = body.to_vec();
        match self.apply(number, place, &mut opened) {
            Ok(()) => (opened, None),
            Err(erased) => (cipher::without_text(body), Some(erased)),
        }
    }

    /// The keys that fall: older than the days that texts are kept.
    pub(crate) fn due(&self, now: Timestamp) -> Vec<u32> {
        match Day::of(now).0.checked_sub(self.days) {
            Some(first) if self.is_on() => self.keyring.select(|_, day| day < first),
            _ => Vec::new(),
        }
    }

    /// The keys of an account and some days, whole days.
    pub(crate) fn of(&self, account: AccountId, days: std::ops::RangeInclusive<Day>) -> Vec<u32> {
        self.keyring.select(|owner, day| owner == account.0 && days.contains(&Day(day)))
    }

    /// These keys seal nothing any more: texts that come after get others.
    pub(crate) fn close(&self, numbers: &[u32]) -> Result<(), OfficeError> {
        self.office.close_keys(Some(numbers))?;
        self.keyring.close(numbers);
        Ok(())
    }

    /// Erases what is sealed with these keys. They must be closed, and no live message need them.
    pub(crate) fn forget(&self, numbers: &[u32]) -> Result<(), OfficeError> {
        self.keyring.forget(numbers);
        self.office.delete_keys(numbers)
    }

    /// No key falls while this is held.
    pub(crate) fn hold(&self) -> MutexGuard<'_, ()> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
