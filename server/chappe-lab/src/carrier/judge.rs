//! What becomes of a submit_sm: the number's fate, or what the settings draw for it.

use rand::{Rng, RngExt, rngs::SmallRng};
use smpp_wire::{CommandStatus, SubmitSm};
use sms_text::receipt::State;

use super::{CarrierSettings, Fate, Outcome};
use crate::air::Party;

/// `err` of the messages that fail by the share the settings ask for.
const ERR_UNDELIVERED: u16 = 1;

/// The fate of a message that passed the throttle.
pub(crate) fn judge(settings: &CarrierSettings, message: &SubmitSm<'_>, chance: &mut SmallRng) -> Fate {
    if let Some(status) = unreadable(message) {
        return Fate::Refused(status.0);
    }
    let by_number = match settings.numbers_misbehave {
        true => Fate::of(message.destination.digits),
        false => Fate::DELIVERED,
    };
    if by_number != Fate::DELIVERED {
        return by_number;
    }
    if drawn(settings.error_share, chance) {
        return Fate::Refused(settings.error_status);
    }
    if drawn(settings.undelivered_share, chance) {
        return Fate::Ends(Outcome { state: State::Undeliverable, err: ERR_UNDELIVERED });
    }
    Fate::DELIVERED
}

/// Addresses that no receipt could carry home.
fn unreadable(message: &SubmitSm<'_>) -> Option<CommandStatus> {
    if message.source.digits.len() > Party::OCTETS_MAX {
        return Some(CommandStatus::INVALID_SOURCE_ADDRESS);
    }
    (message.destination.digits.is_empty() || message.destination.digits.len() > Party::OCTETS_MAX)
        .then_some(CommandStatus::INVALID_DESTINATION_ADDRESS)
}

fn drawn(share: f64, chance: &mut SmallRng) -> bool {
    share > 0.0 && chance.random_bool(share.min(1.0))
}

/// `base_ms` and up to `jitter_ms` more.
pub(crate) fn with_jitter(base_ms: u64, jitter_ms: u64, chance: &mut SmallRng) -> u64 {
    match jitter_ms {
        0 => base_ms,
        // The bias of the remainder is far below a jitter's meaning.
        _ => base_ms.saturating_add(chance.next_u64() % jitter_ms.saturating_add(1)),
    }
}
