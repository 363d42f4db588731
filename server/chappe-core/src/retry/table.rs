//! The table of a link.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::rule::{Consequence, Rule};
use super::waits::Waits;
use crate::reason::Reason;

/// What happens next to a message that was not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Next {
    /// Again after this wait; `counts` says whether it used up an attempt.
    Again { after: Duration, counts: bool, reason: Reason },
    /// Over the next link of its route; where there is none, never again.
    Elsewhere { reason: Reason },
    /// Never again.
    Failed { reason: Reason },
}

/// What a link's negative answers mean: its own rules first, then the defaults of BEHAVIOUR §4.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RetryTable {
    /// The link's own, the narrowest range first.
    own: Vec<(RangeInclusive<u32>, Rule)>,
    pub waits: Waits,
}

impl RetryTable {
    /// Adds a rule of the link. Of several that cover a status, the narrowest range counts; of equally wide ones the
    /// later.
    #[must_use]
    pub fn with(mut self, statuses: RangeInclusive<u32>, rule: Rule) -> Self {
        let width = |range: &RangeInclusive<u32>| range.end().saturating_sub(*range.start());
        let at = self.own.partition_point(|(own, _)| width(own) < width(&statuses));
        self.own.insert(at, (statuses, rule));
        self
    }

    /// The link's own rules, the narrowest first.
    pub fn own(&self) -> &[(RangeInclusive<u32>, Rule)] {
        &self.own
    }

    /// The rule for a status, and the reason it stands for. [`Reason::UnmappedStatus`] asks for a warning: neither the
    /// link's rules nor the specification know the status.
    pub fn rule(&self, status: u32) -> (Rule, Reason) {
        let (default, reason) = default_of(status);
        let own = self.own.iter().find(|(statuses, _)| statuses.contains(&status));
        match own {
            None => (default, reason),
            Some((_, rule)) if reason == Reason::UnmappedStatus => (*rule, reason_of(rule.consequence)),
            Some((_, rule)) => (*rule, reason),
        }
    }

    /// Judges a negative answer to a message that failed `attempts` times before and was accepted `age` ago. The link
    /// gives up after `attempts_max` tries whatever its rules say.
    pub fn after_refusal(&self, status: u32, attempts: u32, attempts_max: u32, age: Duration) -> Next {
        let (rule, reason) = self.rule(status);
        let tries_max = match rule.consequence {
            Consequence::Throttle => {
                return Next::Again { after: self.waits.throttled(age), counts: false, reason };
            }
            Consequence::Session => {
                return Next::Again { after: self.waits.session, counts: false, reason };
            }
            Consequence::Temporary { again: None } => attempts_max,
            Consequence::Temporary { again: Some(again) } => attempts_max.min(again.saturating_add(1)),
            Consequence::Permanent => 0,
        };
        if attempts.saturating_add(1) < tries_max {
            Next::Again { after: self.waits.after(attempts), counts: true, reason }
        } else if rule.alternate {
            Next::Elsewhere { reason }
        } else {
            Next::Failed { reason }
        }
    }
}

/// The defaults (BEHAVIOUR §4), as ranges in ascending order without a gap.
#[rustfmt::skip]
const DEFAULTS: &[(u32, Rule, Reason)] = &[
    // (first status, rule, reason); a row reaches up to the next one.
    (0x000, Rule::PERMANENT,                                    Reason::CarrierRefused),
    (0x004, Rule::new(Consequence::Session),                    Reason::NotBound),
    (0x006, Rule::PERMANENT,                                    Reason::CarrierRefused),
    (0x008, TEMPORARY.then_alternate(),                         Reason::CarrierError),
    (0x009, Rule::PERMANENT,                                    Reason::CarrierRefused),
    (0x00A, Rule::PERMANENT,                                    Reason::CarrierInvalidSource),
    (0x00B, Rule::PERMANENT,                                    Reason::CarrierInvalidDestination),
    (0x00C, Rule::PERMANENT,                                    Reason::CarrierRefused),
    (0x014, Rule::new(Consequence::Throttle),                   Reason::CarrierQueueFull),
    (0x015, Rule::PERMANENT,                                    Reason::CarrierRefused),
    (0x045, Rule::PERMANENT.then_alternate(),                   Reason::CarrierRefused),
    (0x046, Rule::PERMANENT,                                    Reason::CarrierRefused),
    (0x058, Rule::new(Consequence::Throttle),                   Reason::CarrierThrottled),
    (0x059, Rule::PERMANENT,                                    Reason::CarrierRefused),
    (0x064, TEMPORARY,                                          Reason::CarrierError),
    (0x065, Rule::PERMANENT,                                    Reason::CarrierRefused),
    (0x0FE, TWICE.then_alternate(),                             Reason::CarrierError),
    (0x100, Rule::PERMANENT,                                    Reason::CarrierRefused),
    // Reserved, and the vendors' own: they say nothing without a table of theirs.
    (0x113, TWICE,                                              Reason::UnmappedStatus),
];

const TEMPORARY: Rule = Rule::new(Consequence::Temporary { again: None });
const TWICE: Rule = Rule::new(Consequence::Temporary { again: Some(2) });

