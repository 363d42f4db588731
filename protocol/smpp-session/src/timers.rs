//! The timers of a session, one array of deadlines (SMPP 5.0 §2.7).

use std::time::{Duration, Instant};

/// The timers by name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Timer {
    /// The bind did not come.
    SessionInit,
    /// A PDU was begun and not completed.
    Frame,
    /// The peer has been silent.
    EnquireLink,
    /// The oldest open request was not answered.
    Response,
    /// No transaction for too long.
    Inactivity,
    /// An unbind has waited long enough.
    Drain,
    /// A probe has waited long enough.
    Probe,
}

impl Timer {
    pub(crate) const ALL: [Self; 7] = [
        Self::SessionInit,
        Self::Frame,
        Self::EnquireLink,
        Self::Response,
        Self::Inactivity,
        Self::Drain,
        Self::Probe,
    ];
}

/// When each timer fires, if it runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timers {
    at: [Option<Instant>; Timer::ALL.len()],
}

impl Timers {
    /// Starts, moves or (with nothing) stops a timer.
    pub(crate) fn set(&mut self, timer: Timer, at: Option<Instant>) {
        self.at[timer as usize] = at;
    }

    /// Starts a timer to fire in `after`; zero means that the timer is off.
    pub(crate) fn start(&mut self, timer: Timer, after: Duration, now: Instant) {
        self.set(timer, (!after.is_zero()).then(|| now + after));
    }

    pub(crate) fn stop(&mut self, timer: Timer) {
        self.set(timer, None);
    }

    pub(crate) fn is_running(&self, timer: Timer) -> bool {
        self.at[timer as usize].is_some()
    }

    /// The earliest deadline.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.at.iter().flatten().min().copied()
    }

    /// Stops and names one timer that is due.
    pub(crate) fn take_due(&mut self, now: Instant) -> Option<Timer> {
        let due =
            Timer::ALL.into_iter().find(|timer| self.at[*timer as usize].is_some_and(|at| at <= now))?;
        self.stop(due);
        Some(due)
    }
}
