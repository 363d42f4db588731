//! What one peer means by its receipts, where peers differ.

use super::date::{TwelveDigits, read_date};
use super::id::Ids;
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

    /// Whether the id of an answer and that of a receipt name the same message. What is no number is compared as it is
    /// written.
    #[must_use]
    pub fn is_same_id(&self, answer: &[u8], receipt: &[u8]) -> bool {
        self.ids.answer_key(answer) == self.ids.receipt_key(receipt)
    }
}
