//! May this message enter, and which way does it go?
//!
//! Pure: one policy snapshot, one message, one verdict. The first refusal wins, in the order
//! account, limits, addresses, text, route (DESIGN: the way of one submit_sm).

use std::time::Duration;

use crate::account::Account;
use crate::message::{Class, Message};
use crate::policy::Policy;
use crate::reason::Reason;
use crate::route::{Route, Target};
use crate::time::Timestamp;

/// The longest user data of one message: what a message_payload can carry.
pub const USER_DATA_MAX: usize = 65_535;
/// A message lives this long if its sender does not say.
pub const VALIDITY_DEFAULT: Duration = Duration::from_secs(48 * 3600);
/// A longer validity is clamped to this.
pub const VALIDITY_MAX: Duration = Duration::from_secs(7 * 24 * 3600);

/// A message that may enter.
#[derive(Clone, Copy, Debug)]
pub struct Admitted<'p> {
    pub route: &'p Route,
    /// The first way of the route.
    pub target: Target,
    pub class: Class,
    /// No attempt begins after this.
    pub valid_until: Timestamp,
}

/// Judges a message that an account submits. Rate and window are judged before, per batch.
///
/// # Errors
///
/// The reason that names what is wrong; the message was not counted anywhere.
pub fn outward<'p>(
    policy: &'p Policy,
    account: &Account,
    message: &Message<'_>,
    now: Timestamp,
) -> Result<Admitted<'p>, Reason> {
    addresses(account, message)?;
    text(message)?;
    let valid_until = validity(message, now)?;
    let route = policy.routes.outward(message.destination.normal()).ok_or(Reason::NoRoute)?;
    let target = *route.via.first().ok_or(Reason::NoRoute)?;
    Ok(Admitted { route, target, class: account.class, valid_until })
}

/// Judges a message that came in over a link.
///
/// # Errors
///
/// The reason that names what is wrong; the carrier is answered with it.
pub fn inward<'p>(policy: &'p Policy, message: &Message<'_>, now: Timestamp) -> Result<Admitted<'p>, Reason> {
    text(message)?;
    let valid_until = validity(message, now)?;
    let route = policy.routes.inward(message.destination.normal()).ok_or(Reason::NoRoute)?;
    let target = *route.via.first().ok_or(Reason::NoRoute)?;
    Ok(Admitted { route, target, class: Class::Transactional, valid_until })
}

fn addresses(account: &Account, message: &Message<'_>) -> Result<(), Reason> {
    // 20 octets by the specification; generous up to what a record carries.
    if message.source.digits.len() > 64 {
        return Err(Reason::InvalidSource);
    }
    if !account.sources.allow(message.source.digits) && !account.sources.allow(message.source.normal()) {
        return Err(Reason::SenderNotRegistered);
    }
    if !message.destination.is_number() {
        return Err(Reason::InvalidDestination);
    }
    Ok(())
}

fn text(message: &Message<'_>) -> Result<(), Reason> {
    const UDHI: u8 = 0x40;
    if message.user_data.len() > USER_DATA_MAX || message.service_type.len() > 64 {
        return Err(Reason::InvalidLength);
    }
    // A header longer than what carries it (SMPP 5.0 §4.7.12).
    if message.esm_class & UDHI != 0 {
        match message.user_data.first() {
            Some(length) if usize::from(*length) < message.user_data.len() => {}
            _ => return Err(Reason::InvalidEsmClass),
        }
    }
    Ok(())
}

fn validity(message: &Message<'_>, now: Timestamp) -> Result<Timestamp, Reason> {
    if message.valid_until == Timestamp::ZERO {
        return Ok(now + VALIDITY_DEFAULT);
    }
    if message.valid_until <= now {
        return Err(Reason::InvalidValidity);
    }
    Ok(message.valid_until.min(now + VALIDITY_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Sources;
    use crate::address::Address;
    use crate::party::LinkId;
    use crate::route::Routes;

    fn policy() -> Policy {
        let route = Route {
            name: "croatia".into(),
            destination: vec!["385*".into()],
            via: vec![Target::Link(LinkId(1))],
        };
        Policy::new([], [], Routes::new(vec![route]), 1)
    }

    fn to(digits: &[u8]) -> Message<'_> {
        Message { destination: Address { ton: 1, npi: 1, digits }, user_data: b"hi", ..Message::default() }
    }

    #[test]
    fn the_first_refusal_wins() {
        let mut account = Account::new("acme");
        account.sources = Sources::new(["ACME"]);
        let good = to(b"385911234567");
        let now = Timestamp(1_000_000);
        let cases = [
            (good, Ok(())),
            (to(b"+385911234567"), Ok(())),
            (to(b"00385911234567"), Ok(())),
            (to(b"49171"), Err(Reason::NoRoute)),
            (to(b""), Err(Reason::InvalidDestination)),
            (to(b"38591x"), Err(Reason::InvalidDestination)),
            (to(b"385911234567890123456"), Err(Reason::InvalidDestination)),
            (
                Message { source: Address { ton: 5, npi: 0, digits: b"OTHER" }, ..good },
                Err(Reason::SenderNotRegistered),
            ),
            (Message { esm_class: 0x40, user_data: &[5, 0, 3], ..good }, Err(Reason::InvalidEsmClass)),
            (Message { valid_until: Timestamp(1), ..good }, Err(Reason::InvalidValidity)),
        ];
        for (message, expected) in cases {
            assert_eq!(outward(&policy(), &account, &message, now).map(|_| ()), expected, "{message:?}");
        }
    }

    #[test]
    fn a_message_lives_two_days_unless_told_and_a_week_at_most() {
        let (policy, account, now) = (policy(), Account::new("acme"), Timestamp(5));
        let lives = |valid_until| {
            let message = Message { valid_until, ..to(b"3851") };
            outward(&policy, &account, &message, now).map(|admitted| admitted.valid_until.since(now))
        };
        assert_eq!(lives(Timestamp::ZERO), Ok(VALIDITY_DEFAULT));
        assert_eq!(lives(Timestamp(u64::MAX)), Ok(VALIDITY_MAX));
        assert_eq!(lives(now + Duration::from_secs(60)), Ok(Duration::from_secs(60)));
    }
}
