//! When each message has to be looked at again: the timer of ends.

use std::collections::{BTreeMap, VecDeque};

use super::run::Run;

/// A message enters a bucket only once it is this old, in seconds: most are over before.
const YOUNG: u32 = 60;
/// Messages accepted within so many seconds of each other are one range.
const SPAN: u32 = 4;
/// Ranges of young messages, at most.
const RANGES: usize = 1024;
/// Sequence numbers are walked a page at a time, as the index keeps them.
const PAGE: u64 = 256;
/// Runs that may stand for nothing, beside one for each live message.
const SLACK: usize = 4096;

/// Sequence numbers by the second at which they are to be looked at.
///
/// It promises that a live message is found by [`due`](Self::due) at its end or before; it may be found early or twice,
/// and then enters again. Nothing is taken out when a message ends: what is over is passed over when its time comes, and
/// swept when too much of it stands here. So the usual message, over within seconds, costs a comparison.
///
/// - *Young* messages stand in ranges of sequence numbers, a range for each few seconds, with the earliest end in it.
/// - A range that has aged leaves, for each page of it where somebody still lives, one run in the bucket of that end.
/// - Buckets of a distant time are coarse and round down; when one is due, its messages enter finer ones.
#[derive(Debug, Default)]
pub(super) struct Wheel {
    young: VecDeque<Young>,
    buckets: BTreeMap<u32, Vec<Run>>,
    /// In all buckets.
    runs: usize,
    /// The bucket and the place in it where sweeping goes on.
    swept: (u32, usize),
}

/// Messages that were accepted at nearly the same time.
#[derive(Debug)]
struct Young {
    since: u32,
    first: u64,
    last: u64,
    /// The earliest end among them.
    end: u32,
}

/// Tells the first live message from the one sequence number to the other, both included, at most a page apart.
pub(super) trait Living: Fn(u64, u64) -> Option<u64> {}
impl<T: Fn(u64, u64) -> Option<u64>> Living for T {}

impl Wheel {
    /// A message was accepted; its sequence number is higher than most there were. Times are seconds since 1970.
    pub(super) fn accepted(&mut self, sequence: u64, end: u32, now: u32) {
        let follows = self.young.back().is_none_or(|young| sequence > young.last);
        if end <= now.saturating_add(YOUNG + SPAN) || !follows {
            return self.enter(sequence, end, now);
        }
        // Nothing ages while records are read again.
        let full = self.young.len() >= RANGES;
        match self.young.back_mut() {
            Some(young) if now < young.since.saturating_add(SPAN) || full => {
                young.last = sequence;
                young.end = young.end.min(end);
            }
            _ => self.young.push_back(Young { since: now, first: sequence, last: sequence, end }),
        }
    }

    /// A message is to be looked at by `end`.
    pub(super) fn enter(&mut self, sequence: u64, end: u32, now: u32) {
        self.enter_run(Run::one(sequence), end, now);
    }

    /// A message is to be looked at by an earlier end than it was to.
    pub(super) fn sooner(&mut self, sequence: u64, end: u32, now: u32) {
        let at = self.young.partition_point(|young| young.last < sequence);
        let young = self.young.get_mut(at).filter(|young| young.first <= sequence);
        match young {
            Some(young) if end > now.saturating_add(YOUNG + SPAN) => young.end = young.end.min(end),
            _ => self.enter(sequence, end, now),
        }
    }

    /// Finds live messages to look at by `now`. At most `limit` steps are taken, each over a page or less; what is left
    /// is found by the next call.
    pub(super) fn due(&mut self, now: u32, limit: usize, live: impl Living, found: &mut Vec<u64>) {
        let mut left = limit;
        self.age(now, &mut left, &live);
        while left > 0 {
            let Some(mut entry) = self.buckets.first_entry().filter(|entry| *entry.key() <= now) else {
                return;
            };
            let Some(mut run) = entry.get_mut().pop() else {
                entry.remove();
                continue;
            };
            self.runs -= 1;
            while let Some((first, last)) = run.page(PAGE).filter(|_| left > 0) {
                left -= 1;
                match live(first, last) {
                    Some(sequence) => {
                        found.push(sequence);
                        run.skip_to(sequence + 1);
                    }
                    None => run.skip_to(last + 1),
                }
            }
            if !run.is_empty() {
                entry.get_mut().push(run);
                self.runs += 1;
            }
        }
    }

