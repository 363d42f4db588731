//! The configuration nobody has to write.

use std::net::SocketAddr;

use chappe_core::{Account, Link};
use chappe_lab::carrier::Profile;
use chappe_lab::{Carrier, CarrierSettings, HandsetsSettings};

use super::directory::Directory;
use crate::config::{Config, Credentials, Http, Password, Queue, Route, Secret, Smpp, Store, Via};
use crate::ui::Trouble;

/// The account's system_id.
pub(super) const ACCOUNT: &str = "dev";
/// The link to the simulated carrier.
pub(super) const LINK: &str = "lab";
/// Requests open at once on a bind: nobody measures a default here by mistake.
const WINDOW: usize = 1_000;

/// The simulated carrier, behind a free loopback port.
pub(super) async fn carrier() -> Result<Carrier, Trouble> {
    let settings =
        CarrierSettings { handsets: Some(HandsetsSettings::default()), ..Profile::Healthy.settings() };
    let carrier = Carrier::listen(SocketAddr::from(([127, 0, 0, 1], 0)), settings).await;
    carrier.map_err(|error| Trouble::new(format!("the simulated carrier cannot listen: {error}")))
}

/// One account, the carrier, a route out and a route home.
pub(super) fn config(
    smpp: SocketAddr,
    http: SocketAddr,
    directory: &Directory,
    carrier: SocketAddr,
) -> Config {
    let account = Account { window_max: WINDOW, binds_max: 100, ..Account::new(ACCOUNT) };
    let link = Link { window: WINDOW, ..Link::new(LINK, carrier.to_string(), "chappe") };
    let route =
        |name: &str, via| Route { name: name.to_owned(), destination: vec!["*".to_owned()], via: vec![via] };
    Config {
        smpp: Smpp { listen: vec![smpp], ..Smpp::default() },
        http: Http { listen: http },
        store: Store::at(directory.path.clone()),
        queue: Queue::default(),
        accounts: vec![(account, Secret::Plain(directory.password.clone()))],
        // The carrier takes every password.
        links: vec![(link, Credentials { password: Password("lab".to_owned()), tls: None, outbind: None })],
        routes: vec![
            route("phones", Via::Link(LINK.to_owned())),
            route("answers", Via::Account(ACCOUNT.to_owned())),
        ],
        notes: Vec::new(),
    }
}
