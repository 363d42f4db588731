//! An SMPP session without I/O, for both roles.
//!
//! [`Session`] knows no socket, no clock and no task. Octets of the peer go in through
//! [`handle_input`](Session::handle_input), one frame and at most one [`Event`] at a time; octets for the peer are
//! collected in [`output`](Session::output); the time is an argument. `smpp-tokio` drives it over TCP.

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
mod say;
mod session;
mod settle;
mod state;
mod stats;
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