    /// Takes out runs of what is over, where they outnumber what lives; at most `limit` steps.
    pub(super) fn sweep(&mut self, limit: usize, living: usize, live: impl Living) {
        let mut left = limit;
        while left > 0 && self.runs > 2 * living + SLACK {
            let (key, at) = self.swept;
            let Some((&key, runs)) = self.buckets.range_mut(key..).next() else {
                // Once around. What entered behind is swept by the next call.
                self.swept = (0, 0);
                return;
            };
            let mut at = if key == self.swept.0 { at } else { 0 };
            while at < runs.len() && left > 0 {
                trim(&mut runs[at], &mut left, &live);
                if runs[at].is_empty() {
                    runs.swap_remove(at);
                    self.runs -= 1;
                } else {
                    at += 1;
                }
            }
            self.swept = (key, at);
            if at >= runs.len() {
                runs.shrink_to(runs.len() * 2);
                self.swept = (key.saturating_add(1), 0);
            }
        }
    }

    /// Moves what is no longer young into buckets.
    fn age(&mut self, now: u32, left: &mut usize, live: &impl Living) {
        while let Some(young) = self.young.front_mut() {
            if young.since.saturating_add(YOUNG) > now || *left == 0 {
                return;
            }
            let (mut run, end) = (Run::new(young.first, young.last), young.end);
            let page = run.page(PAGE);
            let lives = page.and_then(|(first, last)| live(first, last));
            *left -= 1;
            if let Some((_, last)) = page {
                run.skip_to(last + 1);
                young.first = last + 1;
            }
            if run.is_empty() {
                self.young.pop_front();
            }
            if let (Some(first), Some((_, last))) = (lives, page) {
                self.enter_run(Run::new(first, last), end, now);
            }
        }
    }

    fn enter_run(&mut self, run: Run, end: u32, now: u32) {
        let runs = self.buckets.entry(bucket(end, now)).or_default();
        if runs.last_mut().is_some_and(|last| last.extend(run)) {
            return;
        }
        runs.push(run);
        self.runs += 1;
    }
}

/// Cuts off what is over at the beginning of a run.
fn trim(run: &mut Run, left: &mut usize, live: &impl Living) {
    while let Some((first, last)) = run.page(PAGE).filter(|_| *left > 0) {
        *left -= 1;
        if let Some(sequence) = live(first, last) {
            run.skip_to(sequence);
            return;
        }
        run.skip_to(last + 1);
    }
}

