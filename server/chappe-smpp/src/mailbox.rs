//! The receivers of accounts.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chappe_core::AccountId;
use chappe_exchange::{Exchange, Mailbox, Outgoing, Reports};

use crate::outlet::{Back, Pool};

/// All receiving sessions of one account, as the exchange sees them.
#[derive(Debug, Default)]
pub(crate) struct Receivers {
    pool: Arc<Pool>,
    back: Back,
}

impl Mailbox for Receivers {
    fn capacity(&self) -> usize {
        self.pool.places()
    }

    fn send(&self, rows: Vec<Outgoing>) {
        self.back.tell(self.pool.hand_out(rows));
    }
}

/// The mailboxes that were opened: one an account, from its first receiving bind on.
#[derive(Debug)]
pub(crate) struct Mailboxes {
    exchange: Arc<Exchange>,
    open: Mutex<HashMap<AccountId, (Arc<Receivers>, Reports)>>,
}

impl Mailboxes {
    pub(crate) fn new(exchange: Arc<Exchange>) -> Self {
        Self { exchange, open: Mutex::default() }
    }

    /// Where a receiving session of this account takes its seat.
    pub(crate) fn of(&self, account: AccountId) -> (Arc<Pool>, Reports) {
        let mut open = self.open();
        let (receivers, reports) = match open.entry(account) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(vacant) => {
                let receivers = Arc::new(Receivers::default());
                let reports =
                    self.exchange.attach_mailbox(account, Arc::clone(&receivers) as Arc<dyn Mailbox>);
                receivers.back.attach(reports.clone());
                vacant.insert((receivers, reports))
            }
        };
        (Arc::clone(&receivers.pool), reports.clone())
    }

    /// Closes the mailboxes that are not wanted any more. One whose sessions have not left yet stays for the next time:
    /// where its account comes back meanwhile, they and those that bind then share it.
    pub(crate) fn retain(&self, wanted: impl Fn(AccountId) -> bool) {
        self.open().retain(|account, (receivers, _)| {
            let keep = wanted(*account) || receivers.pool.places() > 0;
            if !keep {
                receivers.back.detach();
            }
            keep
        });
    }

    fn open(&self) -> MutexGuard<'_, HashMap<AccountId, (Arc<Receivers>, Reports)>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
