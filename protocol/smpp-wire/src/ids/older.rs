//! What a status is to a peer of an older version.

use super::{Class, CommandStatus, InterfaceVersion};

impl CommandStatus {
    /// The nearest status that a peer of `version` knows; a vendor's own passes.
    #[inline]
    pub fn to(self, version: InterfaceVersion) -> Self {
        if self.is_ok() || version >= InterfaceVersion::V5_0 {
            return self;
        }
        let status = self.in_v3_4();
        if version >= InterfaceVersion::V3_4 { status } else { status.in_v3_3() }
    }

    /// 5.0 has statuses of its own from 0x100 on, in the block that 3.4 keeps for later versions.
    fn in_v3_4(self) -> Self {
        const EXTENSION: core::ops::RangeInclusive<u32> = 0x0100..=0x03FF;
        match self {
            Self::PROHIBITED => Self::RECEIVER_REJECT_ERROR,
            Self::SERVICE_TYPE_UNAUTHORISED | Self::SERVICE_TYPE_UNAVAILABLE | Self::SERVICE_TYPE_DENIED => {
                Self::INVALID_SERVICE_TYPE
            }
            Self::INVALID_SOURCE_SUBUNIT | Self::INVALID_DESTINATION_SUBUNIT => Self::INVALID_TLV_VALUE,
            Self::BROADCAST_QUERY_FAILED => Self::QUERY_FAILED,
            Self::BROADCAST_CANCEL_FAILED => Self::CANCEL_FAILED,
            // The coding and all about broadcasts, which 3.4 has no word for.
            Self(code) if EXTENSION.contains(&code) => Self::SUBMIT_FAILED,
            _ => self,
        }
    }

    /// What 3.4 added is a system error where a later try may help, else an unknown error; five took the number of
    /// a status of 3.3 with nearly the same meaning.
    fn in_v3_3(self) -> Self {
        match self {
            Self::CANCEL_FAILED
            | Self::REPLACE_FAILED
            | Self::INVALID_SERVICE_TYPE
            | Self::INVALID_LIST_NAME
            | Self::SUBMIT_FAILED => self,
            _ => match self.facts() {
                Some(facts) if facts.since > InterfaceVersion::V3_3 => match facts.class {
                    Class::Temporary | Class::Throttle => Self::SYSTEM_ERROR,
                    _ => Self::UNKNOWN_ERROR,
                },
                _ => self,
            },
        }
    }
}
