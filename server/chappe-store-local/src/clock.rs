//! The store's time: it runs with the monotonic clock and leans towards the wall clock.

use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use chappe_core::Timestamp;
use rustix::time::{ClockId, clock_gettime};

/// Tells the time of records, retries and validities.
///
/// A wall clock that is put forward or back moves this one by at most a tenth of the time that passes, so that nothing
/// expires because somebody set a clock.
#[derive(Debug)]
pub(crate) struct Clock(Mutex<Slew>);

impl Clock {
    /// A clock that never tells a time before `earliest`, which the journal tells last.
    pub(crate) fn new(earliest: Timestamp) -> Self {
        let wall = wall();
        let slew = Slew::new(monotonic(), wall, earliest.0);
        if slew.shown > wall {
            tracing::warn!(
                seconds = (slew.shown - wall) / SECOND,
                "the wall clock is behind the journal; the store's time goes on from there, slower until it is caught up"
            );
        }
        Self(Mutex::new(slew))
    }

    pub(crate) fn now(&self) -> Timestamp {
        // Nothing that can panic runs under this lock.
        let mut slew = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, jump) = slew.at(monotonic(), wall());
        drop(slew);
        match jump {
            None => {}
            Some(Jump::Followed { micros }) => tracing::warn!(
                seconds = micros / SECOND.cast_signed(),
                "the wall clock jumped by more than a day; the store's time went with it"
            ),
            Some(Jump::Leaned { micros }) => tracing::warn!(
                seconds = micros / SECOND.cast_signed(),
                "the wall clock jumped; the store's time follows it by at most a tenth"
            ),
        }
        Timestamp(now)
    }
}

const SECOND: u64 = 1_000_000;
/// The store's time leans once in so many microseconds: often enough to be smooth, and long enough for its tenth to
/// be more than a rounding.
const STRIDE: u64 = 10_000;
/// A difference between wall and monotonic clock that changes by more at once is a jump.
const JUMP: u64 = SECOND;
/// A wall clock that is put forward by more than this was not set before (a machine that starts in 1970): it is
/// followed at once, for leaning would take weeks.
const FOLLOWED: u64 = 24 * 3600 * SECOND;

/// What the wall clock did between two looks, in microseconds; negative: it was put back.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Jump {
    Leaned { micros: i64 },
    Followed { micros: i64 },
}

/// The time in microseconds, from given clocks.
#[derive(Debug)]
struct Slew {
    /// The monotonic and the wall clock at the last stride, and the time that was told then.
    monotonic: u64,
    wall: u64,
    base: u64,
    /// The latest time that was told.
    shown: u64,
}

impl Slew {
    fn new(monotonic: u64, wall: u64, earliest: u64) -> Self {
        let base = wall.max(earliest);
        Self { monotonic, wall, base, shown: base }
    }

    /// The time, and what the wall clock did if it was more than to run.
    fn at(&mut self, monotonic: u64, wall: u64) -> (u64, Option<Jump>) {
        let passed = monotonic.saturating_sub(self.monotonic);
        let straight = self.base.saturating_add(passed);
        if passed >= STRIDE && wall > straight.saturating_add(FOLLOWED) {
            let micros = (wall - straight).try_into().unwrap_or(i64::MAX);
            *self = Self { monotonic, wall, base: wall, shown: wall };
            return (wall, Some(Jump::Followed { micros }));
        }
        let lean = passed / 10;
        let leaned = wall.clamp(straight - lean, straight.saturating_add(lean));
        self.shown = self.shown.max(leaned);
        if passed < STRIDE {
            return (self.shown, None);
        }
        let expected = self.wall.saturating_add(passed);
        let jumped = wall.abs_diff(expected) > JUMP.max(lean);
        let micros = i64::try_from(i128::from(wall) - i128::from(expected)).unwrap_or(i64::MAX);
        (self.monotonic, self.wall, self.base) = (monotonic, wall, self.shown);
        (self.shown, jumped.then_some(Jump::Leaned { micros }))
    }
}

/// Microseconds that run on while the machine sleeps, and that nobody sets.
fn monotonic() -> u64 {
    let time = clock_gettime(ClockId::Boottime);
    let micros = i128::from(time.tv_sec) * i128::from(SECOND) + i128::from(time.tv_nsec) / 1000;
    u64::try_from(micros).unwrap_or(0)
}

