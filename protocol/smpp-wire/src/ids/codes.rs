//! The one-octet codes of addresses, messages and versions.

use core::fmt;

/// Type of number (SMPP 5.0 §4.7.1).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Ton(pub u8);

impl Ton {
    pub const UNKNOWN: Self = Self(0);
    pub const INTERNATIONAL: Self = Self(1);
    pub const NATIONAL: Self = Self(2);
    pub const NETWORK_SPECIFIC: Self = Self(3);
    pub const SUBSCRIBER_NUMBER: Self = Self(4);
    pub const ALPHANUMERIC: Self = Self(5);
    pub const ABBREVIATED: Self = Self(6);
}

/// Numbering plan indicator (SMPP 5.0 §4.7.2).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Npi(pub u8);

impl Npi {
    pub const UNKNOWN: Self = Self(0);
    /// E.163 and E.164: telephone numbers.
    pub const ISDN: Self = Self(1);
    pub const DATA: Self = Self(3);
    pub const TELEX: Self = Self(4);
    pub const LAND_MOBILE: Self = Self(6);
    pub const NATIONAL: Self = Self(8);
    pub const PRIVATE: Self = Self(9);
    pub const ERMES: Self = Self(10);
    pub const INTERNET: Self = Self(14);
    pub const WAP_CLIENT_ID: Self = Self(18);
}

/// Mode, type and features of a message (SMPP 5.0 §4.7.12).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct EsmClass(pub u8);

impl EsmClass {
    pub const DEFAULT: Self = Self(0);
    /// A delivery receipt of the message centre.
    pub const RECEIPT: Self = Self(0x04);
    pub const DELIVERY_ACKNOWLEDGEMENT: Self = Self(0x08);
    pub const USER_ACKNOWLEDGEMENT: Self = Self(0x10);
    pub const CONVERSATION_ABORT: Self = Self(0x18);
    /// A notice that the message is still on its way.
    pub const INTERMEDIATE_NOTIFICATION: Self = Self(0x20);
    /// The user data starts with a header.
    pub const UDH: Self = Self(0x40);
    pub const REPLY_PATH: Self = Self(0x80);

    const MODE_MASK: u8 = 0x03;
    const TYPE_MASK: u8 = 0x3C;

    /// The messaging mode, bits 1-0: default, datagram, transaction, store and forward.
    pub const fn mode(self) -> u8 {
        self.0 & Self::MODE_MASK
    }

    /// The message type alone, bits 5-2: compare it with `DEFAULT`, `RECEIPT` and so on.
    pub const fn message_type(self) -> Self {
        Self(self.0 & Self::TYPE_MASK)
    }

    pub const fn is_receipt(self) -> bool {
        self.0 & Self::TYPE_MASK == Self::RECEIPT.0
    }

    pub const fn is_intermediate_notification(self) -> bool {
        self.0 & Self::TYPE_MASK == Self::INTERMEDIATE_NOTIFICATION.0
    }

    pub const fn has_udh(self) -> bool {
        self.0 & Self::UDH.0 != 0
    }

    pub const fn has_reply_path(self) -> bool {
        self.0 & Self::REPLY_PATH.0 != 0
    }

    /// The same with the features and the type of `other` as well.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The same, saying that the user data has no header.
    pub const fn without_udh(self) -> Self {
        Self(self.0 & !Self::UDH.0)
    }
}

/// Which receipts and acknowledgements the sender asks for (SMPP 5.0 §4.7.21).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct RegisteredDelivery(pub u8);

impl RegisteredDelivery {
    pub const NONE: Self = Self(0);
    /// A receipt for success and for failure.
    pub const FINAL: Self = Self(1);
    pub const FAILURE: Self = Self(2);
    /// Since 5.0; reserved in 3.4.
    pub const SUCCESS: Self = Self(3);
    /// Notices on the way as well; bit 4 (3.4 names bit 5, but draws bit 4).
    pub const INTERMEDIATE: Self = Self(0x10);

    const RECEIPT_MASK: u8 = 0x03;

    /// The receipt alone, bits 1-0: compare it with `NONE`, `FINAL`, `FAILURE`, `SUCCESS`.
    pub const fn receipt(self) -> Self {
        Self(self.0 & Self::RECEIPT_MASK)
    }

