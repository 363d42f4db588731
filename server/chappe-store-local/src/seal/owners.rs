//! Whose keys seal the texts of a call.

use chappe_core::{AccountId, Target, Timestamp};
use chappe_store::{Origin, StoreError};

use super::{PLAIN, Seal};

/// The account whose text it is: that of the sender, or of the mailbox it goes to; none from link to link.
pub(crate) fn owner(origin: Origin, target: Target) -> Option<AccountId> {
    match (origin, target) {
        (Origin::Account(account), _) | (Origin::Link(_), Target::Mailbox(account)) => Some(account),
        (Origin::Link(_), Target::Link(_)) => None,
    }
}

/// The accounts whose texts a call brings, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owners(Vec<Option<AccountId>>);

impl Owners {
    /// Of what goes from one origin to these targets.
    pub(crate) fn of(origin: Origin, mut targets: impl Iterator<Item = Target>) -> Self {
        let mut owners = Self::default();
        if let Origin::Account(account) = origin {
            // All of it is the sender's, however much it is.
            owners.0.extend(targets.next().map(|_| Some(account)));
            return owners;
        }
        targets.for_each(|target| owners.add(owner(origin, target)));
        owners
    }

    pub(crate) fn add(&mut self, owner: Option<AccountId>) {
        if !self.0.contains(&owner) {
            self.0.push(owner);
        }
    }
}

/// The numbers of their keys, empty where nothing is sealed; looked up under the store's lock.
#[derive(Debug)]
pub(crate) struct Keys(Vec<(Option<AccountId>, u32)>);

impl Keys {
    /// What a text of this account is sealed with.
    pub(crate) fn of(&self, owner: Option<AccountId>) -> u32 {
        self.0.iter().find(|(known, _)| *known == owner).map_or(PLAIN, |(_, number)| *number)
    }

    /// What the one text of the call is sealed with.
    pub(crate) fn only(&self) -> u32 {
        self.0.first().map_or(PLAIN, |(_, number)| *number)
    }
}

impl Seal {
    /// Sees to it that there are keys for these accounts: outside of the store's lock, since one that nobody prepared
    /// is made and made durable here.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] where a key cannot be made.
    pub(crate) fn provide(&self, owners: &Owners, now: Timestamp) -> Result<(), StoreError> {
        owners.0.iter().try_for_each(|owner| self.number(*owner, now).map(|_| ()))
    }

    /// The keys of these accounts, under the store's lock: none falls between this look and the record that names it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] where one fell, or the day ended, since they were provided: ask again.
    pub(crate) fn keys(&self, owners: &Owners, now: Timestamp) -> Result<Keys, StoreError> {
        let key = |owner: &Option<AccountId>| Ok((*owner, self.present(*owner, now)?));
        owners.0.iter().map(key).collect::<Result<_, _>>().map(Keys)
    }
}

#[cfg(test)]
mod tests {
    use chappe_core::LinkId;

    use super::*;

    #[test]
    fn a_text_is_its_senders_or_its_mailboxs() {
        let (account, link) = (Origin::Account(AccountId(1)), Origin::Link(LinkId(1)));
        let (out, home) = (Target::Link(LinkId(2)), Target::Mailbox(AccountId(3)));
        let owners = |origin, targets: [Target; 3]| Owners::of(origin, targets.into_iter()).0;
        assert_eq!(owners(account, [out, home, out]), [Some(AccountId(1))]);
        assert_eq!(owners(link, [out, home, out]), [None, Some(AccountId(3))]);
    }
}
