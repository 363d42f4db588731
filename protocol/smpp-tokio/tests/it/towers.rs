//! A client as a tower service.

use std::future::poll_fn;
use std::time::Duration;

use smpp_tokio::{NotSent, Options, RequestError, TowerService};
use tower_service::Service;

use crate::raw::{bound, message, text_of};

#[tokio::test(start_paused = true)]
async fn a_service_is_ready_when_there_is_a_turn_and_answers_in_the_order_of_the_peer() {
    let options = Options { window_out: 1, ..Options::default() };
    let (client, _incoming, mut centre) = bound(options).await;
    let mut service = TowerService::new(client);
    let mut calls = Vec::new();
    for text in ["a", "b"] {
        poll_fn(|cx| Service::<smpp_tokio::wire::SubmitSm<'_>>::poll_ready(&mut service, cx)).await.unwrap();
        calls.push(service.call(message(text)));
    }
    let third = poll_fn(|cx| Service::<smpp_tokio::wire::SubmitSm<'_>>::poll_ready(&mut service, cx));
    assert!(tokio::time::timeout(Duration::from_millis(10), third).await.is_err(), "no turn is left");
    let unready = service.clone().call(message("x")).await.map(|answer| answer.status());
    assert_eq!(unready, Err(RequestError::NotSent(NotSent::Busy { waited: Duration::ZERO })));
    for call in calls {
        let heard = centre.hears().await.unwrap();
        let text = text_of(&heard);
        centre.takes(&heard).await;
        assert_eq!(call.await.unwrap().message_id().unwrap(), text);
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_dropped_when_ready_gives_its_turn_back() {
    let options = Options { window_out: 1, ..Options::default() };
    let (client, _incoming, _centre) = bound(options).await;
    for _ in 0..10 {
        let mut service = TowerService::new(client.clone());
        poll_fn(|cx| Service::<smpp_tokio::wire::SubmitSm<'_>>::poll_ready(&mut service, cx)).await.unwrap();
    }
    assert_eq!(client.depth().queued, 0);
}
