//! A text that its link takes in parts only: it is stored as its parts, which share one receipt, and answered with the id
//! of the first.

use std::sync::atomic::{AtomicU64, Ordering};

use chappe_core::split::{as_part, split};
use chappe_core::{AccountId, LongForm, LongReceipt, Message, Policy, Reason, Target, Timestamp};
use chappe_store::{Accepts, DuplicateKey, Offer, Part};

use crate::likeness;

/// A text of so many octets fits one short message, whatever its alphabet.
const SHORT: usize = 140;

/// Numbers the messages that are split, so that a phone can tell the parts of one from those of the next.
#[derive(Debug, Default)]
pub(crate) struct Splits(AtomicU64);

/// A message in parts.
#[derive(Debug)]
pub(crate) struct Split {
    /// The user data of each, with its header.
    parts: Vec<Vec<u8>>,
    group: u64,
}

impl Splits {
    /// The parts of a message, if it has to leave in parts over this target.
    ///
    /// # Errors
    ///
    /// Those of [`split`].
    pub(crate) fn split(
        &self,
        policy: &Policy,
        target: Target,
        account: AccountId,
        message: &Message<'_>,
        now: Timestamp,
    ) -> Result<Option<Split>, Reason> {
        let form = match target {
            Target::Link(id) => policy.link(id).map_or(LongForm::AsIs, |link| link.long),
            Target::Mailbox(_) => LongForm::AsIs,
        };
        // A number is taken by what may be split only: it is one of few, and the parts of two messages must not mix.
        if matches!(form, LongForm::AsIs | LongForm::Payload) || message.user_data.len() <= SHORT {
            return Ok(None);
        }
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        // One octet: the header leaves most room for text, and 256 messages to one phone take their time.
        let reference = u16::try_from(number % 256).unwrap_or(0);
        let parts = split(message, form, reference)?;
        Ok(parts.map(|parts| Split { parts, group: likeness::split(account, message, now, number) }))
    }
}

impl Split {
    /// How many parts there are.
    pub(crate) fn count(&self) -> usize {
        self.parts.len()
    }

    /// Adds all parts to a batch. `whole` is the offer of the message as it came.
    pub(crate) fn push(&self, batch: &mut Accepts, whole: &Offer<'_>, until: Timestamp) {
        let total = u8::try_from(self.parts.len()).unwrap_or(u8::MAX);
        for (user_data, number) in self.parts.iter().zip(1..=total) {
            let message = as_part(whole.message, user_data);
            let part =
                Part { group: self.group, number, total, until, collect: false, receipt: LongReceipt::Worst };
            // A repeat repeats every part.
            let duplicate = whole.duplicate.map(|DuplicateKey { key, until }| DuplicateKey {
                key: key.wrapping_add(u128::from(number)),
                until,
            });
            batch.push(&Offer { message: &message, part: Some(part), duplicate, ..*whole });
        }
    }
}
