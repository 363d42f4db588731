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

/// Whether the sender asked to hear that a message is still on its way (`registered_delivery` bit 4, SMPP 5.0
/// §4.7.21), and this state is such news.
pub fn owes_notice(registered_delivery: u8, state: State) -> bool {
    registered_delivery & INTERMEDIATE != 0 && !state.is_final()
}

/// Whether the sender asked for anything that is told when the message is over.
pub fn asks_for_receipt(registered_delivery: u8) -> bool {
    registered_delivery & 0b11 != 0
}

/// What a recipient's phone is asked to acknowledge (`registered_delivery` bits 2 and 3, SMPP 5.0 §4.7.21).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SmeAcks {
    /// That the message was read in by the recipient's application.
    pub delivery: bool,
    /// What the recipient's user pressed.
    pub manual: bool,
}

/// The acknowledgements that the sender asked the recipient for.
pub fn sme_acks(registered_delivery: u8) -> SmeAcks {
    SmeAcks { delivery: registered_delivery & 0x04 != 0, manual: registered_delivery & 0x08 != 0 }
}

/// The `registered_delivery` for a carrier: always every final state, since the centre needs the end of each message;
/// what only the recipient or the network can answer is asked for as the sender did.
pub fn asked_of_carrier(registered_delivery: u8) -> u8 {
    1 | (registered_delivery & (INTERMEDIATE | SME_ACKS))
}

/// How bad an end is, for the one receipt of a long message: the worst part speaks for the whole.
pub fn badness(state: State) -> u8 {
    match state {
        State::Delivered => 0,
        State::Accepted => 1,
        State::Enroute => 2,
        State::Skipped => 3,
        State::Unknown => 4,
        State::Expired => 5,
        State::Deleted => 6,
        State::Undeliverable => 7,
        State::Rejected => 8,
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
        Reason::CarrierRefused | Reason::RejectedByCarrier | Reason::RejectedByHand => State::Rejected,
        Reason::CancelledBySender => State::Deleted,
        Reason::UnknownFate | Reason::NoReceipt => State::Unknown,
        _ => State::Undeliverable,
    }
}

/// `registered_delivery` bit 4: news of a message that is still on its way.
const INTERMEDIATE: u8 = 0x10;
/// `registered_delivery` bits 2 and 3: what the recipient acknowledges.
const SME_ACKS: u8 = 0x0C;

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

    #[test]
    fn each_bit_asks_for_its_own_and_for_nothing_else() {
        for asked in 0..=u8::MAX {
            let (delivery, manual) = (asked & 4 != 0, asked & 8 != 0);
            assert_eq!(sme_acks(asked), SmeAcks { delivery, manual });
            assert_eq!(owes_notice(asked, State::Enroute), asked & 0x10 != 0, "{asked:#x}");
            assert!(!owes_notice(asked, State::Delivered), "{asked:#x}");
            assert_eq!(asks_for_receipt(asked), State::ALL.iter().any(|state| owes_receipt(asked, *state)));
            assert_eq!(asked_of_carrier(asked) & 0b11, 1, "{asked:#x}");
            assert_eq!(asked_of_carrier(asked) & 0x1C, asked & 0x1C, "{asked:#x}");
        }
    }

    #[test]
    fn a_delivery_is_the_best_of_ends_and_no_two_are_equally_bad() {
        let mut states = State::ALL;
        states.sort_by_key(|state| badness(*state));
        assert_eq!(states[0], State::Delivered);
        assert!(states.is_sorted_by(|one, other| badness(*one) < badness(*other)));
    }
}
