//! How a call changes something.

use std::sync::Arc;

use chappe_core::Timestamp;
use chappe_store::record::{NameKind, Records};
use chappe_store::{Live, Store, StoreError, Ticket, Waiter};

use crate::gather::{Purpose, RECORD_HEAD};
use crate::seal::Owners;
use crate::shared::State;
use crate::store::LocalStore;

impl LocalStore {
    /// Runs a call that changes something, if there is room for about `octets` of its purpose.
    pub(crate) fn change<T>(
        &self,
        purpose: Purpose,
        octets: usize,
        waiter: Option<&Arc<Waiter>>,
        call: impl FnOnce(&mut Live, Timestamp, &mut Records) -> Result<T, StoreError>,
    ) -> Result<(T, Ticket), StoreError> {
        let mut state = self.shared.change()?;
        state.gather.admit(state.live.layout(), purpose, octets)?;
        // Told under the lock, so that records stand in the order of their times.
        let now = self.clock.now();
        let State { live, gather } = &mut *state;
        let before = gather.records.len();
        let answer = call(live, now, &mut gather.records);
        let ticket = gather.ticket(before, waiter);
        self.shared.arrived(state);
        Ok((answer?, ticket))
    }

    /// Whose texts a call brings, with keys for them where texts are sealed.
    pub(crate) fn owners(&self, of: impl FnOnce() -> Owners) -> Result<Owners, StoreError> {
        let seal = &self.premises.seal;
        if !seal.is_on() {
            return Ok(Owners::default());
        }
        let owners = of();
        seal.provide(&owners, self.now())?;
        Ok(owners)
    }

    /// The number of a name, given out on first use.
    pub(crate) fn named(&self, kind: NameKind, name: &str) -> Result<u32, StoreError> {
        if let Some(number) = self.shared.look().live.number(kind, name) {
            return Ok(number);
        }
        let octets = RECORD_HEAD + name.len();
        let call = |live: &mut Live, now, records: &mut Records| Ok(live.named(kind, name, now, records));
        Ok(self.change(Purpose::Intend, octets, None, call)?.0)
    }
}
