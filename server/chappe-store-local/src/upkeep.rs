//! What an operator asks of a store beside its messages: copies, and the erasure of texts.

use std::ops::RangeInclusive;
use std::path::Path;

use chappe_core::AccountId;
use chappe_store::{Store, StoreError};

use crate::copy::{self, Backup, CopyError, Source};
use crate::erasure::Erased;
use crate::seal::Day;
use crate::store::LocalStore;

impl LocalStore {
    /// Writes a backup into a directory that is not there yet, while the store runs. All that was acknowledged before
    /// the call is in it. It blocks; `progress` is told how many octets of the total are done.
    ///
    /// The directory gets its name once all of it is durable: a backup that was cut short is none.
    ///
    /// # Errors
    ///
    /// [`CopyError`]; no backup is left behind.
    pub fn backup(&self, into: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Backup, CopyError> {
        let source = Source {
            disk: self.disk.as_ref(),
            premises: &self.premises,
            catalog: &self.catalog,
            now: self.now(),
        };
        copy::backup(&source, into, progress)
    }

    /// Erases the texts of an account's messages of these days: the keys that they were sealed with are deleted. The
    /// rows of the history stay. Messages that are not over keep their text until they are.
    ///
    /// What was written while texts were not sealed (`text_days` 0) cannot be erased and goes with its history; what
    /// stands in a backup can be read with that backup.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when it cannot write; an erasure that failed can be asked for again.
    pub fn erase(&self, account: AccountId, days: RangeInclusive<Day>) -> Result<Erased, StoreError> {
        self.erasure.erase(account, days)
    }

    /// Erases the texts that are older than `text_days`, as the store does by itself each minute.
    ///
    /// # Errors
    ///
    /// As [`erase`](Self::erase).
    pub fn erase_old(&self) -> Result<Erased, StoreError> {
        self.erasure.retire()
    }
}
