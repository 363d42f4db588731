//! Sealed texts: each account has a key for each day, and what was written under a key that is gone is erased.

mod cipher;
mod day;
mod keyring;
mod owners;
mod receipts;

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chappe_core::{AccountId, Timestamp};
use chappe_store::StoreError;
use chappe_store::record::{BodyAt, Record};

pub use day::Day;

pub(crate) use owners::{Owners, owner};

use crate::journal::FRAME;
use crate::office::{Office, OfficeError, TextKey};
use keyring::Keyring;

/// What a body is sealed with: its key's number goes into its record.
pub(crate) const PLAIN: u32 = 0;

/// Octets before a body: its `text_key` and its length.
const NAME: usize = 8;

/// Where a body stands, by the place of its record's frame.
fn place(segment: u64, offset: u64, within: u32) -> BodyAt {
    let clip = |number| u32::try_from(number).unwrap_or(u32::MAX);
    BodyAt { segment: clip(segment), offset: clip(offset + FRAME as u64).saturating_add(within) }
}

/// The bodies of a record that name a key, each with where its octets stand.
fn sealed_bodies(record: &[u8]) -> Vec<(Named, Range<usize>)> {
    let mut found = Vec::new();
    let read = Record::read(record).and_then(|record| {
        record.bodies(|body| {
            if body.text_key != PLAIN {
                let start = usize::try_from(body.within).unwrap_or(usize::MAX).saturating_add(NAME);
                let named = Named { text_key: body.text_key, within: body.within };
                found.push((named, start..start.saturating_add(body.octets.len())));
            }
        })
    });
    debug_assert!(read.is_ok(), "own records read: {read:?}");
    found
}

/// A body that names a key.
#[derive(Clone, Copy)]
struct Named {
    text_key: u32,
    within: u32,
}

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
    fn number(&self, account: Option<AccountId>, now: Timestamp) -> Result<u32, StoreError> {
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

    /// The same, in memory only: for whoever holds the store's lock, so that no key falls between this look and the
    /// record that names it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] where the key fell since it was asked for: ask again.
    fn present(&self, account: Option<AccountId>, now: Timestamp) -> Result<u32, StoreError> {
        if !self.is_on() {
            return Ok(PLAIN);
        }
        let wanted = (account.map_or(0, |account| account.0), Day::of(now).0);
        let fell = || StoreError::Unavailable("the key of the text fell just now; try again".into());
        self.keyring.present(wanted).ok_or_else(fell)
    }

    /// Seals the texts of a record on its way to its place: the segment and the offset of its frame.
    pub(crate) fn seal(&self, segment: u64, offset: u64, record: &mut [u8]) {
        for (body, within) in sealed_bodies(record) {
            let Some(octets) = record.get_mut(within) else { continue };
            match self.keyring.key(body.text_key) {
                Some(key) => cipher::apply(&key, place(segment, offset, body.within), octets),
                None => {
                    // Keys fall only when all that names them is written. Plain text must not reach the disk.
                    tracing::error!(key = body.text_key, "the key of a text is gone before it was written");
                    cipher::blank(octets);
                }
            }
        }
    }

    /// A record as it was decided, before its texts were sealed: what recovery applies.
    pub(crate) fn opened<'a>(
        &self,
        segment: u64,
        offset: u64,
        record: &'a [u8],
        buffer: &'a mut Vec<u8>,
    ) -> &'a [u8] {
        if self.keyring.is_empty() {
            return record;
        }
        buffer.clear();
        buffer.extend_from_slice(record);
        self.open_record(segment, offset, buffer);
        buffer
    }

    /// Opens the texts of a record that was read from its place, and takes out the names of their keys: what still names
    /// one is erased.
    pub(crate) fn open_record(&self, segment: u64, offset: u64, record: &mut [u8]) {
        if self.keyring.is_empty() {
            return;
        }
        for (body, within) in sealed_bodies(record) {
            let Some(key) = self.keyring.key(body.text_key) else { continue };
            let name = within.start - NAME..within.start - NAME + 4;
            if let Some(octets) = record.get_mut(within) {
                cipher::apply(&key, place(segment, offset, body.within), octets);
            }
            if let Some(name) = record.get_mut(name) {
                name.copy_from_slice(&PLAIN.to_le_bytes());
            }
        }
    }

    /// The body that stands at a place, as its sender wrote it.
    ///
    /// # Errors
    ///
    /// [`Erased`] where the text is gone with its key.
    pub(crate) fn open_body<'a>(
        &self,
        at: BodyAt,
        text_key: u32,
        body: &'a [u8],
    ) -> Result<Cow<'a, [u8]>, Erased> {
        if text_key == PLAIN {
            return Ok(Cow::Borrowed(body));
        }
        let key = self.keyring.key(text_key).ok_or(Erased)?;
        let mut body = body.to_vec();
        cipher::apply(&key, at, &mut body);
        Ok(Cow::Owned(body))
    }

    /// The keys that fall: older than the days that texts are kept.
    pub(crate) fn due(&self, now: Timestamp) -> Vec<u32> {
        let first = Day::of(now).0.saturating_sub(self.days);
        if self.is_on() { self.keyring.select(|_, day| day < first) } else { Vec::new() }
    }

    /// The keys of an account and some days.
    pub(crate) fn of(&self, account: AccountId, days: &RangeInclusive<Day>) -> Vec<u32> {
        self.keyring.select(|owner, day| owner == account.0 && days.contains(&Day(day)))
    }

    /// Takes these keys out of use, durably, and makes others where texts are sealed with them today or will be
    /// tomorrow. Nothing changes in memory before [`shut`](Self::shut).
    pub(crate) fn close(&self, numbers: &[u32], now: Timestamp) -> Result<Vec<TextKey>, OfficeError> {
        let _making = self.keyring.make();
        self.office.close_keys(Some(numbers))?;
        let today = Day::of(now).0;
        let mut wanted = self.keyring.in_use(numbers);
        wanted.retain(|(_, day)| *day >= today);
        if self.is_on() {
            // What is carried on needs a key of today.
            let owners = self.keyring.owners(numbers).into_iter().map(|owner| (owner, today));
            wanted.extend(owners.filter(|owner| self.keyring.present(*owner).is_none()));
        }
        if wanted.is_empty() { Ok(Vec::new()) } else { self.office.make_keys(&wanted) }
    }

    /// The others take their places. Under the store's lock: whoever looked before has named its key in a record.
    pub(crate) fn shut(&self, numbers: &[u32], others: Vec<TextKey>) {
        self.keyring.shut(numbers, others);
    }

    /// Takes all keys out of use: a store that goes on for another seals nothing with a key of that one, which goes on
    /// with them at the same places.
    pub(crate) fn retire(&self) -> Result<(), OfficeError> {
        self.office.close_keys(None)?;
        self.keyring.shut(&self.keyring.select(|_, _| true), Vec::new());
        Ok(())
    }

    /// What a text that is carried on is sealed with: the same key, or the present one of its account where that one is
    /// out of use. Nothing where nothing is sealed any more. No key may fall until it is written.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] where the present one is missing and cannot be made.
    pub(crate) fn successor(&self, number: u32, now: Timestamp) -> Result<u32, StoreError> {
        match self.keyring.closed(number) {
            _ if !self.is_on() => Ok(PLAIN),
            Some((true, account)) => self.number(Some(AccountId(account)), now),
            Some((false, _)) | None => Ok(number),
        }
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
