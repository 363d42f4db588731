//! A link: a carrier or a peer centre, and how to speak with it.

use std::time::Duration;

use jiff::tz::TimeZone;

use crate::long::LongForm;
use crate::rate::Rate;
use crate::retry::RetryTable;

/// What happens to messages of which nobody knows whether the carrier has them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InDoubt {
    /// Wait for a receipt ([`Link::hold`]), then try again, flagged as a possible duplicate.
    #[default]
    Hold,
    /// Try again at once, flagged: at least once.
    Retry,
    /// Give up with a receipt `UNKNOWN`: at most once.
    Fail,
}

/// The policy of one link.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub name: String,
    /// `host:port`.
    pub address: String,
    pub system_id: String,
    /// Sessions kept open at once; 1 unless set.
    pub binds: usize,
    /// Requests open at once on a bind; 10 unless set.
    pub window: usize,
    /// No limit until one is set.
    pub rate: Option<Rate>,
    /// Whether the carrier sends receipts; without them its OK is final.
    pub receipts: bool,
    pub in_doubt: InDoubt,
    /// How long a message in doubt waits under [`InDoubt::Hold`]; 10 minutes unless set.
    pub hold: Duration,
    /// Tries before a message that keeps failing is given up; 10 unless set.
    pub attempts_max: u32,
    /// What its negative answers mean.
    pub retry: RetryTable,
    /// How it takes long messages.
    pub long: LongForm,
    /// Losses of the link under one message before that message is held for a person; 3 unless set.
    pub drops_max: u8,
    /// How long after a message's validity its receipt may come; as the store is told for all links unless set.
    pub receipt_wait: Option<Duration>,
    /// In which the dates of its receipts are read; UTC unless set.
    pub time_zone: TimeZone,
}

impl Link {
    /// A link with the defaults of a new one.
    pub fn new(name: impl Into<String>, address: impl Into<String>, system_id: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            address: address.into(),
            system_id: system_id.into(),
            binds: 1,
            window: 10,
            rate: None,
            receipts: true,
            in_doubt: InDoubt::default(),
            hold: Duration::from_secs(600),
            attempts_max: 10,
            retry: RetryTable::default(),
            long: LongForm::default(),
            drops_max: 3,
            receipt_wait: None,
            time_zone: TimeZone::UTC,
        }
    }
}