fn default_of(status: u32) -> (Rule, Reason) {
    let next = DEFAULTS.partition_point(|(first, _, _)| *first <= status);
    let (_, rule, reason) = DEFAULTS[next.saturating_sub(1)];
    (rule, reason)
}

/// What a rule of the link makes of a status that says nothing by itself.
fn reason_of(consequence: Consequence) -> Reason {
    match consequence {
        Consequence::Throttle => Reason::CarrierThrottled,
        Consequence::Session => Reason::NotBound,
        Consequence::Temporary { .. } => Reason::CarrierError,
        Consequence::Permanent => Reason::CarrierRefused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(after: u64, counts: bool, reason: Reason) -> Next {
        Next::Again { after: Duration::from_secs(after), counts, reason }
    }

    fn after(table: &RetryTable, status: u32, attempts: u32) -> Next {
        table.after_refusal(status, attempts, 10, Duration::ZERO)
    }

    #[test]
    fn each_status_has_its_consequence() {
        use Reason::{
            CarrierError, CarrierInvalidDestination, CarrierInvalidSource, CarrierQueueFull, CarrierRefused,
            CarrierThrottled, NotBound, UnmappedStatus,
        };
        let failed = |reason| Next::Failed { reason };
        let cases = [
            (0x58, 99, again(1, false, CarrierThrottled)),
            (0x14, 99, again(1, false, CarrierQueueFull)),
            (0x04, 99, again(1, false, NotBound)),
            (0x05, 0, again(1, false, NotBound)),
            (0x08, 0, again(1, true, CarrierError)),
            (0x08, 2, again(25, true, CarrierError)),
            (0x08, 9, Next::Elsewhere { reason: CarrierError }),
            (0x64, 8, again(900, true, CarrierError)),
            (0x64, 9, failed(CarrierError)),
            (0x0A, 0, failed(CarrierInvalidSource)),
            (0x0B, 0, failed(CarrierInvalidDestination)),
            (0x45, 0, Next::Elsewhere { reason: CarrierRefused }),
            (0x61, 0, failed(CarrierRefused)),
            (0x65, 0, failed(CarrierRefused)),
            (0x66, 0, failed(CarrierRefused)),
            (0xFE, 1, again(5, true, CarrierError)),
            (0xFF, 2, Next::Elsewhere { reason: CarrierError }),
            (0x101, 0, failed(CarrierRefused)),
            (0x113, 0, again(1, true, UnmappedStatus)),
            (0x421, 1, again(5, true, UnmappedStatus)),
            (0x421, 2, failed(UnmappedStatus)),
            (u32::MAX, 2, failed(UnmappedStatus)),
        ];
        for (status, attempts, next) in cases {
            assert_eq!(after(&RetryTable::default(), status, attempts), next, "{status:#x} after {attempts}");
        }
    }

    #[test]
    fn the_defaults_rise_without_a_gap() {
        assert_eq!(DEFAULTS.first().map(|row| row.0), Some(0));
        assert!(DEFAULTS.windows(2).all(|rows| rows[0].0 < rows[1].0));
    }

    #[test]
    fn a_link_has_rules_of_its_own_and_the_narrowest_counts() {
        let rule = |text: &str| text.parse::<Rule>().unwrap();
        let table = RetryTable::default()
            .with(0x421..=0x421, rule("permanent"))
            .with(0x400..=0x4FF, rule("temporary 5"))
            .with(0x0B..=0x0B, rule("alternate"))
            .with(0x400..=u32::MAX, rule("throttle"));
        let cases = [
            (0x421, 0, Next::Failed { reason: Reason::CarrierRefused }),
            (0x422, 4, again(625, true, Reason::CarrierError)),
            (0x422, 5, Next::Failed { reason: Reason::CarrierError }),
            (0x500, 0, again(1, false, Reason::CarrierThrottled)),
            // A status that the specification knows keeps its reason.
            (0x0B, 0, Next::Elsewhere { reason: Reason::CarrierInvalidDestination }),
            (0x0A, 0, Next::Failed { reason: Reason::CarrierInvalidSource }),
        ];
        for (status, attempts, next) in cases {
            assert_eq!(after(&table, status, attempts), next, "{status:#x} after {attempts}");
        }
    }

    #[test]
    fn the_links_attempts_bound_every_rule() {
        let table = RetryTable::default().with(0x400..=0x400, "temporary 100".parse().unwrap());
        let next = table.after_refusal(0x400, 2, 3, Duration::ZERO);
        assert_eq!(next, Next::Failed { reason: Reason::CarrierError });
    }

    #[test]
    fn a_message_throttled_again_and_again_rests_longer() {
        let rest = |age| match RetryTable::default().after_refusal(0x58, 0, 10, Duration::from_secs(age)) {
            Next::Again { after, .. } => after.as_secs(),
            _ => 0,
        };
        assert_eq!([0, 8, 80, 86_400].map(rest), [1, 1, 10, 60]);
    }

    #[test]
    fn the_last_wait_repeats() {
        let mut table = RetryTable::default();
        table.waits = table.waits.with_steps([2, 3].map(Duration::from_secs).into());
        let waits = [0, 1, 2, 7].map(|attempts| after(&table, 0x64, attempts));
        assert_eq!(waits, [2, 3, 3, 3].map(|secs| again(secs, true, Reason::CarrierError)));
    }
}
