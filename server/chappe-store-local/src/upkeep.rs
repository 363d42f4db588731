//! What an operator asks of a store beside its messages: copies, and the erasure of texts.

use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::{Arc, PoisonError};

use chappe_core::AccountId;
use chappe_store::{Lag, Store, StoreError};

use crate::copy::{self, Backup, CopyError, Followed, Follower, Original, Source};
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

    /// Keeps a warm copy in this directory from here on, in place of another one; none with `None`. What is written
    /// reaches the copy within a second. Trouble with it is told in the log, seen in [`Counts`](chappe_store::Counts)
    /// as a lag that grows, tried again, and never keeps the store from its work.
    ///
    /// The copy is locked while it is kept. Once this store is gone, the copy opens as a store: what waited is in
    /// doubt there, and the `in_doubt` of each link decides.
    pub fn follow(&self, copy: Option<&Path>) {
        let mut follower = self.follower.lock().unwrap_or_else(PoisonError::into_inner);
        if follower.as_ref().map(Follower::path) == copy {
            return;
        }
        if let Some(before) = follower.take() {
            before.stop();
        }
        let Some(copy) = copy else { return };
        let original = Original {
            disk: Arc::clone(&self.disk),
            folder: self.premises.directory.path().into(),
            journal: self.premises.directory.journal(),
            catalog: Arc::clone(&self.catalog),
            format: self.premises.format(),
        };
        let source = Followed {
            original,
            office: Arc::clone(&self.premises.office),
            seal: Arc::clone(&self.premises.seal),
            counters: Arc::clone(&self.counters),
        };
        match Follower::start(copy, source) {
            Ok(started) => *follower = Some(started),
            Err(error) => tracing::error!(%error, copy = %copy.display(), "no thread for the warm copy"),
        }
    }

    /// How far the warm copy is behind, if there is one.
    pub(crate) fn lag(&self) -> Option<Lag> {
        self.follower.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(Follower::lag)
    }
}
