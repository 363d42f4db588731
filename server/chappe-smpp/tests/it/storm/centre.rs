//! The centre: the real doors, the real exchange, the real store on a directory that survives a crash.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chappe_core::{Account, InDoubt, Link, Policy, Route, Routes, Target};
use chappe_exchange::Exchange;
use chappe_smpp::{Doors, Settings};
use chappe_store::Store;
use chappe_store_local::{Durability, LocalStore};
use smpp_session::BackoffOptions;

use super::hosts::{CARRIER, CARRIER_PORT, CENTRE_PORT};
use super::network::Simulated;
use crate::house;

/// The data directory: after a crash, a copy of what it was at that moment.
#[derive(Clone, Debug)]
pub(super) struct Home(Arc<Mutex<PathBuf>>);

impl Home {
    pub(super) fn below(folder: &Path) -> Self {
        Self(Arc::new(Mutex::new(folder.join("0"))))
    }

    pub(super) fn place(&self) -> PathBuf {
        self.0.lock().unwrap().clone()
    }

    /// From here on another directory with the same files: what the old life still writes is not in it.
    pub(super) fn moves(&self) {
        let mut place = self.0.lock().unwrap();
        let number: u32 = place.file_name().unwrap().to_str().unwrap().parse().unwrap();
        let next = place.with_file_name((number + 1).to_string());
        if place.is_dir() {
            // Nobody acts while the simulation stands still; its last writes end in this moment, also on a machine
            // that has much else to do. What a crash between two writes leaves is the matter of the store's own tests.
            std::thread::sleep(Duration::from_millis(50));
            copy(&place, &next);
        }
        *place = next;
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.file_type().unwrap().is_file()
            && let Err(error) = fs::copy(entry.path(), &target)
        {
            // A file may have got its final name in between.
            assert_eq!(error.kind(), std::io::ErrorKind::NotFound, "{error}");
        }
    }
}

pub(super) async fn run(place: PathBuf, seed: u64) -> turmoil::Result {
    let store = LocalStore::open(
        &place,
        chappe_store_local::Settings {
            // A crash of the process loses nothing that was written.
            durability: Durability::Process,
            segment_octets: 2 << 20,
            ..chappe_store_local::Settings::default()
        },
    )?;
    let store: Arc<dyn Store> = Arc::new(store);
    let (acme, link_id) = (store.account("acme")?, store.link("carrier")?);
    let link = Link {
        in_doubt: InDoubt::Retry,
        window: 20,
        binds: 2,
        // Each cut is a loss of the link under all that is on its way: no message is to blame.
        drops_max: u8::MAX,
        attempts_max: 1000,
        ..Link::new("carrier", format!("{CARRIER}:{CARRIER_PORT}"), "chappe")
    };
    let route =
        Route { name: "all".into(), destination: vec!["385*".into()], via: vec![Target::Link(link_id)] };
    let policy =
        Policy::new([(acme, Account::new("acme"))], [(link_id, link.clone())], Routes::new(vec![route]), 1);
    let flow = chappe_exchange::Settings {
        mailbox_retry: Duration::from_millis(20),
        mailbox_attempts_max: 1000,
        ..chappe_exchange::Settings::default()
    };
    let exchange = Exchange::start(store, policy, flow);
    let links = vec![house::settings(link_id, link)];
    let doors =
        Doors::start_on(Arc::new(Simulated), exchange, settings(seed), house::access(acme), links).await?;
    std::future::pending::<()>().await;
    drop(doors);
    Ok(())
}

/// Quick to notice that a peer is gone.
fn settings(seed: u64) -> Settings {
    let [min, max, refused, credentials] = [50, 200, 200, 200].map(Duration::from_millis);
    Settings {
        listen: vec![([0, 0, 0, 0], CENTRE_PORT).into()],
        enquire_link: Duration::from_secs(1),
        response: Duration::from_secs(2),
        connect: Duration::from_secs(1),
        backoff: BackoffOptions { min, max, refused, credentials, still_bound: min },
        seed,
        ..Settings::default()
    }
}
