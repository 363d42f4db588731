//! What was promised against what the carrier was given.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::load::Told;
use crate::frames::Message;

/// The sum of one round, or of many.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Verdict {
    pub acknowledged: usize,
    /// Acknowledged, and never given to the carrier.
    pub lost: usize,
    /// Refused, and given to the carrier all the same.
    pub refused_but_sent: usize,
    /// Given to the carrier in both lives of the centre: in doubt at the kill, and sent again.
    pub duplicates: usize,
    /// Given to the carrier twice in one life, or more often than twice: nothing excuses these.
    pub unexcused: usize,
}

impl Verdict {
    /// Judges one round: `first` is what the carrier was given before the restart, `second` what came after it.
    pub(crate) fn of(told: &Told, first: &[Message], second: &[Message]) -> Self {
        let (first, second) = (counted(first), counted(second));
        let arrived = |text: &&String| first.contains_key(*text) || second.contains_key(*text);
        let refused: HashSet<&String> = told.refused.iter().collect();
        let again = |counts: &HashMap<String, usize>| counts.values().map(|count| count - 1).sum::<usize>();
        Self {
            acknowledged: told.acknowledged.len(),
            lost: told.acknowledged.iter().filter(|text| !arrived(text)).count(),
            refused_but_sent: refused.into_iter().filter(arrived).count(),
            duplicates: first.keys().filter(|text| second.contains_key(*text)).count(),
            unexcused: again(&first) + again(&second),
        }
    }

    /// Whether the promise was kept with at most `in_doubt_max` messages open at the kill.
    #[must_use]
    pub fn holds(&self, in_doubt_max: usize) -> bool {
        let Self {
            acknowledged: _,
            lost,
            refused_but_sent,
            duplicates,
            unexcused,
        } = *self;
        lost == 0 && refused_but_sent == 0 && unexcused == 0 && duplicates <= in_doubt_max
    }

    /// Adds another round.
    pub fn add(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.lost += other.lost;
        self.refused_but_sent += other.refused_but_sent;
        self.duplicates += other.duplicates;
        self.unexcused += other.unexcused;
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            acknowledged,
            lost,
            refused_but_sent,
            duplicates,
            unexcused,
        } = self;
        write!(
            f,
            "{acknowledged} acknowledged, {lost} lost, {duplicates} duplicates (all among open intents)"
        )?;
        if *refused_but_sent > 0 || *unexcused > 0 {
            write!(
                f,
                ", {refused_but_sent} sent although refused, {unexcused} sent twice in one life"
            )?;
        }
        Ok(())
    }
}

fn counted(messages: &[Message]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for message in messages {
        *counts.entry(message.as_text()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(of: &[&str]) -> Vec<Message> {
        of.iter().map(|text| Message::text("a", "b", text)).collect()
    }

    fn told() -> Told {
        Told {
            acknowledged: vec!["a".to_owned(), "b".to_owned()],
            refused: vec!["r".to_owned()],
            unanswered: vec!["u".to_owned()],
        }
    }

    #[test]
    fn what_arrived_in_either_life_is_not_lost() {
        let verdict = Verdict::of(&told(), &texts(&["a", "u"]), &texts(&["b"]));
        assert_eq!(
            verdict,
            Verdict {
                acknowledged: 2,
                ..Verdict::default()
            }
        );
        assert!(verdict.holds(0));
    }

    #[test]
    fn what_never_arrived_is_lost() {
        let verdict = Verdict::of(&told(), &texts(&["a"]), &[]);
        assert_eq!(verdict.lost, 1);
        assert!(!verdict.holds(10));
    }

    #[test]
    fn a_message_sent_in_both_lives_was_in_doubt_and_more_than_the_windows_hold_is_too_many() {
        let verdict = Verdict::of(&told(), &texts(&["a", "b"]), &texts(&["b"]));
        assert_eq!(verdict.duplicates, 1);
        assert!(verdict.holds(1) && !verdict.holds(0));
    }

    #[test]
    fn a_message_sent_twice_in_one_life_or_after_a_refusal_has_no_excuse() {
        assert!(!Verdict::of(&told(), &texts(&["a", "a", "b"]), &[]).holds(10));
        assert!(!Verdict::of(&told(), &texts(&["a", "b", "r"]), &[]).holds(10));
    }
}
