//! What a receiving bind is sent, and how it is written.

use jiff::Timestamp;
use sms_text::receipt::State;

use super::Party;

/// One deliver_sm to come.
#[derive(Clone, Debug)]
pub(crate) enum Outgoing {
    Receipt(Receipt),
    Written(Box<Written>),
}

/// A receipt before it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receipt {
    pub(crate) id: u64,
    /// Who gets the receipt: the sender of the message.
    pub(crate) sender: Party,
    /// Whom the message went to.
    pub(crate) recipient: Party,
    pub(crate) submitted: Timestamp,
    pub(crate) state: State,
    /// Three digits.
    pub(crate) err: u16,
    /// Times it has been sent so far.
    pub(crate) attempts: u32,
}

/// One part of what a phone wrote.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) from: Party,
    pub(crate) to: Party,
    pub(crate) data_coding: u8,
    pub(crate) has_udh: bool,
    pub(crate) octets: Vec<u8>,
    /// Times it has been sent so far.
    pub(crate) attempts: u32,
}

impl Outgoing {
    /// Counts one more attempt; gives how many there were before.
    pub(crate) fn attempt(&mut self) -> u32 {
        let attempts = match self {
            Self::Receipt(receipt) => &mut receipt.attempts,
            Self::Written(written) => &mut written.attempts,
        };
        let before = *attempts;
        *attempts = before.saturating_add(1);
        before
    }
}
