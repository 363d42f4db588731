//! What one status means.

use std::fmt;
use std::str::FromStr;

/// What happens to a message when a carrier answers with a certain status.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Consequence {
    /// The carrier wants less: the message rests, and it costs no attempt.
    Throttle,
    /// The session is at fault, not the message: again soon, and it costs no attempt.
    Session,
    /// Again with growing waits, this often after the first try; as often as the link's `attempts_max` allows if none
    /// is given.
    Temporary { again: Option<u32> },
    /// Never again over this link.
    Permanent,
}

/// A consequence, and whether the route's next link is tried before the message fails.
///
/// Written as in the configuration: `throttle`, `session`, `temporary`, `temporary 5`, `permanent`, and behind the
/// last three `then alternate`; `alternate` alone is `permanent then alternate`, and a final `then permanent` may be
/// written out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rule {
    pub consequence: Consequence,
    pub alternate: bool,
}

/// The text is not a rule.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "a rule is \"throttle\", \"session\", \"permanent\", \"temporary\" or \"temporary 5\", \"alternate\", or \"temporary 5 then alternate\""
)]
pub struct NotARule;

impl Rule {
    /// Never again, and no other way.
    pub const PERMANENT: Self = Self { consequence: Consequence::Permanent, alternate: false };

    /// A rule without another way.
    pub const fn new(consequence: Consequence) -> Self {
        Self { consequence, alternate: false }
    }

    /// The same, and the route's next link before the message fails.
    pub const fn then_alternate(self) -> Self {
        Self { alternate: true, ..self }
    }
}

impl FromStr for Rule {
    type Err = NotARule;

    fn from_str(text: &str) -> Result<Self, NotARule> {
        let steps: Vec<&str> = text.split(" then ").map(str::trim).collect();
        // What comes after everything else has failed may be said or left out.
        let steps = match steps.as_slice() {
            [steps @ .., "permanent"] if !steps.is_empty() => steps,
            steps => steps,
        };
        match steps {
            ["alternate"] => Ok(Self::PERMANENT.then_alternate()),
            [first] => Ok(Self::new(consequence(first)?)),
            [first, "alternate"] => match consequence(first)? {
                Consequence::Throttle | Consequence::Session => Err(NotARule),
                given => Ok(Self::new(given).then_alternate()),
            },
            _ => Err(NotARule),
        }
    }
}

fn consequence(text: &str) -> Result<Consequence, NotARule> {
    match text.split_once(' ') {
        None => match text {
            "throttle" => Ok(Consequence::Throttle),
            "session" => Ok(Consequence::Session),
            "temporary" => Ok(Consequence::Temporary { again: None }),
            "permanent" => Ok(Consequence::Permanent),
            _ => Err(NotARule),
        },
        Some(("temporary", count)) => {
            let again = count.trim().parse().ok().filter(|again| (1..=1000).contains(again));
            Ok(Consequence::Temporary { again: Some(again.ok_or(NotARule)?) })
        }
        Some(_) => Err(NotARule),
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.consequence, self.alternate) {
            (Consequence::Permanent, true) => return f.write_str("alternate"),
            (Consequence::Throttle, _) => f.write_str("throttle")?,
            (Consequence::Session, _) => f.write_str("session")?,
            (Consequence::Permanent, false) => f.write_str("permanent")?,
            (Consequence::Temporary { again: None }, _) => f.write_str("temporary")?,
            (Consequence::Temporary { again: Some(again) }, _) => write!(f, "temporary {again}")?,
        }
        if self.alternate { f.write_str(" then alternate") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_reads_as_it_prints() {
        for text in [
            "throttle",
            "session",
            "permanent",
            "temporary",
            "temporary 5",
            "alternate",
            "temporary then alternate",
            "temporary 2 then alternate",
        ] {
            assert_eq!(text.parse::<Rule>().map(|rule| rule.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn the_end_of_a_rule_may_be_written_out() {
        for (long, short) in [
            ("alternate then permanent", "alternate"),
            ("permanent then alternate", "alternate"),
            ("temporary 5 then permanent", "temporary 5"),
            ("temporary 5 then alternate then permanent", "temporary 5 then alternate"),
        ] {
            assert_eq!(long.parse::<Rule>(), short.parse(), "{long}");
        }
    }

    #[test]
    fn what_cannot_be_done_is_no_rule() {
        for text in [
            "",
            "retry",
            "temporary 0",
            "temporary x",
            "temporary 1001",
            "throttle then alternate",
            "alternate then temporary",
            "temporary 2 then temporary 3",
            "permanent then permanent then alternate",
        ] {
            assert_eq!(text.parse::<Rule>(), Err(NotARule), "{text}");
        }
    }
}
