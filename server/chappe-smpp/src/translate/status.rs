//! A reason as a `command_status`.

use chappe_core::Reason;
use smpp_wire::{CommandStatus, InterfaceVersion};

/// What a session of this version hears: the numbers of 5.0 are never sent to an older peer (BEHAVIOUR §2).
pub(crate) fn status(reason: Reason, version: InterfaceVersion) -> CommandStatus {
    CommandStatus(match version.rules() {
        InterfaceVersion::V5_0 => reason.status_v50(),
        _ => reason.status_v34(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_5_0_session_hears_the_numbers_of_5_0() {
        let reason = Reason::AccountSuspended;
        for (version, heard) in [
            (InterfaceVersion(0), 0x66),
            (InterfaceVersion::V3_3, 0x66),
            (InterfaceVersion::V3_4, 0x66),
            (InterfaceVersion::V5_0, 0x101),
        ] {
            assert_eq!(status(reason, version), CommandStatus(heard), "{version:?}");
        }
    }
}