/// Microseconds since 1970, as the machine's clock tells them.
fn wall() -> u64 {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(wall.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3600 * SECOND;
    const NOON: u64 = 1_800_000_000 * SECOND;

    /// Looks every 10 ms for `duration`, with the wall clock `off` microseconds from the first time and the monotonic.
    fn run(slew: &mut Slew, from: u64, duration: u64, off: i64) -> (u64, Vec<Jump>) {
        let mut jumps = Vec::new();
        let mut last = slew.shown;
        for monotonic in (from..=from + duration).step_by(10_000) {
            let wall = (NOON + monotonic).checked_add_signed(off).unwrap();
            let (now, jump) = slew.at(monotonic, wall);
            assert!(now >= last, "time ran backwards");
            last = now;
            jumps.extend(jump);
        }
        (last, jumps)
    }

    #[test]
    fn with_a_wall_clock_that_runs_straight_it_is_the_wall_clock() {
        let mut slew = Slew::new(0, NOON, 0);
        let (now, jumps) = run(&mut slew, 0, 60 * SECOND, 0);
        assert_eq!((now, jumps), (NOON + 60 * SECOND, vec![]));
    }

    #[test]
    fn a_jump_of_an_hour_either_way_moves_it_by_a_tenth_of_what_passes_and_is_told_once() {
        for hours in [-1_i64, 1] {
            let off = hours * HOUR.cast_signed();
            let mut slew = Slew::new(0, NOON, 0);
            run(&mut slew, 0, SECOND, 0);
            let (now, jumps) = run(&mut slew, SECOND + 10_000, 60 * SECOND, off);
            assert_eq!(jumps, [Jump::Leaned { micros: off }]);
            let moved = (now.cast_signed() - (NOON + 61 * SECOND + 10_000).cast_signed()) * hours;
            let tenth = (6 * SECOND).cast_signed();
            assert!((tenth - 100_000..=tenth + 100_000).contains(&moved), "{moved}");
            // Eleven hours on it has caught up.
            let (now, jumps) = run(&mut slew, 62 * SECOND, 11 * HOUR, off);
            assert_eq!(now, (NOON + 62 * SECOND + 11 * HOUR).checked_add_signed(off).unwrap());
            assert_eq!(jumps, []);
        }
    }

    #[test]
    fn it_leans_however_often_it_is_asked() {
        let mut slew = Slew::new(0, NOON, 0);
        for monotonic in 0..SECOND {
            slew.at(monotonic, NOON + HOUR + monotonic);
        }
        let moved = slew.shown - NOON - SECOND;
        assert!((90_000..=100_000).contains(&moved), "{moved}");
    }

    #[test]
    fn behind_a_journal_of_the_future_it_goes_on_slower_and_never_stands_still() {
        let mut slew = Slew::new(0, NOON, NOON + HOUR);
        assert_eq!(slew.at(0, NOON).0, NOON + HOUR);
        let (now, jumps) = run(&mut slew, 0, 100 * SECOND, 0);
        assert_eq!((now, jumps), (NOON + HOUR + 90 * SECOND, vec![]));
    }

    #[test]
    fn a_wall_clock_that_was_never_set_is_followed_at_once() {
        let mut slew = Slew::new(0, 5 * SECOND, 0);
        let (now, jump) = slew.at(SECOND, NOON);
        assert_eq!(now, NOON);
        assert!(matches!(jump, Some(Jump::Followed { .. })), "{jump:?}");
        assert_eq!(slew.at(2 * SECOND, NOON + SECOND), (NOON + SECOND, None));
    }

    #[test]
    fn a_monotonic_clock_that_stands_holds_the_time_rather_than_break_it() {
        let mut slew = Slew::new(SECOND, NOON, 0);
        assert_eq!(slew.at(0, NOON + HOUR), (NOON, None));
        assert_eq!(slew.at(0, 0), (NOON, None));
    }

    #[test]
    fn the_clocks_of_the_machine_run() {
        let clock = Clock::new(Timestamp::ZERO);
        let first = clock.now();
        assert!(wall().abs_diff(first.0) < SECOND);
        assert!(clock.now() >= first);
    }
}
