//! The settings of a client.

use std::time::Duration;

use smpp_session::Options;

use crate::client::rate::Rate;

/// What a client is held to beside its session.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClientOptions {
    /// The session's bounds and timers; the window is among them.
    pub session: Options,
    /// How fast messages may leave; without one, as fast as the window lets them.
    pub rate: Option<Rate>,
    /// How long a request may wait for its turn in window and rate; after it, it is not sent.
    pub turn_max: Duration,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self { session: Options::default(), rate: None, turn_max: Duration::from_secs(60) }
    }
}

impl From<Options> for ClientOptions {
    fn from(session: Options) -> Self {
        Self { session, ..Self::default() }
    }
}
