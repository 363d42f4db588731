//! How long a message rests before it is tried again.

use std::time::Duration;

/// The waits of a link.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Waits {
    /// After the first temporary failure, the second, ...; the last one repeats. Never empty.
    steps: Vec<Duration>,
    /// A throttled message rests for an eighth of its age, from this, 1 s unless set ...
    pub throttle_min: Duration,
    /// ... to this; a minute unless set.
    pub throttle_max: Duration,
    /// After a fault of the session; 1 s unless set.
    pub session: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            steps: [1, 5, 25, 125, 625, 900].map(Duration::from_secs).into(),
            throttle_min: Duration::from_secs(1),
            throttle_max: Duration::from_secs(60),
            session: Duration::from_secs(1),
        }
    }
}

impl Waits {
    /// Sets the waits between tries; an empty list changes nothing.
    #[must_use]
    pub fn with_steps(self, steps: Vec<Duration>) -> Self {
        if steps.is_empty() { self } else { Self { steps, ..self } }
    }

    /// The waits between tries.
    pub fn steps(&self) -> &[Duration] {
        &self.steps
    }

    /// How long a message rests that failed `attempts` times before.
    pub(super) fn after(&self, attempts: u32) -> Duration {
        let at = usize::try_from(attempts).unwrap_or(usize::MAX);
        self.steps.get(at).or(self.steps.last()).copied().unwrap_or(self.session)
    }

    /// How long a throttled message of this age rests. It costs no attempt, so without growth a number that is throttled
    /// for ever would be tried every second for ever, before all that came later.
    pub(super) fn throttled(&self, age: Duration) -> Duration {
        (age / 8).max(self.throttle_min).min(self.throttle_max.max(self.throttle_min))
    }
}
