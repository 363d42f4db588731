//! A link: a carrier or a peer centre, and how to speak with it.

use std::time::Duration;

use jiff::tz::TimeZone;

use crate::alphabet::Alphabet;
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

/// How a link is bound.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum LinkMode {
    /// Each bind is one transceiver.
    #[default]
    Transceiver,
    /// Each bind is a transmitter and a receiver.
    Pair,
    /// Transmitters alone: receipts come another way, or never.
    Transmitter,
    /// Receivers alone: nothing is submitted.
    Receiver,
}

impl LinkMode {
    /// All modes, as configured.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("trx", Self::Transceiver),
        ("tx+rx", Self::Pair),
        ("tx", Self::Transmitter),
        ("rx", Self::Receiver),
    ];
}

/// A version of SMPP.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
#[repr(u8)]
pub enum Version {
    V3_3 = 0x33,
    #[default]
    V3_4 = 0x34,
    V5_0 = 0x50,
}

impl Version {
    /// All versions, as configured.
    pub const NAMES: [(&'static str, Self); 3] =
        [("3.3", Self::V3_3), ("3.4", Self::V3_4), ("5.0", Self::V5_0)];

    /// As `interface_version` carries it (SMPP 5.0 §4.7.13).
    pub fn octet(self) -> u8 {
        self as u8
    }
}

/// The policy of one link.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub name: String,
    /// `host:port`; empty where the carrier calls us, and never we it.
    pub address: String,
    pub system_id: String,
    /// What the carrier knows this kind of system as; empty unless set.
    pub system_type: String,
    /// Sessions, or pairs of them, kept open at once; 1 unless set.
    pub binds: usize,
    pub mode: LinkMode,
    /// The version we ask for; 3.4 unless set.
    pub interface_version: Version,
    /// What the carrier is taken for where its answer to the bind names no version; 3.3, which knows no TLVs, unless set.
    pub unsaid_version: Version,
    /// The numbers whose messages our receivers ask for (SMPP 5.0 §4.7.3); empty, the carrier's choice, unless set.
    pub address_range: String,
    /// What `data_coding` 0 means to it; GSM 7-bit unless set.
    pub alphabet: Alphabet,
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
            system_type: String::new(),
            binds: 1,
            mode: LinkMode::default(),
            interface_version: Version::default(),
            unsaid_version: Version::V3_3,
            address_range: String::new(),
            alphabet: Alphabet::default(),
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
