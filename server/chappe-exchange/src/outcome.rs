//! What an outcome means for the message: from what an outlet reports to what the store settles.

use std::time::Duration;

use chappe_core::lifecycle::{self, State};
use chappe_core::retry::{Consequence, Next, RetryTable};
use chappe_core::{InDoubt, Link, Reason, Target, Timestamp};
use chappe_store::{ErrorCode, Final, Settled};

use crate::settings::Settings;

/// What a link's outcome settles. `attempts` is asked for only where it matters: after a refusal.
pub(crate) fn taken(link: Option<&Link>, remote: Box<[u8]>, now: Timestamp) -> Settled {
    if link.is_none_or(|link| link.receipts) {
        return Settled::Sent { remote };
    }
    // The carrier's OK is all there will be (DESIGN §5).
    Settled::Ended(Final { state: State::Accepted, error: ErrorCode::default(), reason: None, at: now })
}

/// What a message went through before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tries {
    pub(crate) attempts: u16,
    pub(crate) accepted_at: Timestamp,
}

/// What a carrier's negative answer leads to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Judged {
    Settled(Settled),
    /// Over the next link of the route; where there is none, it failed.
    Elsewhere {
        reason: Reason,
    },
}

/// A carrier answered with an error. A link that is gone judges as a new one does.
pub(crate) fn refused(link: Option<&Link>, status: u32, tries: Tries, now: Timestamp) -> Judged {
    let age = now.since(tries.accepted_at);
    let attempts = u32::from(tries.attempts);
    let next = match link {
        Some(link) => link.retry.after_refusal(status, attempts, link.attempts_max, age),
        None => RetryTable::default().after_refusal(status, attempts, ATTEMPTS_MAX, age),
    };
    match next {
        Next::Again { after, counts, reason } => {
            Judged::Settled(Settled::Deferred { due: now + after, reason, counts, in_doubt: false })
        }
        Next::Elsewhere { reason } => Judged::Elsewhere { reason },
        Next::Failed { reason } => Judged::Settled(Settled::Ended(failed(reason, now))),
    }
}

/// Over another link at once.
pub(crate) fn moved(target: Target, reason: Reason, now: Timestamp) -> Settled {
    Settled::Moved { target, due: now, reason, counts: true, in_doubt: false }
}

/// Whether a status asks the centre to send less.
pub(crate) fn is_throttle(link: Option<&Link>, status: u32) -> bool {
    let rule = link.map(|link| link.retry.rule(status)).unwrap_or_else(|| RetryTable::default().rule(status));
    rule.0.consequence == Consequence::Throttle
}

/// The reason that a status stands for.
pub(crate) fn reason_of(link: Option<&Link>, status: u32) -> Reason {
    link.map(|link| link.retry.rule(status)).unwrap_or_else(|| RetryTable::default().rule(status)).1
}

/// Whether a message dropped its link so often that it leaves alone from here on.
pub(crate) fn is_suspect(link: Option<&Link>, drops: u8) -> bool {
    link.is_some_and(|link| drops > 0 && link.drops_max > 0 && drops.saturating_add(1) >= link.drops_max)
}

/// How a try ended of which nobody knows whether the carrier has the message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Doubt {
    /// The link was lost under it.
    Lost,
    /// No answer came in time.
    Silent,
    /// The centre was restarted before the answer.
    Restarted,
}

/// Nobody knows whether the carrier has it. What was tried as often as the link allows is given up.
pub(crate) fn in_doubt(link: Option<&Link>, doubt: Doubt, attempts: u16, now: Timestamp) -> Settled {
    let reason = match doubt {
        Doubt::Lost => Reason::LinkLost,
        Doubt::Silent | Doubt::Restarted => Reason::CarrierSilent,
    };
    // A restart is no fault of the message.
    let counts = doubt != Doubt::Restarted;
    let attempts_max = link.map_or(ATTEMPTS_MAX, |link| link.attempts_max);
    let (policy, hold) =
        link.map_or((InDoubt::Hold, Duration::from_secs(600)), |link| (link.in_doubt, link.hold));
    if policy == InDoubt::Fail || (counts && u32::from(attempts) + 1 >= attempts_max) {
        return Settled::Ended(failed(Reason::UnknownFate, now));
    }
    let wait = if policy == InDoubt::Hold { hold } else { Duration::ZERO };
    Settled::Deferred { due: now + wait, reason, counts, in_doubt: true }
}

