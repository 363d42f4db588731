//! What a carrier's answer means for a message (BEHAVIOUR §4), as data.

use std::time::Duration;

use crate::reason::Reason;

/// What happens next to a message that was not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Next {
    /// Again after this wait; `counts` says whether it used up an attempt.
    Again { after: Duration, counts: bool, reason: Reason },
    /// Never again.
    Failed { reason: Reason },
}

/// Every cause of one kind.
#[derive(Clone, Copy)]
enum Kind {
    /// Slow down; costs no attempt.
    Throttle(Reason),
    /// Again, with growing waits, up to the link's attempts.
    Temporary(Reason),
    /// Again twice, then given up.
    Twice(Reason),
    /// The session is at fault, not the message.
    Session(Reason),
    Permanent(Reason),
}

fn kind(status: u32) -> Kind {
    match status {
        0x58 => Kind::Throttle(Reason::CarrierThrottled),
        0x14 => Kind::Throttle(Reason::CarrierQueueFull),
        0x08 | 0x64 => Kind::Temporary(Reason::CarrierError),
        0x04 | 0x05 => Kind::Session(Reason::NotBound),
        0x0A => Kind::Permanent(Reason::CarrierInvalidSource),
        0x0B => Kind::Permanent(Reason::CarrierInvalidDestination),
        0xFE | 0xFF => Kind::Twice(Reason::CarrierError),
        // Vendors' own numbers say nothing without a table of theirs.
        0x400.. => Kind::Twice(Reason::UnmappedStatus),
        _ => Kind::Permanent(Reason::CarrierRefused),
    }
}

/// Judges a negative answer to a message that was tried `attempts` times before and was accepted `age` ago.
pub fn after_refusal(status: u32, attempts: u32, attempts_max: u32, age: Duration) -> Next {
    let again = |reason, max: u32| {
        if attempts + 1 >= max {
            Next::Failed { reason }
        } else {
            Next::Again { after: wait(attempts), counts: true, reason }
        }
    };
    match kind(status) {
        Kind::Throttle(reason) => Next::Again { after: rest(age), counts: false, reason },
        Kind::Session(reason) => Next::Again { after: Duration::from_secs(1), counts: false, reason },
        Kind::Temporary(reason) => again(reason, attempts_max),
        Kind::Twice(reason) => again(reason, attempts_max.min(3)),
        Kind::Permanent(reason) => Next::Failed { reason },
    }
}

/// How long a throttled message rests: an eighth of its age, from 1 s to a minute. It costs no attempt, so without this
/// a number that is throttled for ever would be tried every second for ever, before all that came later.
fn rest(age: Duration) -> Duration {
    (age / 8).clamp(Duration::from_secs(1), Duration::from_secs(60))
}

/// 1 s, 5 s, 25 s, ... up to 15 minutes.
fn wait(attempts: u32) -> Duration {
    Duration::from_secs(5_u64.saturating_pow(attempts.min(8)).min(900))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_has_its_consequence() {
        let again = |after, counts, reason| Next::Again { after: Duration::from_secs(after), counts, reason };
        let cases = [
            (0x58, 99, again(1, false, Reason::CarrierThrottled)),
            (0x14, 99, again(1, false, Reason::CarrierQueueFull)),
            (0x08, 0, again(1, true, Reason::CarrierError)),
            (0x08, 2, again(25, true, Reason::CarrierError)),
            (0x08, 9, Next::Failed { reason: Reason::CarrierError }),
            (0x0B, 0, Next::Failed { reason: Reason::CarrierInvalidDestination }),
            (0x45, 0, Next::Failed { reason: Reason::CarrierRefused }),
            (0x421, 1, again(5, true, Reason::UnmappedStatus)),
            (0x421, 2, Next::Failed { reason: Reason::UnmappedStatus }),
        ];
        for (status, attempts, next) in cases {
            assert_eq!(
                after_refusal(status, attempts, 10, Duration::ZERO),
                next,
                "{status:#x} after {attempts}"
            );
        }
    }

    #[test]
    fn a_message_throttled_again_and_again_rests_longer() {
        let rest = |age| match after_refusal(0x58, 0, 10, Duration::from_secs(age)) {
            Next::Again { after, .. } => after.as_secs(),
            Next::Failed { .. } => 0,
        };
        assert_eq!([0, 8, 80, 86_400].map(rest), [1, 1, 10, 60]);
    }
}
