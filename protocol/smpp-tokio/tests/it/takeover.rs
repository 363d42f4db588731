//! Binds whose peer is gone without a word, and who takes their place.

use std::net::SocketAddr;
use std::time::Duration;

use smpp_tokio::wire::{CommandId, CommandStatus};
use smpp_tokio::{Ask, Binds, Server};

use crate::raw::{Raw, header};

const WITHIN: Duration = Duration::from_millis(500);

/// A server that takes one bind of each account.
async fn server() -> (SocketAddr, Binds<Vec<u8>>) {
    let server = Server::listen("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    let binds = Binds::default();
    let known = binds.clone();
    tokio::spawn(server.each(move |mut peer| {
        let binds = known.clone();
        async move {
            let address = peer.caller().address.ip();
            let mut place = None;
            loop {
                let wanted = async {
                    match &place {
                        Some(place) => smpp_tokio::Place::wanted(place).await,
                        None => std::future::pending().await,
                    }
                };
                let request = tokio::select! {
                    request = peer.next() => request?,
                    () = wanted => {
                        peer.probe(WITHIN);
                        continue;
                    }
                };
                let Some(request) = request else { return Ok(()) };
                match request.ask() {
                    Ok(Ask::Bind(bind)) => {
                        place = binds.take_over(bind.system_id.to_vec(), 1, address, WITHIN * 2).await;
                        match place {
                            Some(_) => request.accept("centre"),
                            None => request.refuse(CommandStatus::BIND_FAILED),
                        }
                    }
                    _ => request.refuse(CommandStatus::INVALID_COMMAND_ID),
                }
            }
        }
    }));
    (address, binds)
}

#[tokio::test]
async fn a_bind_that_answers_keeps_its_place() {
    let (address, binds) = server().await;
    let mut old = Raw::connect(address).await;
    old.binds().await;
    let mut new = Raw::connect(address).await;
    let (status, ()) = tokio::join!(new.tries_to_bind(), async {
        let probe = old.hears().await.unwrap();
        assert_eq!(probe.id(), CommandId::ENQUIRE_LINK);
        old.sends(&header(16, CommandId::ENQUIRE_LINK_RESP, probe.sequence())).await;
    });
    assert_eq!(status, CommandStatus::BIND_FAILED);
    old.sends(&header(16, CommandId::ENQUIRE_LINK, 9)).await;
    assert_eq!(old.hears().await.unwrap().sequence(), 9);
    assert_eq!(binds.count(&b"raw".to_vec()), 1);
}

#[tokio::test]
async fn a_bind_that_is_gone_makes_room() {
    let (address, binds) = server().await;
    let mut old = Raw::connect(address).await;
    old.binds().await;
    let mut new = Raw::connect(address).await;
    assert_eq!(new.tries_to_bind().await, CommandStatus::OK);
    assert_eq!(old.hears().await.unwrap().id(), CommandId::ENQUIRE_LINK);
    assert!(old.hears().await.is_none());
    assert_eq!(binds.count(&b"raw".to_vec()), 1);
}
