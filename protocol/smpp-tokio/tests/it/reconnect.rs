//! Coming back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use smpp_tokio::wire::{CommandStatus, SubmitSm};
use smpp_tokio::{BackoffOptions, BindError, Reconnect, Server, Transceiver};

use crate::raw::server;

fn hasty() -> BackoffOptions {
    let short = Duration::from_millis(10);
    BackoffOptions {
        min: short,
        max: short * 4,
        refused: short,
        credentials: short * 2,
        still_bound: short * 3,
    }
}

#[tokio::test]
async fn a_lost_session_is_followed_by_another() {
    let address = server().await;
    let mode = Transceiver::new("acme", "secret");
    let mut sessions = Reconnect::new(address, mode).pauses(hasty(), 1);
    for _ in 0..3 {
        let (centre, _incoming) = sessions.next(|error, _| panic!("{error}")).await;
        let vanish = SubmitSm { short_message: b"vanish", ..Default::default() };
        assert!(centre.submit(&vanish).await.is_err());
        centre.closed().await;
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_until_it_is() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let mode = Transceiver::new("acme", "secret");
    let mut sessions = Reconnect::new(address, mode).pauses(hasty(), 1);
    let mut failures = 0;
    let tried = sessions.next(|error, pause| {
        assert!(matches!(error, BindError::NotConnected(_)));
        assert!(pause >= Duration::from_millis(10) && pause <= Duration::from_millis(40));
        failures += 1;
    });
    assert!(tokio::time::timeout(Duration::from_millis(500), tried).await.is_err());
    assert!(failures > 3);
}

#[tokio::test]
async fn a_wrong_password_waits_for_its_own_pause() {
    let mode = Transceiver::new("acme", "wrong");
    let address = server().await;
    let mut sessions = Reconnect::new(address, mode).pauses(hasty(), 1);
    let mut pauses = Vec::new();
    let tried = sessions.next(|error, pause| {
        assert!(matches!(error, BindError::Refused(_)));
        pauses.push(pause);
    });
    assert!(tokio::time::timeout(Duration::from_millis(200), tried).await.is_err());
    assert!(!pauses.is_empty() && pauses.iter().all(|pause| *pause == Duration::from_millis(20)));
}

/// A centre that takes one bind at a time and refuses further ones as bound already.
async fn jealous() -> std::net::SocketAddr {
    let server = Server::listen("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    let bound = Arc::new(AtomicBool::new(false));
    tokio::spawn(server.each(move |mut peer| {
        let bound = Arc::clone(&bound);
        async move {
            let mut ours = false;
            while let Some(request) = peer.next().await? {
                if bound.swap(true, Ordering::SeqCst) {
                    request.refuse(CommandStatus::ALREADY_BOUND);
                } else {
                    ours = true;
                    request.accept("centre");
                }
            }
            if ours {
                bound.store(false, Ordering::SeqCst);
            }
            Ok(())
        }
    }));
    address
}

#[tokio::test]
async fn the_old_session_is_closed_before_the_next_one_is_begun() {
    let mode = Transceiver::new("acme", "");
    let mut sessions = Reconnect::new(jealous().await, mode).pauses(hasty(), 1);
    let mut failures = Vec::new();
    let mut old = Vec::new();
    for _ in 0..3 {
        old.push(sessions.next(|error, pause| failures.push((error.to_string(), pause))).await);
    }
    assert!(old[0].0.ended().is_some() && old[1].0.ended().is_some() && old[2].0.ended().is_none());
    // The centre may take note of the end a moment later than we do, and says so.
    assert!(failures.iter().all(|(_, pause)| *pause == hasty().still_bound), "{failures:?}");
    assert!(failures.len() <= 4, "{failures:?}");
}

#[tokio::test]
async fn while_the_centre_holds_an_old_session_for_alive_the_pauses_do_not_grow() {
    let address = jealous().await;
    let (held, _incoming) = smpp_tokio::connect(address).bind(Transceiver::new("acme", "")).await.unwrap();
    let mut sessions = Reconnect::new(address, Transceiver::new("acme", "")).pauses(hasty(), 1);
    let mut pauses = Vec::new();
    let tried = sessions.next(|error, pause| {
        assert!(matches!(error, BindError::Refused(CommandStatus::ALREADY_BOUND)));
        pauses.push(pause);
    });
    assert!(tokio::time::timeout(Duration::from_millis(300), tried).await.is_err());
    assert!(pauses.len() > 2 && pauses.iter().all(|pause| *pause == hasty().still_bound), "{pauses:?}");
    held.unbind().await;
    let (client, _incoming) = sessions.next(|_, _| {}).await;
    assert!(client.ended().is_none());
}

#[tokio::test]
async fn a_session_that_is_lost_at_once_is_followed_after_growing_pauses() {
    let mode = Transceiver::new("acme", "secret");
    let pauses = BackoffOptions { max: Duration::from_secs(3600), ..hasty() };
    let mut sessions = Reconnect::new(server().await, mode).pauses(pauses, 1);
    let started = std::time::Instant::now();
    for _ in 0..5 {
        let (centre, _incoming) = sessions.next(|error, _| panic!("{error}")).await;
        let vanish = SubmitSm { short_message: b"vanish", ..Default::default() };
        assert!(centre.submit(&vanish).await.is_err());
        centre.closed().await;
    }
    // Half of 10, 20, 40 and 80 ms at least.
    assert!(started.elapsed() >= Duration::from_millis(75), "{:?}", started.elapsed());
}

#[tokio::test]
async fn who_gives_up_and_asks_again_waits_for_the_rest_of_the_pause() {
    let mode = Transceiver::new("acme", "wrong");
    let pauses = BackoffOptions { credentials: Duration::from_secs(3600), ..hasty() };
    let mut sessions = Reconnect::new(server().await, mode).pauses(pauses, 1);
    let mut failures = 0;
    for _ in 0..3 {
        let tried = sessions.next(|_, _| failures += 1);
        assert!(tokio::time::timeout(Duration::from_millis(100), tried).await.is_err());
    }
    assert_eq!(failures, 1);
}
