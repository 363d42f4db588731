//! Why a message was refused, waits, or failed.

use std::fmt;

/// Who has to act when a reason shows up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Blame {
    Sender,
    Recipient,
    Centre,
    Carrier,
}

/// One word for one cause, the same in answers, receipts, records, metrics, pages and the command line.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
#[repr(u16)]
pub enum Reason {
    // At the door.
    InvalidSource = 1,
    SenderNotRegistered = 2,
    InvalidDestination = 3,
    NoRoute = 4,
    InvalidLength = 5,
    InvalidEsmClass = 6,
    InvalidDataCoding = 7,
    InvalidSchedule = 8,
    InvalidValidity = 9,
    InvalidTlv = 10,
    InvalidMessageId = 11,
    UnsupportedMode = 12,
    Duplicate = 13,
    RateLimited = 20,
    WindowExceeded = 21,
    QueueFull = 22,
    DiskFull = 23,
    StorageUnavailable = 24,
    AccountSuspended = 25,
    // At the bind.
    UnknownSystemId = 30,
    WrongPassword = 31,
    TooManyBinds = 32,
    AddressNotAllowed = 33,
    ShuttingDown = 34,
    TlsRequired = 35,
    CertificateNotAllowed = 36,
    // On the way.
    CarrierThrottled = 40,
    CarrierQueueFull = 41,
    CarrierError = 42,
    CarrierRefused = 43,
    CarrierSilent = 44,
    LinkLost = 45,
    LinkGone = 46,
    NotBound = 47,
    CarrierInvalidDestination = 48,
    CarrierInvalidSource = 49,
    UnmappedStatus = 50,
    AttemptsExhausted = 51,
    LinkSuspended = 52,
    Quarantined = 53,
    // At the end.
    ValidityEnded = 60,
    Undeliverable = 61,
    RejectedByCarrier = 62,
    DeletedByCarrier = 63,
    UnknownFate = 64,
    ReceiverRefused = 65,
    ReceiverBusy = 66,
    NoReceipt = 67,
    PartsMissing = 68,
    RejectedByHand = 69,
    CancelledBySender = 70,
    ReceiptExpired = 71,
}

/// What a reason means to each reader.
struct Row {
    name: &'static str,
    permanent: bool,
    blame: Blame,
    /// `command_status` to an ESME of 3.4 or older, and to one of 5.0.
    status: (u32, u32),
    http: u16,
    /// `err` of a receipt, below 1000.
    err: u16,
}

const fn row(
    name: &'static str,
    permanent: bool,
    blame: Blame,
    status: (u32, u32),
    http: u16,
    err: u16,
) -> Row {
    Row { name, permanent, blame, status, http, err }
}

const fn both(status: u32) -> (u32, u32) {
    (status, status)
}

impl Reason {
    /// Every reason, in the order of its numbers.
    pub const ALL: &[Self] = &[
        Self::InvalidSource,
        Self::SenderNotRegistered,
        Self::InvalidDestination,
        Self::NoRoute,
        Self::InvalidLength,
        Self::InvalidEsmClass,
        Self::InvalidDataCoding,
        Self::InvalidSchedule,
        Self::InvalidValidity,
        Self::InvalidTlv,
        Self::InvalidMessageId,
        Self::UnsupportedMode,
        Self::Duplicate,
        Self::RateLimited,
        Self::WindowExceeded,
        Self::QueueFull,
        Self::DiskFull,
        Self::StorageUnavailable,
        Self::AccountSuspended,
        Self::UnknownSystemId,
        Self::WrongPassword,
        Self::TooManyBinds,
        Self::AddressNotAllowed,
        Self::ShuttingDown,
        Self::TlsRequired,
        Self::CertificateNotAllowed,
        Self::CarrierThrottled,
        Self::CarrierQueueFull,
        Self::CarrierError,
        Self::CarrierRefused,
        Self::CarrierSilent,
        Self::LinkLost,
        Self::LinkGone,
        Self::NotBound,
        Self::CarrierInvalidDestination,
        Self::CarrierInvalidSource,
        Self::UnmappedStatus,
        Self::AttemptsExhausted,
        Self::LinkSuspended,
        Self::Quarantined,
        Self::ValidityEnded,
        Self::Undeliverable,
        Self::RejectedByCarrier,
        Self::DeletedByCarrier,
        Self::UnknownFate,
        Self::ReceiverRefused,
        Self::ReceiverBusy,
        Self::NoReceipt,
        Self::PartsMissing,
        Self::RejectedByHand,
        Self::CancelledBySender,
        Self::ReceiptExpired,
    ];

