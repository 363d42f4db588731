//! The client: from an address to a bound session, and what can be done with one.

mod answer;
mod arrivals;
mod batch;
mod connect;
mod dial;
mod driver;
mod handle;
mod incoming;
mod login;
mod options;
pub mod outbind;
mod outbox;
mod outcome;
mod pool;
mod rate;
mod reconnect;
mod requests;
mod shared;
mod slots;
#[cfg(feature = "text")]
mod text;
#[cfg(feature = "tower")]
mod tower;
mod turn;
mod wait;

pub use answer::Answer;
pub use connect::{Connect, bind_connection, bind_over, connect};
pub use dial::{Dial, Secured};
pub use handle::Client;
pub use incoming::{Incoming, Request, Responder};
pub use login::{Login, Mode, Receiver, Transceiver, Transmits, Transmitter};
pub use options::ClientOptions;
pub use outcome::{Outcome, Unknown};
pub use pool::{BindState, Pool, PoolBuilder, Stage};
pub use rate::Rate;
pub use reconnect::Reconnect;
pub use shared::Depth;
#[cfg(feature = "text")]
pub use text::{Receipt, TextPart, receipt_of, text_of, text_parts};
#[cfg(feature = "tower")]
pub use tower::{Called, TowerService};
pub use wait::Answering;
