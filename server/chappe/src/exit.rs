//! How a verb ends: the same numbers in every verb.

use std::process::{ExitCode, Termination};

/// The exit status.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub(crate) enum Exit {
    Done = 0,
    /// Used wrongly: arguments, configuration, or a directory that cannot be used.
    Misused = 1,
    /// What it needed could not be reached or bound.
    Unreachable = 2,
    /// The other side said no.
    Refused = 3,
    /// It failed after it was accepted, or a check failed.
    Failed = 4,
    /// Nothing came within the time given.
    Silent = 5,
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}
