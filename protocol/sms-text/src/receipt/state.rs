//! Where a message stands, in the receipt's words and numbers.

/// The state of a message (SMPP 5.0 §4.7.15), without SCHEDULED (0): in a receipt that means "not given".
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[repr(u8)]
pub enum State {
    /// On its way.
    Enroute = 1,
    /// At the handset.
    #[default]
    Delivered = 2,
    /// Its validity ended first.
    Expired = 3,
    /// Cancelled by its sender or an operator.
    Deleted = 4,
    /// The network said no for good.
    Undeliverable = 5,
    /// Taken on the recipient's behalf.
    Accepted = 6,
    /// In doubt.
    Unknown = 7,
    /// Refused after it had been accepted.
    Rejected = 8,
    /// Deliberately not attempted (5.0).
    Skipped = 9,
}

impl State {
    /// All states, by code.
    pub const ALL: [Self; 9] = [
        Self::Enroute,
        Self::Delivered,
        Self::Expired,
        Self::Deleted,
        Self::Undeliverable,
        Self::Accepted,
        Self::Unknown,
        Self::Rejected,
        Self::Skipped,
    ];

    /// The `message_state`, 1 to 9.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The state of a `message_state`; `None` for 0, which some carriers send beside a real state in the text, and
    /// for reserved values.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code.checked_sub(1)?)).copied()
    }

    /// The word of the receipt text; seven letters each.
    #[must_use]
    pub fn stat(self) -> &'static str {
        match self {
            Self::Enroute => "ENROUTE",
            Self::Delivered => "DELIVRD",
            Self::Expired => "EXPIRED",
            Self::Deleted => "DELETED",
            Self::Undeliverable => "UNDELIV",
            Self::Accepted => "ACCEPTD",
            Self::Unknown => "UNKNOWN",
            Self::Rejected => "REJECTD",
            Self::Skipped => "SKIPPED",
        }
    }

    /// The state a receipt's `stat` means: any case, abbreviated or spelled out, a buffered message as on its way.
    ///
    /// `None` for a word of the vendor's own (`FAILED`, `ESME_ROK`): its meaning is a matter of the link.
    #[must_use]
    pub fn from_stat(stat: &[u8]) -> Option<Self> {
        let says = |word: &str| stat.eq_ignore_ascii_case(word.as_bytes());
        SPELLINGS.iter().find(|(word, _)| says(word)).map(|&(_, state)| state)
    }

    /// Whether no other state will follow.
    ///
    /// ACCEPTED and UNKNOWN are final by the table of SMPP 3.4, yet carriers send them before DELIVRD: they are
    /// not final here, and the validity of the message closes them.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Enroute | Self::Accepted | Self::Unknown)
    }
}

/// Words seen for each state, the most common first.
#[rustfmt::skip]
const SPELLINGS: [(&str, State); 16] = [
    ("DELIVRD", State::Delivered), ("UNDELIV", State::Undeliverable),       ("EXPIRED", State::Expired),
    ("REJECTD", State::Rejected),  ("ACCEPTD", State::Accepted),            ("ENROUTE", State::Enroute),
    ("DELETED", State::Deleted),   ("UNKNOWN", State::Unknown),             ("SKIPPED", State::Skipped),
    ("DELIVERED", State::Delivered), ("UNDELIVERABLE", State::Undeliverable), ("REJECTED", State::Rejected),
    ("ACCEPTED", State::Accepted), ("BUFFRED", State::Enroute),             ("BUFFERED", State::Enroute),
    ("SCHEDULED", State::Enroute),
];
