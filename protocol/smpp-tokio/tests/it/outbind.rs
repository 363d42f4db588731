//! A centre calls, and the client binds to it.

use std::time::Duration;

use smpp_tokio::wire::{BindMode, CommandStatus, DeliverSm, Outbind};
use smpp_tokio::{BindError, BindRequest, Connection, Ended, Event, Options, Receiver, outbind};
use tokio::net::TcpStream;

use crate::raw::{Raw, submit_sm};

#[tokio::test]
async fn a_centre_that_calls_is_bound_to_and_delivers() {
    let calls = outbind::Listener::listen("127.0.0.1:0").await.unwrap();
    let address = calls.local_addr().unwrap();
    let centre = tokio::spawn(async move {
        let who = Outbind { system_id: b"centre", password: b"secret", ..Default::default() };
        let mut esme = outbind::call(address, &who, Options::default()).await.unwrap();
        binds_and_delivers(&mut esme).await
    });
    let call = calls.next().await.unwrap().hear().await.unwrap();
    assert_eq!((call.outbind().system_id, call.outbind().password), (&b"centre"[..], &b"secret"[..]));
    let (_client, mut incoming) = call.bind(Receiver::new("acme", "word")).await.unwrap();
    incoming.next().await.unwrap().unwrap().accept();
    assert_eq!(centre.await.unwrap(), BindMode::Receiver);
}

/// Takes the bind, delivers a message, and waits for its answer; what was bound.
async fn binds_and_delivers(esme: &mut Connection<TcpStream>) -> BindMode {
    let mut mode = None;
    loop {
        esme.ready().await.unwrap();
        while let Some(event) = esme.take() {
            match event {
                Event::Bind(BindRequest { asked, bind, .. }) => {
                    assert_eq!(bind.password, b"word");
                    mode = Some(bind.mode);
                    esme.accept_bind(asked, b"centre");
                    esme.request(&DeliverSm::default(), 1).unwrap();
                }
                Event::Answered { token: 1, .. } => return mode.unwrap(),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_caller_that_says_nothing_is_not_waited_for_for_long() {
    let options = Options { session_init: Duration::from_millis(100), ..Options::default() };
    let calls = outbind::Listener::listen("127.0.0.1:0").await.unwrap().options(options);
    let mut silent = Raw::connect(calls.local_addr().unwrap()).await;
    let heard = calls.next().await.unwrap().hear().await;
    assert!(matches!(heard, Err(BindError::Ended(Ended::NotBound))), "{heard:?}");
    assert!(silent.hears().await.is_none());
}

#[tokio::test]
async fn a_caller_that_says_anything_else_is_refused_and_may_still_say_who_it_is() {
    let calls = outbind::Listener::listen("127.0.0.1:0").await.unwrap();
    let mut caller = Raw::connect(calls.local_addr().unwrap()).await;
    let hears = tokio::spawn(async move { calls.next().await.unwrap().hear().await });
    caller.sends(&submit_sm(5)).await;
    assert!(!caller.hears().await.unwrap().status().is_ok());
    caller.says(CommandStatus::OK, 6, &Outbind { system_id: b"x", ..Default::default() }).await;
    assert_eq!(hears.await.unwrap().unwrap().outbind().system_id, b"x");
}
