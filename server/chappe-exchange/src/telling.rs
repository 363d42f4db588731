//! Happenings made from what a store's call changed, for those who watch.

use std::time::Duration;

use chappe_core::{Message, MessageId, Target};
use chappe_store::{Effects, Entered, Origin, Settled, Settlement};

use crate::happening::{Happening, Text};
use crate::hub::Hub;

impl Hub {
    fn account_name(&self, origin: Origin) -> String {
        let target = match origin {
            Origin::Account(account) => Target::Mailbox(account),
            Origin::Link(link) => Target::Link(link),
        };
        self.store.name(target).map(|name| name.to_string()).unwrap_or_default()
    }

    /// Messages ended. Where the sender asked for no receipt, the account is not known any more.
    pub(crate) fn tell_ends(&self, effects: &Effects) {
        for (sequence, ended) in &effects.ended {
            let entered = effects.entered.iter().find(|entered| entered.sequence == *sequence);
            let row = entered.and_then(|entered| entered.row.as_ref());
            self.tell(Happening::Ended {
                account: entered.map(|entered| self.account_name(entered.lane.origin)).unwrap_or_default(),
                id: self.store.id(*sequence),
                state: ended.state,
                error: ended.error,
                after: row.map(|row| ended.at.since(row.accepted_at)).unwrap_or_default(),
            });
        }
    }

    /// Tries over a target failed, and what follows.
    pub(crate) fn tell_tries(&self, target: Target, batch: &[Settlement], effects: &Effects) {
        let name = |target| self.store.name(target).map(|name| name.to_string()).unwrap_or_default();
        for Settlement { sequence, what } in batch {
            let entered = effects.entered.iter().find(|entered| entered.sequence == *sequence);
            let account =
                || entered.map(|entered| self.account_name(entered.lane.origin)).unwrap_or_default();
            let id = self.store.id(*sequence);
            match *what {
                Settled::Deferred { due, reason, .. } => self.tell(Happening::Deferred {
                    account: account(),
                    id,
                    target: name(target),
                    reason,
                    again_in: due.since(self.store.now()),
                }),
                Settled::Moved { target: to, reason, .. } => self.tell(Happening::Moved {
                    account: account(),
                    id,
                    from: name(target),
                    to: name(to),
                    reason,
                }),
                Settled::Held { reason } => self.tell(Happening::Held { id, target: name(target), reason }),
                Settled::Sent { .. } | Settled::Ended(_) | Settled::Notified => {}
            }
        }
    }

    /// An account's receiver took a receipt or a message, this long after it was handed over.
    pub(crate) fn tell_told(&self, target: Target, sequence: u64, took: Duration) {
        self.tell(Happening::Told {
            account: self.store.name(target).map(|name| name.to_string()).unwrap_or_default(),
            id: self.store.id(sequence),
            took,
        });
    }

    /// A message from a handset was taken.
    pub(crate) fn tell_inbound(&self, id: MessageId, entered: &Entered) {
        let Some(Ok(message)) = entered.row.as_ref().map(|row| Message::read(&row.body)) else {
            return;
        };
        let account = self.store.name(entered.lane.target).map(|name| name.to_string()).unwrap_or_default();
        self.tell(Happening::Inbound(Box::new(Text::new(account, id, &message))));
    }
}

impl Text {
    /// What a message says, owned.
    pub fn new(account: String, id: MessageId, message: &Message<'_>) -> Self {
        Self {
            account,
            id,
            source: message.source.to_string(),
            destination: message.destination.to_string(),
            data_coding: message.data_coding,
            esm_class: message.esm_class,
            user_data: message.user_data.to_vec(),
        }
    }
}
