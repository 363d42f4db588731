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
    /// What the centre itself found open when it came back: only these may come twice.
    pub in_doubt: usize,
    /// Given to the carrier twice in one life, or more often than twice: nothing excuses these.
    pub unexcused: usize,
    /// Receipts that were asked for, and how many of them never came home in either life.
    pub receipts: usize,
    pub receipts_lost: usize,
}

impl Verdict {
    /// Judges one round: `first` is what the carrier was given before the restart, `second` what came after it.
    pub(crate) fn of(told: &Told, first: &[Message], second: &[Message], in_doubt: usize) -> Self {
        let (first, second) = (counted(first), counted(second));
        let arrived = |text: &&String| first.contains_key(*text) || second.contains_key(*text);
        let refused: HashSet<&String> = told.refused.iter().collect();
        let again = |counts: &HashMap<String, usize>| counts.values().map(|count| count - 1).sum::<usize>();
        Self {
            acknowledged: told.acknowledged.len(),
            lost: told.acknowledged.iter().filter(|text| !arrived(text)).count(),
            refused_but_sent: refused.into_iter().filter(arrived).count(),
            duplicates: first.keys().filter(|text| second.contains_key(*text)).count(),
            in_doubt,
            unexcused: again(&first) + again(&second),
            ..Self::default()
        }
    }

    /// Whether the promise was kept.
    #[must_use]
    pub fn holds(&self) -> bool {
        let Self { lost, refused_but_sent, duplicates, in_doubt, unexcused, receipts_lost, .. } = *self;
        lost + refused_but_sent + unexcused + receipts_lost == 0 && duplicates <= in_doubt
    }

    /// Adds another round.
    pub fn add(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.lost += other.lost;
        self.refused_but_sent += other.refused_but_sent;
        self.duplicates += other.duplicates;
        self.in_doubt += other.in_doubt;
        self.unexcused += other.unexcused;
        self.receipts += other.receipts;
        self.receipts_lost += other.receipts_lost;
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            acknowledged,
            lost,
            refused_but_sent,
            duplicates,
            in_doubt,
            unexcused,
            receipts,
            receipts_lost,
        } = self;
        let among = if duplicates <= in_doubt { "all among" } else { "MORE THAN" };
        write!(
            f,
            "{acknowledged} acknowledged, {lost} lost, {duplicates} duplicates ({among} the {in_doubt} open intents)"
        )?;
        if *receipts > 0 {
            write!(f, ", {receipts} receipts, {receipts_lost} lost")?;
        }
        if *refused_but_sent > 0 || *unexcused > 0 {
            write!(f, ", {refused_but_sent} sent although refused, {unexcused} sent twice in one life")?;
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
            ..Told::default()
        }
    }

    #[test]
    fn what_arrived_in_either_life_is_not_lost() {
        let verdict = Verdict::of(&told(), &texts(&["a", "u"]), &texts(&["b"]), 0);
        assert_eq!(verdict, Verdict { acknowledged: 2, ..Verdict::default() });
        assert!(verdict.holds());
    }

    #[test]
    fn what_never_arrived_is_lost() {
        let verdict = Verdict::of(&told(), &texts(&["a"]), &[], 10);
        assert_eq!(verdict.lost, 1);
        assert!(!verdict.holds());
    }

    #[test]
    fn a_message_sent_in_both_lives_was_in_doubt_and_more_than_were_open_is_too_many() {
        let verdict = |in_doubt| Verdict::of(&told(), &texts(&["a", "b"]), &texts(&["b"]), in_doubt);
        assert_eq!(verdict(1).duplicates, 1);
        assert!(verdict(1).holds() && !verdict(0).holds());
    }

    #[test]
    fn a_message_sent_twice_in_one_life_or_after_a_refusal_has_no_excuse() {
        assert!(!Verdict::of(&told(), &texts(&["a", "a", "b"]), &[], 10).holds());
        assert!(!Verdict::of(&told(), &texts(&["a", "b", "r"]), &[], 10).holds());
    }
}
