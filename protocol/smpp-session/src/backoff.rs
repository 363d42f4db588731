//! When to try a connection again.

use std::time::Duration;

/// Why the last try came to nothing, as far as the pause depends on it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Setback {
    /// The connection failed or was lost.
    Lost,
    /// The bind was refused for who we are (0x0E, 0x0F, 0x53): a person has to mend it.
    Credentials,
    /// The bind was refused (0x0D, and whatever else is no matter of credentials).
    Refused,
    /// The peer holds an older session of ours for alive (0x05): that one has to die first, by the peer's timers.
    StillBound,
}

impl Setback {
    /// What a bind's refusal means for the next try.
    pub fn of(status: smpp_wire::CommandStatus) -> Self {
        match status.0 {
            0x0E | 0x0F | 0x53 => Self::Credentials,
            0x0D => Self::Refused,
            0x05 => Self::StillBound,
            _ => Self::Lost,
        }
    }
}

/// The pauses.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BackoffOptions {
    /// The first pause at least; it may be twice as long.
    pub min: Duration,
    /// The longest pause between tries.
    pub max: Duration,
    /// The first pause after a refused bind at least; it may be twice as long.
    pub refused: Duration,
    /// The pause after a bind that was refused for its credentials.
    pub credentials: Duration,
    /// The pause while the peer holds our old session for alive; it does not grow.
    pub still_bound: Duration,
}

impl Default for BackoffOptions {
    fn default() -> Self {
        Self {
            min: Duration::from_secs(1),
            max: Duration::from_secs(60),
            refused: Duration::from_secs(30),
            credentials: Duration::from_secs(300),
            still_bound: Duration::from_secs(10),
        }
    }
}

/// Pauses that double from try to try and are spread at random, so that peers that were lost together do not
/// return together.
#[derive(Clone, Debug)]
pub struct Backoff {
    options: BackoffOptions,
    tries: u32,
    random: u64,
}

impl Backoff {
    /// Begins with the shortest pause; `seed` decides the spread.
    pub fn new(options: BackoffOptions, seed: u64) -> Self {
        Self { options, tries: 0, random: seed }
    }

    /// Tries in a row that came to nothing.
    pub fn tries(&self) -> u32 {
        self.tries
    }

    /// The pause before the next try: between the pause and its double, which the next one begins with. With
    /// [`Setback::Credentials`] and [`Setback::StillBound`] it is always the same.
    pub fn next(&mut self, setback: Setback) -> Duration {
        let Self { options, tries, .. } = *self;
        let doubled = |first: Duration| first.saturating_mul(2 << tries.min(16)).min(options.max.max(first));
        let whole = match setback {
            Setback::Lost => doubled(options.min),
            Setback::Refused => doubled(options.refused),
            Setback::Credentials => options.credentials,
            Setback::StillBound => options.still_bound,
        };
        // To wait for a session's death is no failure that grows.
        self.tries = tries.saturating_add(u32::from(setback != Setback::StillBound));
        let jittered = whole.mul_f64(0.5 + self.fraction() / 2.0);
        match setback {
            Setback::Lost => jittered.max(options.min),
            Setback::Refused => jittered.max(options.refused),
            Setback::Credentials | Setback::StillBound => whole,
        }
    }

    /// The connection stands: the next loss begins with the shortest pause again.
    pub fn succeeded(&mut self) {
        self.tries = 0;
    }

    /// A number in 0..1 (splitmix64).
    fn fraction(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) as f64 / u64::MAX as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_a_second_to_a_minute_and_begin_again_after_success() {
        let mut backoff = Backoff::new(BackoffOptions::default(), 7);
        let pauses: Vec<_> = (0..12).map(|_| backoff.next(Setback::Lost)).collect();
        assert!(pauses[0] >= Duration::from_secs(1) && pauses[0] <= Duration::from_secs(2));
        assert!(pauses.iter().all(|pause| *pause <= Duration::from_secs(60)));
        assert!(pauses[11] >= Duration::from_secs(30));
        backoff.succeeded();
        assert!(backoff.next(Setback::Lost) <= Duration::from_secs(2));
    }

    #[test]
    fn a_wrong_password_waits_five_minutes_and_a_refused_bind_half_a_minute() {
        let mut backoff = Backoff::new(BackoffOptions::default(), 7);
        assert_eq!(backoff.next(Setback::Credentials), Duration::from_secs(300));
        assert!(backoff.next(Setback::Refused) >= Duration::from_secs(30));
    }

    #[test]
    fn an_old_session_is_given_time_to_die_and_the_pauses_do_not_grow() {
        let mut backoff = Backoff::new(BackoffOptions::default(), 7);
        let status = smpp_wire::CommandStatus::ALREADY_BOUND;
        let pauses: Vec<_> = (0..9).map(|_| backoff.next(Setback::of(status))).collect();
        assert_eq!(pauses, [Duration::from_secs(10); 9]);
        assert!(backoff.next(Setback::Lost) <= Duration::from_secs(2));
    }

    #[test]
    fn who_was_lost_together_does_not_return_together_at_the_first_try() {
        for setback in [Setback::Lost, Setback::Refused] {
            let first = |seed| Backoff::new(BackoffOptions::default(), seed).next(setback);
            assert!((2..10).all(|seed| first(seed) != first(1)), "{setback:?}: {:?}", first(1));
        }
    }

    #[test]
    fn two_seeds_do_not_return_together() {
        let pauses = |seed| {
            let mut backoff = Backoff::new(BackoffOptions::default(), seed);
            (0..8).map(|_| backoff.next(Setback::Lost)).collect::<Vec<_>>()
        };
        assert_eq!(pauses(1), pauses(1));
        assert_ne!(pauses(1), pauses(2));
    }
}
