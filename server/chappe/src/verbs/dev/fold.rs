//! Folds chatter: so many lines of a kind in a while, the rest as a count.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// What is of the same kind: an account or link, a word, and what tells two of them apart.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) struct Kind {
    pub(super) name: String,
    pub(super) word: &'static str,
    /// Set where only the same text is the same kind.
    pub(super) text: Option<String>,
}

impl Kind {
    /// Lines shown, and the time they are counted over: a single kind of message may come in thousands, a wrong
    /// password comes from a loop.
    fn bound(&self) -> (u64, Duration) {
        match self.text {
            None => (10, Duration::from_secs(1)),
            Some(_) => (1, Duration::from_secs(5)),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    since: Instant,
    count: u64,
    /// Of a kind that ran over, nothing is shown until it pauses: the lines would only scroll.
    runs_over: bool,
}

impl Seen {
    fn shown(&self, bound: u64) -> u64 {
        if self.runs_over { 0 } else { self.count.min(bound) }
    }
}

/// The kinds of the last seconds. Bounded: what is over is forgotten at each [`over`](Fold::over).
#[derive(Debug, Default)]
pub(super) struct Fold(HashMap<Kind, Seen>);

/// Kinds at once; beyond it nothing is folded together any more, and nothing shown.
const KINDS_MAX: usize = 1_000;

impl Fold {
    /// Whether a line of this kind is shown; one that is not is counted.
    pub(super) fn shows(&mut self, kind: &Kind, now: Instant) -> bool {
        if self.0.len() >= KINDS_MAX && !self.0.contains_key(kind) {
            return false;
        }
        let fresh = Seen { since: now, count: 0, runs_over: false };
        let seen = self.0.entry(kind.clone()).or_insert(fresh);
        seen.count += 1;
        seen.shown(kind.bound().0) == seen.count
    }

    /// The kinds whose time is over, with the lines that were not shown and that time.
    pub(super) fn over(&mut self, now: Instant) -> Vec<(Kind, u64, Duration)> {
        let mut folded = Vec::new();
        self.0.retain(|kind, seen| {
            let (bound, time) = kind.bound();
            if now.duration_since(seen.since) < time {
                return true;
            }
            let hidden = seen.count - seen.shown(bound);
            if hidden > 0 {
                folded.push((kind.clone(), hidden, time));
            }
            *seen = Seen { since: now, count: 0, runs_over: true };
            hidden > 0
        });
        folded.sort();
        folded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_is_shown_once_and_then_counted() {
        let (mut fold, start) = (Fold::default(), Instant::now());
        let kind = Kind { name: "dev".into(), word: "refused", text: Some("wrong password".into()) };
        let shown = (0..13).filter(|_| fold.shows(&kind, start)).count();
        assert_eq!(shown, 1);
        assert!(fold.over(start + Duration::from_secs(1)).is_empty());
        let five = Duration::from_secs(5);
        assert_eq!(fold.over(start + five), [(kind.clone(), 12, five)]);
        assert!(!fold.shows(&kind, start + five));
        assert_eq!(fold.over(start + 2 * five), [(kind.clone(), 1, five)]);
        assert!(fold.over(start + 3 * five).is_empty());
        assert!(fold.shows(&kind, start + 3 * five));
    }
}
