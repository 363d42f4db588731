//! What ends a message, and who hears of it.

pub use sms_text::receipt::State;

use crate::reason::Reason;

/// Whether the sender asked to hear of this final state (`registered_delivery`, SMPP 5.0 §4.7.21).
pub fn owes_receipt(registered_delivery: u8, state: State) -> bool {
    match registered_delivery & 0b11 {
        0 => false,
        1 => true,
        2 => state != State::Delivered,
        _ => state == State::Delivered,
    }
}

/// The reason that a final state stands for; none for a delivery.
pub fn reason(state: State) -> Option<Reason> {
    match state {
        State::Delivered | State::Accepted | State::Enroute => None,
        State::Expired => Some(Reason::ValidityEnded),
        State::Deleted => Some(Reason::DeletedByCarrier),
        State::Undeliverable => Some(Reason::Undeliverable),
        State::Rejected | State::Skipped => Some(Reason::RejectedByCarrier),
        State::Unknown => Some(Reason::UnknownFate),
    }
}

/// The final state of a message that failed for this reason before any carrier took it.
pub fn state_of(reason: Reason) -> State {
    match reason {
        Reason::ValidityEnded => State::Expired,
        Reason::CarrierRefused | Reason::RejectedByCarrier => State::Rejected,
        Reason::UnknownFate => State::Unknown,
        _ => State::Undeliverable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_owed_as_it_was_asked_for() {
        let cases = [
            (0, State::Delivered, false),
            (1, State::Delivered, true),
            (1, State::Expired, true),
            (2, State::Delivered, false),
            (2, State::Undeliverable, true),
            (3, State::Delivered, true),
            (3, State::Expired, false),
            // The intermediate bit asks for nothing final.
            (0x10, State::Delivered, false),
        ];
        for (registered_delivery, state, owed) in cases {
            assert_eq!(owes_receipt(registered_delivery, state), owed, "{registered_delivery} {state:?}");
        }
    }
}
