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
/// A schedule lies no further ahead than this.
pub const SCHEDULE_MAX: Duration = Duration::from_secs(7 * 24 * 3600);

/// A message that may enter.
#[derive(Clone, Copy, Debug)]
pub struct Admitted<'p> {
    pub route: &'p Route,
    /// The first way of the route.
    pub target: Target,
    pub class: Class,
    /// No attempt begins before this; [`Timestamp::ZERO`]: at once.
    pub due: Timestamp,
    /// No attempt begins after this.
    pub valid_until: Timestamp,
}

/// Judges a message that an account submits, to leave at `due` ([`Timestamp::ZERO`]: at once). Rate and window are judged
/// before, per batch.
///
/// # Errors
///
/// The reason that names what is wrong; the message was not counted anywhere.
pub fn outward<'p>(
    policy: &'p Policy,
    account: &Account,
    message: &Message<'_>,
    due: Timestamp,
    now: Timestamp,
) -> Result<Admitted<'p>, Reason> {
    addresses(account, message)?;
    text(message)?;
    let leaves = schedule(due, now)?;
    let valid_until = validity(message, leaves)?;
    let route = policy.routes.outward(message.destination.normal()).ok_or(Reason::NoRoute)?;
    let target = *route.via.first().ok_or(Reason::NoRoute)?;
    let class = account.class_of(message.service_type);
    Ok(Admitted { route, target, class, due, valid_until })
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
    Ok(Admitted { route, target, class: Class::Transactional, due: Timestamp::ZERO, valid_until })
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

/// When the message may leave first.
fn schedule(due: Timestamp, now: Timestamp) -> Result<Timestamp, Reason> {
    match due {
        Timestamp::ZERO => Ok(now),
        due if due < now || due > now + SCHEDULE_MAX => Err(Reason::InvalidSchedule),
        due => Ok(due),
    }
}

/// When it may not leave any more. Validity counts from the first moment at which the message may leave.
fn validity(message: &Message<'_>, leaves: Timestamp) -> Result<Timestamp, Reason> {
    if message.valid_until == Timestamp::ZERO {
        return Ok(leaves + VALIDITY_DEFAULT);
    }
    if message.valid_until <= leaves {
        return Err(Reason::InvalidValidity);
    }
    Ok(message.valid_until.min(leaves + VALIDITY_MAX))
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
            assert_eq!(
                outward(&policy(), &account, &message, Timestamp::ZERO, now).map(|_| ()),
                expected,
                "{message:?}"
            );
        }
    }

    #[test]
    fn a_message_lives_two_days_unless_told_and_a_week_at_most() {
        let (policy, account, now) = (policy(), Account::new("acme"), Timestamp(5));
        let lives = |valid_until| {
            let message = Message { valid_until, ..to(b"3851") };
            outward(&policy, &account, &message, Timestamp::ZERO, now)
                .map(|admitted| admitted.valid_until.since(now))
        };
        assert_eq!(lives(Timestamp::ZERO), Ok(VALIDITY_DEFAULT));
        assert_eq!(lives(Timestamp(u64::MAX)), Ok(VALIDITY_MAX));
        assert_eq!(lives(now + Duration::from_secs(60)), Ok(Duration::from_secs(60)));
    }

    #[test]
    fn a_schedule_lies_ahead_and_before_the_end_of_the_validity() {
        const HOUR: Duration = Duration::from_secs(3600);
        let (policy, account, now) = (policy(), Account::new("acme"), Timestamp(1_000_000_000));
        let lives = |due, valid_until| {
            let message = Message { valid_until, ..to(b"3851") };
            outward(&policy, &account, &message, due, now)
                .map(|admitted| (admitted.due, admitted.valid_until.since(due)))
        };
        let (ahead, never) = (now + HOUR, Timestamp::ZERO);
        assert_eq!(lives(ahead, never), Ok((ahead, VALIDITY_DEFAULT)));
        assert_eq!(lives(ahead, ahead + HOUR), Ok((ahead, HOUR)));
        assert_eq!(lives(ahead, Timestamp(u64::MAX)), Ok((ahead, VALIDITY_MAX)));
        assert_eq!(lives(now, never), Ok((now, VALIDITY_DEFAULT)));
        assert_eq!(lives(now + SCHEDULE_MAX, never), Ok((now + SCHEDULE_MAX, VALIDITY_DEFAULT)));
        for (due, valid_until, reason) in [
            (Timestamp(999_999_999), never, Reason::InvalidSchedule),
            (now + SCHEDULE_MAX + Duration::from_secs(1), never, Reason::InvalidSchedule),
            (Timestamp(u64::MAX), never, Reason::InvalidSchedule),
            (ahead, now + Duration::from_secs(60), Reason::InvalidValidity),
            (ahead, ahead, Reason::InvalidValidity),
        ] {
            assert_eq!(lives(due, valid_until), Err(reason), "{due:?} {valid_until:?}");
        }
    }
}
