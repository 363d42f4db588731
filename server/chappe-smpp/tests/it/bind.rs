use smpp_tokio::Ended;
use smpp_wire::{BindMode, CommandStatus};

use crate::house::House;
use crate::peer::{Peer, Said, hello};

#[tokio::test]
async fn a_bind_is_answered_for_what_it_is() {
    let house = House::opens().await;
    for (system_id, password, status) in [
        ("acme", "secret", CommandStatus::OK),
        ("acme", "Secret", CommandStatus::INVALID_PASSWORD),
        ("acme", "", CommandStatus::INVALID_PASSWORD),
        ("nobody", "secret", CommandStatus::INVALID_SYSTEM_ID),
    ] {
        let mut esme = Peer::connect(house.address()).await;
        let answer = esme.binds(BindMode::Transceiver, system_id, password).await;
        assert_eq!(answer, status, "{system_id} {password}");
    }
}

#[tokio::test]
async fn a_refused_bind_costs_the_connection() {
    let house = House::opens().await;
    let mut esme = Peer::connect(house.address()).await;
    esme.binds(BindMode::Transmitter, "acme", "guess").await;
    assert!(matches!(esme.hears().await, Said::Ended(Ended::PeerClosed)));
}

#[tokio::test]
async fn a_bind_beyond_the_limit_is_refused_until_one_ends() {
    let house = House::opens_with(|account| account.binds_max = 1, |_| {}).await;
    let mut first = house.bound(BindMode::Receiver).await;
    let mut second = Peer::connect(house.address()).await;
    let answer = tokio::select! {
        answer = second.binds(BindMode::Receiver, "acme", "secret") => answer,
        // It says that it is there.
        said = first.hears() => panic!("{said:?}"),
    };
    assert_eq!(answer, CommandStatus::BIND_FAILED);
    first.0.begin_unbind();
    assert!(matches!(first.hears().await, Said::Ended(Ended::Unbound)));
    house.bound(BindMode::Receiver).await;
}

#[tokio::test]
async fn a_bind_from_an_address_that_is_not_allowed_is_refused() {
    let house =
        House::opens_with(|account| account.allow_from = vec![("10.0.0.0".parse().unwrap(), 8)], |_| {})
            .await;
    let mut esme = Peer::connect(house.address()).await;
    assert_eq!(esme.binds(BindMode::Transceiver, "acme", "secret").await, CommandStatus::BIND_FAILED);
}

#[tokio::test]
async fn a_submit_before_the_bind_is_refused_and_the_session_stays() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let house = House::opens().await;
    let mut stream = tokio::net::TcpStream::connect(house.address()).await.unwrap();
    let early = smpp_wire::Frame::write(CommandStatus::OK, 7, &hello("385911")).unwrap();
    stream.write_all(early.bytes()).await.unwrap();
    let mut answer = [0; 16];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, [0, 0, 0, 16, 0x80, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 7]);
    let mut esme = Peer(smpp_tokio::Connection::new(
        stream.into(),
        smpp_tokio::Role::Esme,
        smpp_tokio::Options::default(),
    ));
    assert_eq!(esme.binds(BindMode::Transceiver, "acme", "secret").await, CommandStatus::OK);
}

#[tokio::test]
async fn a_bound_session_is_on_the_list_until_it_ends() {
    let house = House::opens().await;
    let mut esme = house.bound(BindMode::Transmitter).await;
    let on_list = || house.exchange.sessions().list().iter().any(|session| session.info.name == "acme");
    assert!(on_list());
    esme.0.begin_unbind();
    esme.hears().await;
    // The unbind is answered just before the session is taken off.
    for _ in 0..100 {
        if !on_list() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("still on the list");
}
