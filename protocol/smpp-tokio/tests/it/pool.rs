//! Several binds that act as one.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use smpp_tokio::wire::{BindMode, CommandStatus, DeliverSm};
use smpp_tokio::{
    Ask, BackoffOptions, ClientOptions, Login, NotSent, Options, Peer, Pool, Rate, RequestError, Server,
    Stage,
};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use crate::raw::message;

/// What a centre has seen: which session took which messages, and what its deliveries were answered.
#[derive(Clone, Default)]
struct Seen {
    binds: Arc<Mutex<Vec<BindMode>>>,
    takers: Arc<Mutex<BTreeSet<usize>>>,
}

/// A centre whose sessions deliver a message each, take what is submitted, and vanish at the text "vanish".
async fn centre() -> (SocketAddr, Seen) {
    let server = Server::listen("127.0.0.1:0").await.unwrap();
    let (address, seen) = (server.local_addr().unwrap(), Seen::default());
    let (sees, sessions) = (seen.clone(), AtomicUsize::new(0));
    tokio::spawn(server.each(move |peer| {
        let session = sessions.fetch_add(1, Ordering::Relaxed);
        serve(peer, session, sees.clone())
    }));
    (address, seen)
}

async fn serve(mut peer: Peer, session: usize, seen: Seen) -> Result<(), smpp_tokio::Ended> {
    while let Some(request) = peer.next().await? {
        match request.ask() {
            Ok(Ask::Bind(bind)) => {
                let mode = bind.mode;
                request.accept("centre");
                seen.binds.lock().unwrap().push(mode);
                if mode.receives() {
                    peer.deliver(&DeliverSm { short_message: b"hi", ..Default::default() }).unwrap();
                }
            }
            Ok(Ask::Submit(message)) if message.short_message == b"vanish" => return Ok(()),
            Ok(Ask::Submit(_)) => {
                seen.takers.lock().unwrap().insert(session);
                request.accept("1");
                // Slow enough that one session alone has no room for all.
                sleep(Duration::from_millis(1)).await;
            }
            _ => request.refuse(CommandStatus::SYSTEM_ERROR),
        }
    }
    Ok(())
}

fn login() -> Login {
    Login { system_id: "acme".into(), ..Login::default() }
}

fn hasty() -> BackoffOptions {
    let short = Duration::from_millis(10);
    BackoffOptions { min: short, max: short, refused: short, credentials: short, still_bound: short }
}

fn narrow() -> Options {
    Options { window_out: 2, ..Options::default() }
}

async fn bound(pool: &Pool, binds: usize) {
    let started = Instant::now();
    while pool.binds().iter().filter(|bind| matches!(bind.stage, Stage::Bound(_))).count() < binds {
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", pool.binds());
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn messages_go_to_whichever_session_has_room_and_arrivals_come_from_all() {
    let (address, seen) = centre().await;
    let (pool, mut incoming) = Pool::of(address, login()).options(narrow()).transceivers(3);
    for _ in 0..3 {
        incoming.next().await.unwrap().unwrap().accept();
    }
    bound(&pool, 3).await;
    let tasks: Vec<_> = (0..60)
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move { pool.submit(&message("x")).await.unwrap().status() })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap().is_ok());
    }
    assert_eq!(seen.takers.lock().unwrap().len(), 3, "every session took some");
    pool.unbind().await;
    assert!(incoming.next().await.unwrap().is_none());
    let late = pool.submit(&message("late")).await.map(|answer| answer.status());
    assert_eq!(late, Err(RequestError::NotSent(NotSent::Ending)));
}

#[tokio::test]
async fn a_batch_is_spread_over_the_sessions_and_answered_in_its_order() {
    let (address, seen) = centre().await;
    let (pool, _incoming) = Pool::of(address, login()).options(narrow()).transceivers(2);
    bound(&pool, 2).await;
    let long = "x".repeat(300);
    let mut messages = vec![message("x"); 40];
    messages[7] = message(&long);
    let results = pool.submit_all(&messages).await;
    assert_eq!(results.len(), 40);
    for (n, result) in results.into_iter().enumerate() {
        match result {
            Ok(answer) => assert!(answer.status().is_ok() && n != 7),
            Err(why) => {
                assert!(matches!(why, RequestError::NotSent(NotSent::Unfit(_))) && n == 7, "{n}: {why}")
            }
        }
    }
    assert_eq!(seen.takers.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_lost_session_is_bound_again_and_the_others_go_on() {
    let (address, seen) = centre().await;
    let (pool, _incoming) = Pool::of(address, login()).pauses(hasty(), 1).transceivers(2);
    bound(&pool, 2).await;
    let vanished = pool.submit(&message("vanish")).await;
    assert!(vanished.is_err_and(|why| why.is_unknown()));
    for _ in 0..20 {
        assert!(pool.submit(&message("x")).await.unwrap().status().is_ok());
    }
    bound(&pool, 2).await;
    assert_eq!(seen.binds.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_pair_sends_by_its_transmitter_and_hears_by_its_receiver() {
    let (address, seen) = centre().await;
    let (pool, mut incoming) = Pool::of(address, login()).pairs(1);
    incoming.next().await.unwrap().unwrap().accept();
    assert!(pool.submit(&message("x")).await.unwrap().status().is_ok());
    let mut binds = seen.binds.lock().unwrap().clone();
    binds.sort_by_key(|mode| mode.sends());
    assert_eq!(binds, [BindMode::Receiver, BindMode::Transmitter]);
}

#[tokio::test]
async fn without_a_bound_session_a_message_is_not_sent_and_the_bind_says_why() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let turn_max = Duration::from_millis(100);
    let options = ClientOptions { turn_max, ..Default::default() };
    let (pool, _incoming) = Pool::of(address, login()).options(options).transceivers(1);
    let unsent = pool.submit(&message("x")).await.map(|answer| answer.status());
    assert_eq!(unsent, Err(RequestError::NotSent(NotSent::Unbound { waited: turn_max })));
    let binds = pool.binds();
    assert!(
        matches!(&binds[0].stage, Stage::Resting { why, .. } if why.starts_with("no connection")),
        "{binds:?}"
    );
}

#[tokio::test]
async fn the_rate_is_that_of_all_sessions_together() {
    let (address, _seen) = centre().await;
    let options = ClientOptions { rate: Some(Rate::per_second(100).burst(1)), ..Default::default() };
    let (pool, _incoming) = Pool::of(address, login()).options(options).transceivers(3);
    bound(&pool, 3).await;
    let started = Instant::now();
    let results = pool.submit_all(&[message("x"); 31]).await;
    assert!(results.iter().all(Result::is_ok));
    assert!(started.elapsed() >= Duration::from_millis(290), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_pool_that_nobody_holds_unbinds() {
    let server = Server::listen("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    let (tell, mut told) = mpsc::channel(10);
    tokio::spawn(server.each(move |mut peer| {
        let tell = tell.clone();
        async move {
            while let Some(request) = peer.next().await? {
                request.accept("centre");
            }
            tell.send(()).await.unwrap();
            Ok(())
        }
    }));
    let (pool, incoming) = Pool::of(address, login()).transceivers(2);
    bound(&pool, 2).await;
    drop((pool, incoming));
    for _ in 0..2 {
        let unbound = tokio::time::timeout(Duration::from_secs(20), told.recv()).await;
        assert_eq!(unbound, Ok(Some(())));
    }
}
