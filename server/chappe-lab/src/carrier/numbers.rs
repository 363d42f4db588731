//! The numbers that misbehave, for people: what [`Fate::of`] does, with examples.

/// A rule of the last six digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rule {
    /// Six digits; letters stand for digits that are free.
    pub ending: &'static str,
    /// What becomes of a message to such a number.
    pub says: &'static str,
    /// Endings to try, and what they stand for.
    pub examples: &'static [(&'static str, &'static str)],
}

/// Every rule, in the order of its digits; all other numbers deliver.
pub const RULES: &[Rule] = &[
    Rule {
        ending: "000ddd",
        says: "submit_sm is answered with command_status ddd, in decimal",
        examples: &[
            ("000088", "throttled"),
            ("000020", "queue full"),
            ("000008", "system error"),
            ("000011", "bad destination"),
            ("000069", "submit failed"),
        ],
    },
    Rule {
        ending: "001eee",
        says: "taken, then UNDELIV with err eee",
        examples: &[("001027", "absent"), ("001001", "unknown subscriber")],
    },
    Rule { ending: "002eee", says: "taken, then EXPIRED with err eee", examples: &[] },
    Rule { ending: "003eee", says: "taken, then REJECTD with err eee", examples: &[] },
    Rule { ending: "004000", says: "delivered; no receipt, ever", examples: &[] },
    Rule { ending: "005sss", says: "delivered after sss seconds", examples: &[("005030", "half a minute")] },
    Rule { ending: "006000", says: "delivered; the receipt comes before the answer", examples: &[] },
    Rule { ending: "007000", says: "delivered; the receipt comes twice", examples: &[] },
    Rule { ending: "008000", says: "the connection drops before the answer", examples: &[] },
    Rule { ending: "009000", says: "phone off: ENROUTE until it is switched on", examples: &[] },
];

#[cfg(test)]
mod tests {
    use super::super::Fate;
    use super::*;

    #[test]
    fn every_rule_and_example_is_one_that_the_carrier_follows() {
        for rule in RULES {
            let number = rule.ending.replace(|free: char| free.is_ascii_lowercase(), "7");
            let fate = Fate::of(number.as_bytes());
            assert_ne!(fate, Fate::DELIVERED, "{}", rule.ending);
            for (ending, _) in rule.examples {
                let same =
                    std::mem::discriminant(&Fate::of(ending.as_bytes())) == std::mem::discriminant(&fate);
                assert!(same && ending.starts_with(&rule.ending[..3]), "{ending}");
            }
        }
    }

    #[test]
    fn no_number_misbehaves_without_a_rule() {
        for number in 0..1_000_000 {
            let number = format!("{number:06}");
            let ruled = RULES.iter().any(|rule| {
                let fits = |(given, wanted): (u8, u8)| wanted.is_ascii_lowercase() || given == wanted;
                number.bytes().zip(rule.ending.bytes()).all(fits)
            });
            assert!(ruled || Fate::of(number.as_bytes()) == Fate::DELIVERED, "{number}");
        }
    }
}
