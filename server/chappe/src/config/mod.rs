//! The configuration: TOML files, read strictly, told about completely.

mod account;
mod advice;
mod checked;
mod doors;
mod file;
mod join;
mod link;
mod load;
mod nearest;
mod network;
mod octets;
mod problem;
mod queue;
mod rate;
mod retry;
mod route;
mod secret;
mod section;
mod source;
mod store;
mod tls;
mod wishes;
mod zone;

pub(crate) use checked::{Config, Credentials, Password, Route};
pub(crate) use doors::{Http, Smpp, Timers};
pub(crate) use load::{NotLoaded, load};
pub(crate) use problem::Problem;
pub(crate) use queue::Queue;
pub(crate) use route::Via;
pub(crate) use secret::Secret;
pub(crate) use store::{Durability, Store};
pub(crate) use tls::TlsDoor;
