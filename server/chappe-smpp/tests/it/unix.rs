//! A Unix socket for systems on this machine.

use smpp_tokio::{Connection, Endpoint, Options, Role};
use smpp_wire::{BindMode, CommandStatus};

use crate::house::House;
use crate::peer::Peer;

#[tokio::test]
async fn a_system_on_this_machine_binds_over_a_unix_socket_as_if_over_loopback() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("smpp.sock");
    let networks = vec![("127.0.0.0".parse().unwrap(), 8)];
    let house = House::opens_at(|account| account.allow_from = networks, path.clone()).await;
    let stream = Endpoint::Unix(path.clone()).connect(None).await.unwrap();
    let mut esme = Peer(Connection::new(stream, Role::Esme, Options::default()));
    assert_eq!(esme.binds(BindMode::Transceiver, "acme", "secret").await, CommandStatus::OK);
    assert!(esme.submits("385911").await.status().is_ok());
    let sessions = house.exchange.sessions().list();
    let shown: Vec<&str> = sessions.iter().map(|session| session.info.peer.as_str()).collect();
    assert_eq!(shown, ["a Unix socket"]);
    house.doors.stop(std::time::Duration::from_millis(100)).await;
    assert!(!path.exists(), "nothing is left behind");
}
