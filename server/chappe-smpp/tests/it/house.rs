//! A centre with one account, one link and one short code.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chappe_core::{Account, AccountId, Link, LinkId, Policy, Route, Routes, Target, Timestamp};
use chappe_exchange::Exchange;
use chappe_smpp::{Access, Doors, LinkSettings, Secret, Settings};
use chappe_store::{Limits, MemoryStore, Store};
use smpp_session::BackoffOptions;
use smpp_wire::{BindMode, CommandStatus};
use tokio::net::TcpListener;

use crate::peer::Peer;

pub(crate) struct House {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) doors: Doors,
    pub(crate) carrier: TcpListener,
    pub(crate) acme: AccountId,
    pub(crate) link: LinkId,
}

impl House {
    pub(crate) async fn opens() -> Self {
        Self::opens_with(|_| {}, |_| {}).await
    }

    /// With another account or link than usual.
    pub(crate) async fn opens_with(account: impl FnOnce(&mut Account), link: impl FnOnce(&mut Link)) -> Self {
        Self::built(account, link, quick(), chappe_exchange::Settings::default()).await
    }

    /// With a Unix socket beside the port.
    pub(crate) async fn opens_at(account: impl FnOnce(&mut Account), unix: PathBuf) -> Self {
        let doors = Settings { unix: Some(unix), ..quick() };
        Self::built(account, |_| {}, doors, chappe_exchange::Settings::default()).await
    }

    /// With waits of a fraction of a second wherever something is tried again or waited for.
    pub(crate) async fn hasty(account: impl FnOnce(&mut Account), link: impl FnOnce(&mut Link)) -> Self {
        let wait = Duration::from_millis(50);
        let flow =
            chappe_exchange::Settings { mailbox_retry: wait, throttle_pause: wait, ..Default::default() };
        let doors = Settings { response: 4 * wait, drain: 4 * wait, ..quick() };
        Self::built(account, link, doors, flow).await
    }

    /// With pauses of this length at least and at most before a link that was lost is tried again.
    pub(crate) async fn resting(min: Duration, max: Duration) -> Self {
        let backoff = BackoffOptions { min, max, ..quick().backoff };
        let doors = Settings { backoff, ..quick() };
        Self::built(|_| {}, |_| {}, doors, chappe_exchange::Settings::default()).await
    }

    async fn built(
        account: impl FnOnce(&mut Account),
        link: impl FnOnce(&mut Link),
        doors: Settings,
        flow: chappe_exchange::Settings,
    ) -> Self {
        let carrier = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let store = Arc::new(MemoryStore::new(Limits::default(), now));
        let (acme, link_id) = (store.account("acme").unwrap(), store.link("carrier").unwrap());
        let (mut acme_account, mut carrier_link) = (Account::new("acme"), carrier_link(&carrier));
        account(&mut acme_account);
        link(&mut carrier_link);
        let policy = policy(acme, acme_account, link_id, &carrier_link);
        let exchange = Exchange::start(store, policy, flow);
        let links = vec![settings(link_id, carrier_link)];
        let doors = Doors::start(Arc::clone(&exchange), doors, access(acme), links).await.unwrap();
        Self { exchange, doors, carrier, acme, link: link_id }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.doors.local_addrs()[0]
    }

    /// An ESME that is bound.
    pub(crate) async fn bound(&self, mode: BindMode) -> Peer {
        let mut esme = Peer::connect(self.address()).await;
        assert_eq!(esme.binds(mode, "acme", "secret").await, CommandStatus::OK);
        esme
    }
}

pub(crate) fn carrier_link(carrier: &TcpListener) -> Link {
    Link::new("carrier", carrier.local_addr().unwrap().to_string(), "chappe")
}

pub(crate) fn settings(id: LinkId, link: Link) -> LinkSettings {
    LinkSettings { id, link, password: "hush".into(), tls: None, outbind: None }
}

pub(crate) fn access(acme: AccountId) -> Access {
    Access { secrets: HashMap::from([(acme, Secret::Plain("secret".into()))]) }
}

/// Everything to the link, and the short code to the account.
fn policy(acme: AccountId, account: Account, link_id: LinkId, link: &Link) -> Policy {
    let route = |name: &str, destination: &str, via| Route {
        name: name.into(),
        destination: vec![destination.into()],
        via: vec![via],
    };
    let routes = Routes::new(vec![
        route("croatia", "385*", Target::Link(link_id)),
        route("answers", "12345", Target::Mailbox(acme)),
    ]);
    Policy::new([(acme, account)], [(link_id, link.clone())], routes, 1)
}

fn quick() -> Settings {
    let [min, max, refused, credentials] = [10, 20, 30, 40].map(Duration::from_millis);
    Settings {
        listen: vec!["127.0.0.1:0".parse().unwrap()],
        backoff: BackoffOptions { min, max, refused, credentials, still_bound: min },
        ..Settings::default()
    }
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp(u64::try_from(since.as_micros()).unwrap())
}
