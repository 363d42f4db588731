//! A client that comes back.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use smpp_session::{Backoff, BackoffOptions, Setback};
use tokio::time::{Instant, sleep_until};

use crate::client::connect::{Together, bind_member, connect};
use crate::client::dial::Dial;
use crate::client::handle::Client;
use crate::client::incoming::Incoming;
use crate::client::login::Mode;
use crate::client::options::ClientOptions;
use crate::client::shared::Shared;
use crate::deadline::deadline;
use crate::error::BindError;

/// Binds again and again: call [`next`](Self::next) whenever the session it gave has ended, or is to be replaced.
///
/// There is never more than one session at a time: the old one is closed before the next one is begun. What was lost
/// or refused is tried again after pauses that grow and are spread at random (see [`BackoffOptions`]).
///
/// ```no_run
/// # use smpp_tokio::{Reconnect, Transceiver};
/// # async fn demo() {
/// let mut sessions = Reconnect::new("smsc.example:2775", Transceiver::new("acme", "secret"));
/// loop {
///     let (centre, mut incoming) = sessions.next(|error, pause| eprintln!("{error}; again in {pause:?}")).await;
///     while let Ok(Some(request)) = incoming.next().await {
///         request.accept();
///     }
///     drop(centre);
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Reconnect<D, M> {
    address: D,
    mode: M,
    options: ClientOptions,
    pauses: BackoffOptions,
    backoff: Backoff,
    last: Option<Last>,
    /// Before this nothing is tried, whoever asks.
    rests_until: Option<Instant>,
}

/// The session before.
#[derive(Debug)]
struct Last {
    shared: Arc<Shared>,
    since: Instant,
}

impl<D: Dial + Clone, M: Mode + Clone> Reconnect<D, M> {
    /// A client of the centre at `address`.
    pub fn new(address: D, mode: M) -> Self {
        let pauses = BackoffOptions::default();
        // Clients that were lost together shall not return together: each has its own random numbers.
        let backoff = Backoff::new(pauses, RandomState::new().hash_one(0));
        Self {
            address,
            mode,
            options: ClientOptions::default(),
            pauses,
            backoff,
            last: None,
            rests_until: None,
        }
    }

    /// Other settings than the default ones.
    #[must_use]
    pub fn options(mut self, options: impl Into<ClientOptions>) -> Self {
        self.options = options.into();
        self
    }

    /// Other pauses than the default ones, spread by random numbers from `seed`.
    #[must_use]
    pub fn pauses(mut self, pauses: BackoffOptions, seed: u64) -> Self {
        self.pauses = pauses;
        self.backoff = Backoff::new(pauses, seed);
        self
    }

    /// The next bound session. Closes the one before, if it still stands; then tries until one is bound, with the
    /// pauses that each failure asks for. `failed` hears of every failure and of the pause that follows.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives up, and closes what it had begun. A pause goes on meanwhile: the next call waits for
    /// what is left of it.
    pub async fn next(&mut self, mut failed: impl FnMut(&BindError, Duration)) -> (Client<M>, Incoming) {
        self.close_last().await;
        loop {
            self.rest().await;
            let attempt = connect(self.address.clone()).options(self.options.clone());
            match attempt.bind(self.mode.clone()).await {
                Ok((client, incoming)) => {
                    self.bound(&client);
                    return (client, incoming);
                }
                Err(error) => self.failed(&error, &mut failed),
            }
        }
    }

    /// As [`next`](Self::next), for a session of a pool.
    pub(crate) async fn next_member(
        &mut self,
        pool: &Together,
        mut failed: impl FnMut(&BindError, Duration),
    ) -> Client<M> {
        self.close_last().await;
        loop {
            self.rest().await;
            match bind_member(&self.address, &self.mode, &self.options, pool).await {
                Ok(client) => {
                    self.bound(&client);
                    return client;
                }
                Err(error) => self.failed(&error, &mut failed),
            }
        }
    }

    fn bound(&mut self, client: &Client<M>) {
        self.last = Some(Last { shared: Arc::clone(client.shared()), since: Instant::now() });
    }

    fn failed(&mut self, error: &BindError, failed: &mut impl FnMut(&BindError, Duration)) {
        let pause = self.pause(error.setback());
        failed(error, pause);
    }

    /// Begins a pause.
    fn pause(&mut self, setback: Setback) -> Duration {
        let pause = self.backoff.next(setback);
        self.rests_until = Some(deadline(pause));
        pause
    }

    /// Waits for the end of a pause, if there is one.
    async fn rest(&mut self) {
        if let Some(until) = self.rests_until {
            sleep_until(until).await;
            self.rests_until = None;
        }
    }

    /// Two sessions of one login would compete, and many a centre refuses the second: the old one goes first.
    async fn close_last(&mut self) {
        let Some(last) = &self.last else { return };
        let wanted = last.shared.lock().ended.is_none();
        last.shared.leave();
        last.shared.closed().await;
        // A session that held for as long as the longest pause was no failure to bind.
        if last.since.elapsed() >= self.pauses.max {
            self.backoff.succeeded();
        }
        self.last = None;
        if !wanted {
            self.pause(Setback::Lost);
        }
    }
}
