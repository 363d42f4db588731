//! What a configuration says once nothing is wrong with it.

use chappe_core::{Account, Link};
use smpp_tokio::ClientTlsFiles;

use super::doors::{Http, Smpp};
use super::problem::Problem;
use super::queue::Queue;
use super::route::Via;
use super::secret::Secret;
use super::store::Store;

/// A checked configuration: names are unique, and every name a route uses exists.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) smpp: Smpp,
    pub(crate) http: Http,
    pub(crate) store: Store,
    pub(crate) queue: Queue,
    pub(crate) accounts: Vec<(Account, Secret)>,
    pub(crate) links: Vec<(Link, Credentials)>,
    pub(crate) routes: Vec<Route>,
    /// What is unwise.
    pub(crate) notes: Vec<Problem>,
}

/// How we and a carrier know each other.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Credentials {
    pub(crate) password: Password,
    /// No TLS unless set.
    pub(crate) tls: Option<ClientTlsFiles>,
    /// How the carrier names itself when it calls us; it does not unless set.
    pub(crate) outbind: Option<Outbind>,
}

/// What a carrier says in its outbind (SMPP 5.0 §4.1.1.7).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Outbind {
    pub(crate) system_id: String,
    pub(crate) password: Password,
}

/// A password we send, or hear from a carrier.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct Password(pub(crate) String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}

/// A destination and the ways to it, by name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Route {
    pub(crate) name: String,
    pub(crate) destination: Vec<String>,
    pub(crate) via: Vec<Via>,
}
