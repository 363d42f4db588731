//! An account: who may bind and submit, and within which bounds.

use std::net::IpAddr;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::alphabet::Alphabet;
use crate::long::Long;
use crate::message::Class;
use crate::rate::Rate;
use crate::receipts::{ReceiptForm, ReceiptsTo};

/// An external system that may bind.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    pub system_id: String,
    /// Binds open at once; 4 unless set.
    pub binds_max: usize,
    /// Requests open at once on a bind, in each direction; 100 unless set.
    pub window_max: usize,
    /// No limit until one is set.
    pub rate: Option<Rate>,
    /// The senders it may use; empty allows every sender.
    pub sources: Sources,
    /// Networks it may bind from, as (network, prefix length); empty allows every address.
    pub allow_from: Vec<(IpAddr, u8)>,
    /// How urgent its messages are where their service_type says nothing.
    pub class: Class,
    /// How urgent the messages of a service_type are.
    pub classes: Vec<(Vec<u8>, Class)>,
    /// In which its schedules and validities are read where they name no zone, and its receipts are dated; UTC unless set.
    pub time_zone: TimeZone,
    /// How long a repeat is answered with the first one's id; repeats are new messages unless set.
    pub duplicates: Option<Duration>,
    pub receipt: ReceiptForm,
    pub receipts_to: ReceiptsTo,
    pub long: Long,
    /// What `data_coding` 0 means to it; GSM 7-bit unless set.
    pub default_alphabet: Alphabet,
    /// Whether it may bind over TLS only.
    pub tls_required: bool,
    /// The names of which its certificate has one. None: a certificate that is shown has to name its system_id.
    pub certificate_names: Vec<String>,
}

impl Account {
    /// An account with the defaults of a new one.
    pub fn new(system_id: impl Into<String>) -> Self {
        Self {
            system_id: system_id.into(),
            binds_max: 4,
            window_max: 100,
            rate: None,
            sources: Sources::default(),
            allow_from: Vec::new(),
            class: Class::default(),
            classes: Vec::new(),
            time_zone: TimeZone::UTC,
            duplicates: None,
            receipt: ReceiptForm::default(),
            receipts_to: ReceiptsTo::default(),
            long: Long::default(),
            default_alphabet: Alphabet::default(),
            tls_required: false,
            certificate_names: Vec::new(),
        }
    }

    /// How urgent a message of this service_type is.
    pub fn class_of(&self, service_type: &[u8]) -> Class {
        let named = self.classes.iter().find(|(name, _)| name == service_type);
        named.map_or(self.class, |(_, class)| *class)
    }

    /// Whether a peer with this certificate may bind as this account, where `names` says whether it holds a name. `None`:
    /// it showed none, which will do where no name is asked for.
    pub fn is_named_by(&self, names: Option<impl Fn(&str) -> bool>) -> bool {
        match (names, self.certificate_names.as_slice()) {
            (None, wanted) => wanted.is_empty(),
            (Some(names), []) => names(&self.system_id),
            (Some(names), wanted) => wanted.iter().any(|name| names(name)),
        }
    }

    /// Whether it may bind from this address.
    pub fn allows(&self, peer: IpAddr) -> bool {
        self.allow_from.is_empty()
            || self.allow_from.iter().any(|(network, bits)| contains(*network, *bits, peer))
    }
}

fn contains(network: IpAddr, bits: u8, peer: IpAddr) -> bool {
    match (network, peer.to_canonical()) {
        (IpAddr::V4(network), IpAddr::V4(peer)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits.min(32))).unwrap_or(0);
            network.to_bits() & mask == peer.to_bits() & mask
        }
        (IpAddr::V6(network), IpAddr::V6(peer)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits.min(128))).unwrap_or(0);
            network.to_bits() & mask == peer.to_bits() & mask
        }
        _ => false,
    }
}

/// A list of allowed senders: exact ones and prefixes (`3859*`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sources {
    exact: Vec<Vec<u8>>,
    prefixes: Vec<Vec<u8>>,
}

impl Sources {
    /// From the patterns of the configuration.
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Self {
        let mut sources = Self::default();
        for pattern in patterns {
            match pattern.strip_suffix('*') {
                Some(prefix) => sources.prefixes.push(prefix.as_bytes().to_vec()),
                None => sources.exact.push(pattern.as_bytes().to_vec()),
            }
        }
        sources
    }

    /// Whether a message may carry this sender. An absent sender always may: the carrier sets its own.
    pub fn allow(&self, sender: &[u8]) -> bool {
        (self.exact.is_empty() && self.prefixes.is_empty())
            || sender.is_empty()
            || self.exact.iter().any(|exact| exact == sender)
            || self.prefixes.iter().any(|prefix| sender.starts_with(prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_senders_allows_what_it_names_and_nothing_else() {
        let sources = Sources::new(["ACME", "3859*"]);
        for (sender, allowed) in
            [("ACME", true), ("ACMEX", false), ("385912", true), ("38591", true), ("3858", false), ("", true)]
        {
            assert_eq!(sources.allow(sender.as_bytes()), allowed, "{sender}");
        }
        assert!(Sources::default().allow(b"anyone"));
    }

    #[test]
    fn a_service_type_can_name_its_class() {
        let mut account = Account::new("acme");
        account.class = Class::Bulk;
        account.classes = vec![(b"OTP".to_vec(), Class::Otp)];
        for (service_type, class) in [("OTP", Class::Otp), ("", Class::Bulk), ("OTPX", Class::Bulk)] {
            assert_eq!(account.class_of(service_type.as_bytes()), class, "{service_type}");
        }
    }

    #[test]
    fn a_certificate_names_its_account() {
        let mut account = Account::new("acme");
        let shows = |account: &Account, shown: Option<&str>| {
            account.is_named_by(shown.map(|shown| move |name: &str| name == shown))
        };
        for (shown, allowed) in [(None, true), (Some("acme"), true), (Some("other"), false)] {
            assert_eq!(shows(&account, shown), allowed, "{shown:?}");
        }
        account.certificate_names = vec!["esme.acme.example".into(), "b.acme.example".into()];
        for (shown, allowed) in [(None, false), (Some("acme"), false), (Some("b.acme.example"), true)] {
            assert_eq!(shows(&account, shown), allowed, "{shown:?}");
        }
    }

    #[test]
    fn a_network_list_fails_closed() {
        let mut account = Account::new("acme");
        account.allow_from = vec![("10.0.0.0".parse().unwrap(), 8), ("::1".parse().unwrap(), 128)];
        for (peer, allowed) in [
            ("10.200.1.1", true),
            ("11.0.0.1", false),
            ("::1", true),
            ("::2", false),
            ("::ffff:10.1.1.1", true),
        ] {
            assert_eq!(account.allows(peer.parse().unwrap()), allowed, "{peer}");
        }
    }
}