    pub const fn wants_success(self) -> bool {
        matches!(self.receipt(), Self::FINAL | Self::SUCCESS)
    }

    pub const fn wants_failure(self) -> bool {
        matches!(self.receipt(), Self::FINAL | Self::FAILURE)
    }

    pub const fn wants_intermediate(self) -> bool {
        self.0 & Self::INTERMEDIATE.0 != 0
    }

    /// The nearest that a peer of `version` knows: 3.3 has a receipt or none.
    #[inline]
    pub const fn to(self, version: InterfaceVersion) -> Self {
        if version.has_tlvs() {
            return self;
        }
        if self.0 & Self::RECEIPT_MASK == 0 { Self::NONE } else { Self::FINAL }
    }
}

/// How far a message has come (SMPP 5.0 §4.7.15).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct MessageState(pub u8);

impl MessageState {
    /// Since 5.0; before, peers that send 0 mean nothing by it.
    pub const SCHEDULED: Self = Self(0);
    pub const ENROUTE: Self = Self(1);
    pub const DELIVERED: Self = Self(2);
    pub const EXPIRED: Self = Self(3);
    pub const DELETED: Self = Self(4);
    pub const UNDELIVERABLE: Self = Self(5);
    /// Read by someone on behalf of the subscriber; final by the book, on its way in practice.
    pub const ACCEPTED: Self = Self(6);
    pub const UNKNOWN: Self = Self(7);
    pub const REJECTED: Self = Self(8);
    /// Since 5.0.
    pub const SKIPPED: Self = Self(9);

    /// Whether the specification calls it final.
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::DELIVERED
                | Self::EXPIRED
                | Self::DELETED
                | Self::UNDELIVERABLE
                | Self::ACCEPTED
                | Self::REJECTED
                | Self::SKIPPED
        )
    }
}

/// How the user data is coded (SMPP 5.0 §4.7.7).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct DataCoding(pub u8);

impl DataCoding {
    /// The message centre's own alphabet: usually GSM 7-bit, one septet an octet; a setting of each peer.
    pub const DEFAULT: Self = Self(0x00);
    pub const ASCII: Self = Self(0x01);
    /// 8-bit binary, TDMA and CDMA.
    pub const OCTETS_CDMA: Self = Self(0x02);
    pub const LATIN_1: Self = Self(0x03);
    /// 8-bit binary.
    pub const OCTETS: Self = Self(0x04);
    pub const JIS: Self = Self(0x05);
    pub const CYRILLIC: Self = Self(0x06);
    pub const HEBREW: Self = Self(0x07);
    /// Big endian; surrogate pairs occur.
    pub const UCS2: Self = Self(0x08);
    pub const PICTOGRAM: Self = Self(0x09);
    pub const ISO_2022_JP: Self = Self(0x0A);
    pub const EXTENDED_KANJI: Self = Self(0x0D);
    pub const KS_C_5601: Self = Self(0x0E);
}

/// The version of the protocol a peer speaks (SMPP 5.0 §4.7.13).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct InterfaceVersion(pub u8);

impl InterfaceVersion {
    pub const V3_3: Self = Self(0x33);
    pub const V3_4: Self = Self(0x34);
    pub const V5_0: Self = Self(0x50);

    /// The version whose rules hold: the highest one not above this number. 0 to 0x33 are 3.3 or older.
    pub const fn rules(self) -> Self {
        match self.0 {
            0..=0x33 => Self::V3_3,
            0x34..=0x4F => Self::V3_4,
            _ => Self::V5_0,
        }
    }

    /// Whether TLVs may be sent to a peer of this version.
    pub const fn has_tlvs(self) -> bool {
        self.0 >= Self::V3_4.0
    }
}

/// As it is said, `3.4`; an unlisted number in hexadecimal.
impl fmt::Display for InterfaceVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::V3_3 => f.write_str("3.3"),
            Self::V3_4 => f.write_str("3.4"),
            Self::V5_0 => f.write_str("5.0"),
            Self(other) => write!(f, "0x{other:02X}"),
        }
    }
}