    #[rustfmt::skip]
    const fn row(self) -> Row {
        use Blame::{Carrier, Centre, Recipient, Sender};
        match self {
            Self::InvalidSource       => row("invalid_source",        true,  Sender, both(0x0A), 422, 910),
            Self::SenderNotRegistered => row("sender_not_registered", true,  Sender, both(0x0A), 403, 911),
            Self::InvalidDestination  => row("invalid_destination",   true,  Sender, both(0x0B), 422, 912),
            Self::NoRoute             => row("no_route",              true,  Sender, both(0x0B), 422, 913),
            Self::InvalidLength       => row("invalid_length",        true,  Sender, both(0x01), 422, 914),
            Self::InvalidEsmClass     => row("invalid_esm_class",     true,  Sender, both(0x43), 422, 915),
            // 3.4 has no code for it.
            Self::InvalidDataCoding   => row("invalid_data_coding",   true,  Sender, (0x45, 0x104), 422, 916),
            Self::InvalidSchedule     => row("invalid_schedule",      true,  Sender, both(0x61), 422, 917),
            Self::InvalidValidity     => row("invalid_validity",      true,  Sender, both(0x62), 422, 918),
            Self::InvalidTlv          => row("invalid_tlv",           true,  Sender, both(0xC4), 422, 919),
            Self::InvalidMessageId    => row("invalid_message_id",    true,  Sender, both(0x0C), 404, 920),
            Self::UnsupportedMode     => row("unsupported_mode",      true,  Sender, both(0x43), 422, 921),
            Self::Duplicate           => row("duplicate",             true,  Sender, both(0x45), 409, 922),
            Self::RateLimited         => row("rate_limited",          false, Sender, both(0x58), 429, 930),
            Self::WindowExceeded      => row("window_exceeded",       false, Sender, both(0x58), 429, 931),
            Self::QueueFull           => row("queue_full",            false, Centre, both(0x14), 503, 932),
            Self::DiskFull            => row("disk_full",             false, Centre, both(0x14), 507, 933),
            Self::StorageUnavailable  => row("storage_unavailable",   false, Centre, both(0x08), 503, 934),
            Self::AccountSuspended    => row("account_suspended",     true,  Sender, (0x66, 0x101), 403, 935),
            Self::UnknownSystemId     => row("unknown_system_id",     true,  Sender, both(0x0F), 401, 940),
            Self::WrongPassword       => row("wrong_password",        true,  Sender, both(0x0E), 401, 941),
            Self::TooManyBinds        => row("too_many_binds",        false, Sender, both(0x0D), 429, 942),
            Self::AddressNotAllowed   => row("address_not_allowed",   true,  Sender, both(0x0D), 403, 943),
            Self::ShuttingDown        => row("shutting_down",         false, Centre, both(0x0D), 503, 944),
            Self::TlsRequired         => row("tls_required",          true,  Sender, both(0x0D), 403, 945),
            Self::CertificateNotAllowed => row("certificate_not_allowed", true, Sender, both(0x0D), 403, 946),
            Self::CarrierThrottled    => row("carrier_throttled",     false, Carrier, both(0x58), 503, 950),
            Self::CarrierQueueFull    => row("carrier_queue_full",    false, Carrier, both(0x14), 503, 951),
            Self::CarrierError        => row("carrier_error",         false, Carrier, both(0x08), 502, 952),
            Self::CarrierRefused      => row("carrier_refused",       true,  Carrier, both(0x45), 502, 953),
            Self::CarrierSilent       => row("carrier_silent",        false, Carrier, both(0x08), 504, 954),
            Self::LinkLost            => row("link_lost",             false, Carrier, both(0x08), 502, 955),
            Self::LinkGone            => row("link_gone",             true,  Centre, both(0x0B), 502, 956),
            Self::NotBound            => row("not_bound",             false, Carrier, both(0x08), 503, 957),
            Self::CarrierInvalidDestination => row("carrier_invalid_destination", true, Recipient, both(0x0B), 422, 958),
            Self::CarrierInvalidSource => row("carrier_invalid_source", true, Sender, both(0x0A), 422, 959),
            Self::UnmappedStatus      => row("unmapped_status",       false, Carrier, both(0x08), 502, 960),
            Self::AttemptsExhausted   => row("attempts_exhausted",    true,  Carrier, both(0x45), 502, 961),
            Self::LinkSuspended       => row("link_suspended",        false, Centre, both(0x08), 503, 962),
            Self::Quarantined         => row("quarantined",           true,  Centre, both(0x45), 422, 963),
            Self::ValidityEnded       => row("validity_ended",        true,  Recipient, both(0x62), 410, 970),
            Self::Undeliverable       => row("undeliverable",         true,  Recipient, both(0x45), 422, 971),
            Self::RejectedByCarrier   => row("rejected_by_carrier",   true,  Carrier, both(0x45), 422, 972),
            Self::DeletedByCarrier    => row("deleted_by_carrier",    true,  Carrier, both(0x45), 410, 973),
            Self::UnknownFate         => row("unknown_fate",          true,  Carrier, both(0x45), 502, 974),
            Self::ReceiverRefused     => row("receiver_refused",      true,  Recipient, both(0x66), 422, 975),
            Self::ReceiverBusy        => row("receiver_busy",         false, Recipient, both(0x64), 503, 976),
            Self::NoReceipt           => row("no_receipt",            true,  Carrier, both(0x45), 504, 977),
            Self::PartsMissing        => row("parts_missing",         true,  Sender, both(0x45), 422, 978),
            Self::RejectedByHand      => row("rejected_by_hand",      true,  Centre, both(0x45), 422, 979),
            Self::CancelledBySender   => row("cancelled_by_sender",   true,  Sender, both(0x45), 410, 980),
            Self::ReceiptExpired      => row("receipt_expired",       true,  Sender, both(0x45), 410, 981),
        }
    }

