//! Messages of several parts: how an account's are taken, and how a link is given them.

use std::time::Duration;

/// What an account wants for its long messages.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Long {
    /// Whether the parts wait for each other, and leave together and in order.
    pub collect: bool,
    /// How long they wait; 10 minutes unless set.
    pub wait: Duration,
    pub receipt: LongReceipt,
}

impl Default for Long {
    fn default() -> Self {
        Self { collect: false, wait: Duration::from_secs(600), receipt: LongReceipt::default() }
    }
}

/// Which receipts the sender of a long message gets.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[repr(u8)]
pub enum LongReceipt {
    /// One for each part, as each asked.
    #[default]
    EachPart = 0,
    /// One, with the worst final state of all parts, when all are final.
    Worst = 1,
    /// One, of the part that becomes final last.
    Last = 2,
}

impl LongReceipt {
    /// The choice of this number in a record; an unknown number gives each part its own.
    pub fn from_u8(number: u8) -> Self {
        match number {
            1 => Self::Worst,
            2 => Self::Last,
            _ => Self::EachPart,
        }
    }
}

/// How a link takes the parts of a long message.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum LongForm {
    /// As the sender built them.
    #[default]
    AsIs,
    /// With a user data header in each.
    Udh,
    /// With the `sar_*` TLVs in each.
    Sar,
    /// Joined in one `message_payload`.
    Payload,
}