/// It dropped the link alone, and not for the first time: a person looks at it.
pub(crate) fn quarantined() -> Settled {
    Settled::Held { reason: Reason::Quarantined }
}

/// It never left: again as soon as there is a place.
pub(crate) fn not_sent(now: Timestamp) -> Settled {
    waits(now)
}

/// It never left, and there will be no place for it before `due`. It waits for one until its validity ends.
pub(crate) fn waits(due: Timestamp) -> Settled {
    Settled::Deferred { due, reason: Reason::NotBound, counts: false, in_doubt: false }
}

/// It could not leave in time. What it last waited for, if for anything, says why.
pub(crate) fn expired(cause: Option<Reason>, now: Timestamp) -> Settled {
    let ended = failed(Reason::ValidityEnded, now);
    let error = cause.map_or(ended.error, |cause| ErrorCode::from_number(cause.err()));
    Settled::Ended(Final { error, ..ended })
}

/// An account's receiver answered a receipt or an inbound message with an error.
pub(crate) fn receiver_refused(status: u32, attempts: u16, settings: &Settings, now: Timestamp) -> Settled {
    const PERMANENT: [u32; 2] = [0x65, 0x66];
    if PERMANENT.contains(&status) || attempts + 1 >= settings.mailbox_attempts_max {
        return Settled::Ended(failed(Reason::ReceiverRefused, now));
    }
    let wait = settings.mailbox_retry * 2_u32.pow(u32::from(attempts.min(7)));
    Settled::Deferred { due: now + wait, reason: Reason::ReceiverBusy, counts: true, in_doubt: false }
}

pub(crate) fn failed(reason: Reason, now: Timestamp) -> Final {
    let error = ErrorCode::from_number(reason.err());
    Final { state: lifecycle::state_of(reason), error, reason: Some(reason), at: now }
}

/// Tries over a link that is gone.
const ATTEMPTS_MAX: u32 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_doubt_follows_the_policy_of_its_link() {
        let mut link = Link::new("a", "b", "c");
        let now = Timestamp(1);
        let due = |settled| match settled {
            Settled::Deferred { due, in_doubt: true, .. } => Some(due.since(now)),
            _ => None,
        };
        assert_eq!(due(in_doubt(Some(&link), Doubt::Lost, 0, now)), Some(Duration::from_secs(600)));
        link.in_doubt = InDoubt::Retry;
        assert_eq!(due(in_doubt(Some(&link), Doubt::Lost, 0, now)), Some(Duration::ZERO));
        link.in_doubt = InDoubt::Fail;
        let Settled::Ended(ended) = in_doubt(Some(&link), Doubt::Lost, 0, now) else { panic!("not ended") };
        assert_eq!((ended.state, ended.reason), (State::Unknown, Some(Reason::UnknownFate)));
        link.in_doubt = InDoubt::Hold;
        let last = in_doubt(Some(&link), Doubt::Silent, 9, now);
        assert!(matches!(last, Settled::Ended(_)), "what was tried ten times is given up: {last:?}");
    }

    #[test]
    fn a_receiver_that_is_busy_is_asked_again_and_one_that_refuses_is_believed() {
        let (settings, now) = (Settings::default(), Timestamp(0));
        let wait = |status, attempts| match receiver_refused(status, attempts, &settings, now) {
            Settled::Deferred { due, .. } => Some(due.as_secs()),
            _ => None,
        };
        assert_eq!(wait(0x64, 0), Some(5));
        assert_eq!(wait(0x64, 3), Some(40));
        assert_eq!(wait(0x64, 9), None);
        assert_eq!(wait(0x65, 0), None);
    }
}
