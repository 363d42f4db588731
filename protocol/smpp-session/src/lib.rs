//! An SMPP session without I/O, for both roles.
//!
//! [`Session`] knows no socket, no clock and no task. Octets of the peer go in through
//! [`handle_input`](Session::handle_input), one frame and at most one [`Event`] at a time; octets for the peer are
//! collected in [`output`](Session::output); the time is an argument. `smpp-tokio` drives it over TCP.
//!
//! What it holds, so that its caller does not have to:
//!
//! - **The state table** of 3.3, 3.4 and 5.0 (SMPP 5.0 §2.4), for both roles, with outbind in either direction: a centre
//!   that connects [notifies](Session::notify) the ESME, an ESME that listens
//!   [awaits it](Session::awaiting_outbind). What this side sends is judged by the version of the session; what the peer
//!   sends, by the version that allows most ([`StateTable`]).
//! - **The version** that both sides understand ([`Session::version`]). To a peer of 3.3 go no TLVs, to one of 3.4 no
//!   status of 5.0, to one of 5.0 how busy we are ([`Session::set_congestion`]).
//! - **Windows** in both directions. A request of ours ends once: it was [not queued](NotQueued), or it is answered
//!   ([`Event::Answered`], [`Event::Nacked`]), or nobody knows ([`Event::Unanswered`]), or it was open at the end
//!   ([`Session::drain_open`]), and then it is told whether the peer can have seen it.
//! - **The timers** of the specification, dead peers, and how a session is left: drained, then unbound.
//!
//! ```
//! use std::time::Instant;
//!
//! use smpp_session::{Event, Input, Options, Role, Session, State};
//! use smpp_wire::{Bind, SubmitSm};
//!
//! # #[allow(clippy::disallowed_methods)]
//! let now = Instant::now();
//! let mut esme = Session::new(Role::Esme, Options::default(), now);
//! let mut centre = Session::new(Role::Mc, Options::default(), now);
//!
//! let bind = Bind { system_id: b"acme", password: b"secret", interface_version: esme.version(), ..Default::default() };
//! esme.request(&bind, 1, now)?;
//! let octets = esme.output().to_vec();
//! esme.wrote(octets.len());
//!
//! let Input::Frame { event: Some(Event::Bind(asked)), .. } = centre.handle_input(&octets, now) else { panic!() };
//! assert_eq!(asked.bind.system_id, b"acme");
//! centre.accept_bind(asked.asked, b"centre", now);
//!
//! let Input::Frame { event: Some(Event::Answered { token: 1, .. }), .. } = esme.handle_input(centre.output(), now)
//! else { panic!() };
//! assert_eq!(esme.state(), State::BoundTrx);
//! esme.request(&SubmitSm { short_message: b"hello", ..Default::default() }, 2, now)?;
//! # Ok::<(), smpp_session::NotQueued>(())
//! ```
//!
//! `talks/` has whole conversations as text, which the tests play.

mod answer;
mod asking;
mod backoff;
mod clock;
mod congestion;
mod ended;
mod event;
mod hear;
mod leave;
mod options;
mod output;
mod policy;
mod request;
mod session;
mod settle;
mod state;
mod stats;
mod stranger;
mod table;
mod timers;
mod window;

pub use backoff::{Backoff, BackoffOptions, Setback};
pub use ended::{Ended, NotQueued};
pub use event::{Asked, BindRequest, Event, OpenRequest};
pub use hear::Input;
pub use options::Options;
pub use policy::{Duplicates, StateTable, Statuses, Unknown};
pub use session::Session;
pub use smpp_wire::BindMode;
pub use state::{Role, State};
pub use stats::Stats;
pub use stranger::Stranger;
