//! Coming back.

use std::time::Duration;

use smpp_tokio::wire::SubmitSm;
use smpp_tokio::{BackoffOptions, BindError, Reconnect, Transceiver};

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