    /// `no_route`: what people and programs read.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Whether the same message would meet the same fate again.
    pub fn is_permanent(self) -> bool {
        self.row().permanent
    }

    /// Who has to act.
    pub fn blame(self) -> Blame {
        self.row().blame
    }

    /// The `command_status` for an ESME of 3.4 or older.
    pub fn status_v34(self) -> u32 {
        self.row().status.0
    }

    /// The `command_status` for an ESME of 5.0.
    pub fn status_v50(self) -> u32 {
        self.row().status.1
    }

    /// The HTTP status.
    pub fn http(self) -> u16 {
        self.row().http
    }

    /// The `err` of a receipt: our own range, 900 to 999.
    pub fn err(self) -> u16 {
        self.row().err
    }

    /// The number in a record.
    pub fn number(self) -> u16 {
        self as u16
    }

    /// The reason of a record's number, if this version knows it.
    pub fn from_number(number: u16) -> Option<Self> {
        let at = Self::ALL.binary_search_by_key(&number, |reason| reason.number()).ok()?;
        Self::ALL.get(at).copied()
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_numbers_and_errs_are_unique() {
        let names: HashSet<_> = Reason::ALL.iter().map(|r| r.name()).collect();
        let numbers: HashSet<_> = Reason::ALL.iter().map(|r| r.number()).collect();
        let errs: HashSet<_> = Reason::ALL.iter().map(|r| r.err()).collect();
        assert_eq!(
            (names.len(), numbers.len(), errs.len()),
            (Reason::ALL.len(), Reason::ALL.len(), Reason::ALL.len())
        );
    }

    #[test]
    fn a_number_leads_back_to_its_reason() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_number(reason.number()), Some(*reason));
        }
        assert_eq!(Reason::from_number(0), None);
    }

    #[test]
    fn a_3_4_session_never_sees_a_status_of_5_0() {
        for reason in Reason::ALL {
            assert!(reason.status_v34() < 0x100, "{reason}");
        }
    }
}