/// The bucket of an end: the farther away, the coarser, and never later than the end itself. There are no more than
/// some 1 300 buckets within a month.
fn bucket(end: u32, now: u32) -> u32 {
    const MINUTES: u32 = 120;
    const HOURS: u32 = 2 * 3600;
    const DAYS: u32 = 2 * 86_400;
    let coarse = match end.saturating_sub(now) {
        away if away <= MINUTES => 1,
        away if away <= HOURS => 32,
        away if away <= DAYS => 512,
        _ => 4096,
    };
    end - end % coarse
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// The first live one, as the index tells it.
    fn among(ends: &BTreeMap<u64, u32>) -> impl Fn(u64, u64) -> Option<u64> + '_ {
        |first, last| ends.range(first..=last).next().map(|(sequence, _)| *sequence)
    }

    /// What a store does with the wheel: looks, ends what is over its time, and lets the others enter again.
    fn expire(wheel: &mut Wheel, ends: &mut BTreeMap<u64, u32>, now: u32, limit: usize) -> Vec<u64> {
        let mut found = Vec::new();
        wheel.due(now, limit, among(ends), &mut found);
        let mut ended = Vec::new();
        for sequence in found {
            match ends.get(&sequence) {
                Some(end) if *end > now => wheel.enter(sequence, *end, now),
                Some(_) => {
                    ends.remove(&sequence);
                    ended.push(sequence);
                }
                None => {}
            }
        }
        wheel.sweep(limit, ends.len(), among(ends));
        ended
    }

    #[derive(Clone, Debug)]
    enum Op {
        Accept { count: u8, validity: u32 },
        Over { pick: u64, every: u64 },
        Move { pick: u64, validity: u32 },
        Pass { secs: u32 },
    }

    fn op() -> impl Strategy<Value = Op> {
        let validity = || prop_oneof![1..100_u32, 1..5000_u32, 1..300_000_u32];
        prop_oneof![
            4 => (1..=255_u8, validity()).prop_map(|(count, validity)| Op::Accept { count, validity }),
            2 => (0..2000_u64, 1..5_u64).prop_map(|(pick, every)| Op::Over { pick, every }),
            2 => (0..2000_u64, validity()).prop_map(|(pick, validity)| Op::Move { pick, validity }),
            4 => prop_oneof![1..5_u32, 50..80_u32, 1..20_000_u32].prop_map(|secs| Op::Pass { secs }),
        ]
    }

    proptest! {
        #[test]
        fn whoever_is_over_his_time_is_found_at_once_and_nobody_before(
            ops in proptest::collection::vec(op(), 1..60),
            limit in prop_oneof![1..8_usize, Just(100_000_usize)],
        ) {
            let (mut wheel, mut ends, mut next, mut now) = (Wheel::default(), BTreeMap::new(), 1_u64, 1_000_u32);
            for op in ops {
                match op {
                    Op::Accept { count, validity } => for _ in 0..count {
                        ends.insert(next, now + validity);
                        wheel.accepted(next, now + validity, now);
                        next += 1;
                    },
                    Op::Over { pick, every } => ends.retain(|sequence, _| sequence % every != pick % every || every == 1),
                    Op::Move { pick, validity } => {
                        let end = now + validity;
                        if let Some(before) = ends.get_mut(&(pick % next)) {
                            // As in a store: a later end is met when the earlier one is looked at.
                            if end < *before {
                                wheel.sooner(pick % next, end, now);
                            }
                            *before = end;
                        }
                    }
                    Op::Pass { secs } => now += secs,
                }
                let mut expected: Vec<u64> =
                    ends.iter().filter(|(_, end)| **end <= now).map(|(sequence, _)| *sequence).collect();
                let mut ended = Vec::new();
                for _ in 0..100_000 {
                    ended.extend(expire(&mut wheel, &mut ends, now, limit));
                    if ended.len() >= expected.len() {
                        break;
                    }
                }
                ended.sort_unstable();
                expected.sort_unstable();
                prop_assert_eq!(ended, expected);
            }
        }
    }

    #[test]
    fn what_is_over_within_a_minute_leaves_nothing() {
        let (mut wheel, mut ends) = (Wheel::default(), BTreeMap::new());
        for second in 0..600_u64 {
            let now = 1_000 + u32::try_from(second).unwrap();
            for sequence in second * 100..(second + 1) * 100 {
                ends.insert(sequence, now + 172_800);
                wheel.accepted(sequence, now + 172_800, now);
            }
            ends.retain(|sequence, _| sequence + 1000 > second * 100);
            assert!(expire(&mut wheel, &mut ends, now, 1000).is_empty());
        }
        assert_eq!(wheel.runs, 0);
        assert!(wheel.young.len() <= 20, "{}", wheel.young.len());
    }

    #[test]
    fn what_waits_long_stands_in_a_few_runs() {
        let (mut wheel, mut ends) = (Wheel::default(), BTreeMap::new());
        for sequence in 0..100_000_u64 {
            let now = 1_000 + u32::try_from(sequence / 1000).unwrap();
            ends.insert(sequence, now + 172_800);
            wheel.accepted(sequence, now + 172_800, now);
        }
        assert!(expire(&mut wheel, &mut ends, 2_000, 1000).is_empty());
        assert!(wheel.runs < 100, "{}", wheel.runs);
    }

    #[test]
    fn runs_of_what_is_over_do_not_gather() {
        let (mut wheel, mut ends, mut now) = (Wheel::default(), BTreeMap::new(), 1_000_u32);
        for sequence in 0..400_000_u64 {
            now += u32::from(sequence % 1000 == 0);
            // Every second one is over at once, so that no run grows; the others a while after they were young.
            if sequence % 2 == 0 {
                ends.insert(sequence, now + 172_800);
                wheel.enter(sequence, now + 172_800, now);
                ends.remove(&sequence.saturating_sub(2_000));
            }
            if sequence % 1000 == 0 {
                expire(&mut wheel, &mut ends, now, 4096);
            }
        }
        assert!(wheel.runs <= 2 * ends.len() + SLACK + 1000, "{} for {}", wheel.runs, ends.len());
    }
}
