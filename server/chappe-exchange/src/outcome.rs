//! What an outcome means for the message: from what an outlet reports to what the store settles.

use std::time::Duration;

use chappe_core::lifecycle::{self, State};
use chappe_core::retry::Next;
use chappe_core::{InDoubt, Link, Reason, Timestamp};
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

/// A carrier answered with an error.
pub(crate) fn refused(link: Option<&Link>, status: u32, tries: Tries, now: Timestamp) -> Settled {
    let age = now.since(tries.accepted_at);
    // The answer of a link that is gone is its last word.
    let next = link.map_or(Next::Failed { reason: Reason::LinkGone }, |link| {
        link.retry.after_refusal(status, u32::from(tries.attempts), link.attempts_max, age)
    });
    match next {
        Next::Again { after, counts, reason } => {
            Settled::Deferred { due: now + after, reason, counts, in_doubt: false }
        }
        Next::Elsewhere { reason } | Next::Failed { reason } => Settled::Ended(failed(reason, now)),
    }
}

/// Nobody knows whether the carrier has it.
pub(crate) fn in_doubt(link: Option<&Link>, now: Timestamp) -> Settled {
    let again =
        |wait| Settled::Deferred { due: now + wait, reason: Reason::LinkLost, counts: true, in_doubt: true };
    match link.map(|link| (link.in_doubt, link.hold)) {
        Some((InDoubt::Hold, hold)) => again(hold),
        Some((InDoubt::Retry, _)) => again(Duration::ZERO),
        Some((InDoubt::Fail, _)) => Settled::Ended(failed(Reason::UnknownFate, now)),
        None => again(Duration::from_secs(600)),
    }
}

/// It never left: again as soon as there is a place.
pub(crate) fn not_sent(now: Timestamp) -> Settled {
    waits(now)
}

/// It never left, and there will be no place for it before `due`. It waits for one until its validity ends.
pub(crate) fn waits(due: Timestamp) -> Settled {
    Settled::Deferred { due, reason: Reason::NotBound, counts: false, in_doubt: false }
}

/// It could not leave in time.
pub(crate) fn expired(now: Timestamp) -> Settled {
    Settled::Ended(failed(Reason::ValidityEnded, now))
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

fn failed(reason: Reason, now: Timestamp) -> Final {
    let error = ErrorCode::from_number(reason.err());
    Final { state: lifecycle::state_of(reason), error, reason: Some(reason), at: now }
}

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
        assert_eq!(due(in_doubt(Some(&link), now)), Some(Duration::from_secs(600)));
        link.in_doubt = InDoubt::Retry;
        assert_eq!(due(in_doubt(Some(&link), now)), Some(Duration::ZERO));
        link.in_doubt = InDoubt::Fail;
        let Settled::Ended(ended) = in_doubt(Some(&link), now) else { panic!("not ended") };
        assert_eq!((ended.state, ended.reason), (State::Unknown, Some(Reason::UnknownFate)));
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
