//! What one peer means by its receipts, where peers differ.

use super::date::{TwelveDigits, read_date};
use super::id::{Base, Number};
use super::read::ReadReceipt;
use super::state::State;
use crate::calendar::Century;
use crate::time::Time;

/// How one peer writes its receipts. The default is what can be told without knowing it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Profile<'a> {
    /// What twelve digits of a date are.
    pub twelve_digits: TwelveDigits,
    /// Which years two digits are.
    pub century: Century,
    /// Words of the peer's own for `stat`, in any case; they count before the common ones.
    pub states: &'a [(&'a str, State)],
    /// Whether ids are numbers, and in which base.
    pub ids: Ids,
}

/// How a peer writes the ids of its messages in the answer to a submit and in a receipt.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Ids {
    /// As they are, in any case of letters.
    #[default]
    AsWritten,
    /// As numbers, leading zeros apart: some write one and the same id in hexadecimal and in decimal.
    Numbers {
        /// In the answer to a submit.
        answer: Base,
        /// In the text of a receipt.
        receipt: Base,
    },
}

impl Profile<'_> {
    /// The state; `None` where it is missing or a word that neither this peer's list nor the common one has.
    #[must_use]
    pub fn state(&self, receipt: &ReadReceipt<'_>) -> Option<State> {
        let stat = receipt.stat?;
        let own = self.states.iter().find(|(word, _)| stat.eq_ignore_ascii_case(word.as_bytes()));
        own.map(|&(_, state)| state).or_else(|| State::from_stat(stat))
    }

    /// When the message was submitted: in the peer's zone, unless the date names its own.
    #[must_use]
    pub fn submitted(&self, receipt: &ReadReceipt<'_>) -> Option<Time> {
        read_date(receipt.submit_date?, self.twelve_digits, self.century)
    }

    /// When it reached its state: in the peer's zone, unless the date names its own.
    #[must_use]
    pub fn done(&self, receipt: &ReadReceipt<'_>) -> Option<Time> {
        read_date(receipt.done_date?, self.twelve_digits, self.century)
    }

    /// Whether the id of an answer and that of a receipt name the same message. Two ids that are no numbers are compared
    /// as they are written.
    #[must_use]
    pub fn is_same_id(&self, answer: &[u8], receipt: &[u8]) -> bool {
        if let Ids::Numbers { answer: answer_base, receipt: receipt_base } = self.ids
            && let Some(one) = Number::read(answer, answer_base)
            && let Some(other) = Number::read(receipt, receipt_base)
        {
            return one == other;
        }
        answer.eq_ignore_ascii_case(receipt)
    }
}
