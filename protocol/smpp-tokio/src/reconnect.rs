//! A client that comes back.

use smpp_session::{Backoff, BackoffOptions, Options};

use crate::client::Client;
use crate::connect::connect;
use crate::error::BindError;
use crate::incoming::Incoming;
use crate::login::Mode;

/// Binds again and again: call [`next`](Self::next) whenever the session it gave has ended.
#[derive(Debug)]
pub struct Reconnect<M> {
    address: String,
    mode: M,
    options: Options,
    backoff: Backoff,
}

impl<M: Mode + Clone> Reconnect<M> {
    /// A client of the centre at `address`; `seed` spreads its pauses (see [`Backoff`]).
    pub fn new(
        address: impl Into<String>,
        mode: M,
        options: Options,
        backoff: BackoffOptions,
        seed: u64,
    ) -> Self {
        Self { address: address.into(), mode, options, backoff: Backoff::new(backoff, seed) }
    }

    /// The next bound session. Tries until one stands, with the pauses that each failure asks for; `failed` hears
    /// of every failure and of the pause that follows.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives up; the pauses go on from where they were.
    pub async fn next(
        &mut self,
        mut failed: impl FnMut(&BindError, std::time::Duration),
    ) -> (Client<M>, Incoming) {
        loop {
            let attempt = connect(self.address.as_str()).options(self.options.clone());
            match attempt.bind(self.mode.clone()).await {
                Ok(session) => {
                    self.backoff.succeeded();
                    return session;
                }
                Err(error) => {
                    let pause = self.backoff.next(error.setback());
                    failed(&error, pause);
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }
}
