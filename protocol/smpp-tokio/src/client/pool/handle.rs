//! The pool as its owner sees it.

use std::sync::Arc;

use smpp_session::{BackoffOptions, BindMode};
use smpp_wire::SubmitSm;

use crate::client::answer::Answer;
use crate::client::arrivals::Arrivals;
use crate::client::batch;
use crate::client::connect::Together;
use crate::client::dial::Dial;
use crate::client::incoming::{Incoming, Keep};
use crate::client::login::{Login, Mode, Receiver, Transceiver, Transmitter};
use crate::client::options::ClientOptions;
use crate::client::pool::keep::keep;
use crate::client::pool::members::{BindState, Members, Watched};
use crate::client::rate::Pace;
use crate::client::reconnect::Reconnect;
use crate::client::wait::send;
use crate::error::{NotSent, RequestError};

/// Several binds of one login that act as one: a message goes to the session that has room, and what arrives at any
/// of them comes to one [`Incoming`]. Lost sessions are bound again.
///
/// The rate of [`ClientOptions`] is that of the whole pool, the window that of each session. When all clones and the
/// [`Incoming`] are gone, the pool unbinds.
///
/// ```no_run
/// use smpp_tokio::{Login, Pool, wire::SubmitSm};
///
/// # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
/// let login = Login { system_id: "acme".into(), password: "secret".into(), ..Login::default() };
/// let (centre, mut incoming) = Pool::of("smsc.example:2775", login).transceivers(4);
/// let hello = SubmitSm { destination: "385911234567".try_into()?, short_message: b"hello", ..Default::default() };
/// println!("{}", centre.submit(&hello).await?.message_id()?);
/// while let Some(request) = incoming.next().await? {
///     request.accept();
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Pool {
    handle: Arc<Handle>,
}

/// A pool that is about to start.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until the kind of its binds is chosen"]
pub struct PoolBuilder<D> {
    address: D,
    login: Login,
    options: ClientOptions,
    /// With the seed of the random numbers that spread them.
    pauses: Option<(BackoffOptions, u64)>,
}

/// Unbinds when the last clone is dropped.
#[derive(Debug)]
struct Handle {
    members: Arc<Members>,
}

impl Keep for Handle {}

impl Drop for Handle {
    fn drop(&mut self) {
        self.members.close();
    }
}

impl Pool {
    /// Begins a pool of binds to the centre at `address`.
    pub fn of<D: Dial + Clone + 'static>(address: D, login: Login) -> PoolBuilder<D> {
        PoolBuilder { address, login, options: ClientOptions::default(), pauses: None }
    }

    /// Sends a submit_sm over the session that has room first, and waits for the answer. A message that its session
    /// could not send any more goes to the next one; one whose fate is unknown is not repeated.
    ///
    /// # Errors
    ///
    /// As [`Client::submit`](crate::Client::submit); also [`NotSent::Unbound`] where no session is bound for as long
    /// as [`ClientOptions::turn_max`].
    ///
    /// # Cancel safety
    ///
    /// As [`Client::submit`](crate::Client::submit).
    pub async fn submit(&self, message: &SubmitSm<'_>) -> Result<Answer, RequestError> {
        loop {
            let session = self.handle.members.any_turn(message).await?;
            match send(&session, message).await {
                Err(RequestError::NotSent(NotSent::Ending)) => {}
                done => return done,
            }
        }
    }

    /// Sends many messages over all sessions and waits for their answers, in the order of the messages. They may
    /// reach the peer in another order, and those that a session could not send any more are not sent.
    ///
    /// # Errors
    ///
    /// None of its own: each message has its own result.
    ///
    /// # Cancel safety
    ///
    /// As [`Client::submit_all`](crate::Client::submit_all).
    pub async fn submit_all(&self, messages: &[SubmitSm<'_>]) -> Vec<Result<Answer, RequestError>> {
        batch::submit_all(&*self.handle.members, messages).await
    }

    /// Where each bind stands.
    pub fn binds(&self) -> Vec<BindState> {
        self.handle.members.states()
    }

    /// Waits for the open requests, unbinds everywhere, and closes.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives up the wait; the pool still unbinds.
    pub async fn unbind(&self) {
        self.handle.members.close();
        self.handle.members.all_gone().await;
    }
}

impl<D: Dial + Clone + 'static> PoolBuilder<D> {
    /// Other settings than the default ones.
    pub fn options(mut self, options: impl Into<ClientOptions>) -> Self {
        self.options = options.into();
        self
    }

    /// Other pauses than the default ones, spread by random numbers from `seed`.
    pub fn pauses(mut self, pauses: BackoffOptions, seed: u64) -> Self {
        self.pauses = Some((pauses, seed));
        self
    }

    /// Starts so many binds for both ways.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn transceivers(self, binds: usize) -> (Pool, Incoming) {
        self.start(&vec![BindMode::Transceiver; binds])
    }

    /// Starts so many pairs of a transmitter and a receiver, for a centre that knows no transceivers or wants each way
    /// apart.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn pairs(self, pairs: usize) -> (Pool, Incoming) {
        self.start(&[BindMode::Transmitter, BindMode::Receiver].repeat(pairs))
    }

    fn start(self, modes: &[BindMode]) -> (Pool, Incoming) {
        let together = Together {
            arrivals: Arc::new(Arrivals::default()),
            pace: self.options.rate.map(Pace::new).map(Arc::new),
        };
        let members = Arc::new(Members::new(modes, self.options.turn_max, together.clone()));
        let alive = Arc::new(());
        for (at, mode) in modes.iter().enumerate() {
            let watched = Watched {
                members: Arc::clone(&members),
                closing: members.watch_closing(),
                alive: Some(Arc::clone(&alive)),
            };
            let login = self.login.clone();
            match mode {
                BindMode::Transmitter => self.keep(watched, at, Transmitter(login)),
                BindMode::Receiver => self.keep(watched, at, Receiver(login)),
                BindMode::Transceiver => self.keep(watched, at, Transceiver(login)),
            }
        }
        let handle = Arc::new(Handle { members });
        let incoming = Incoming::new(together.arrivals, Arc::clone(&handle) as Arc<dyn Keep>);
        (Pool { handle }, incoming)
    }

    fn keep<M: Mode + Clone + 'static>(&self, watched: Watched, at: usize, mode: M) {
        let mut sessions = Reconnect::new(self.address.clone(), mode).options(self.options.clone());
        if let Some((pauses, seed)) = self.pauses {
            sessions = sessions.pauses(pauses, seed.wrapping_add(at as u64));
        }
        tokio::spawn(keep(watched, at, sessions));
    }
}
