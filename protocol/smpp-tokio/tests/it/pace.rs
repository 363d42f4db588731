//! No more leaves than a client's rate allows.

use std::time::Duration;

use smpp_tokio::{ClientOptions, NotSent, Rate, RequestError};
use tokio::time::Instant;

use crate::raw::{bound, message};

fn paced(rate: Rate) -> ClientOptions {
    ClientOptions { rate: Some(rate), ..Default::default() }
}

#[tokio::test(start_paused = true)]
async fn messages_leave_at_the_rate_and_a_burst_at_once() {
    let (client, _incoming, mut centre) = bound(paced(Rate::per_second(50).burst(10))).await;
    let started = Instant::now();
    for n in 0..60 {
        let client = client.clone();
        tokio::spawn(async move { client.submit(&message(&n.to_string())).await });
    }
    for n in 0..60 {
        let heard = centre.hears().await.unwrap();
        centre.takes(&heard).await;
        // A burst of ten, and then one each 20 ms; the clock of the test has milliseconds.
        let due = Duration::from_millis(20) * (n + 1_u32).saturating_sub(10);
        assert!(started.elapsed() >= due, "message {n} after {:?}", started.elapsed());
    }
    assert!(started.elapsed() < Duration::from_millis(1100), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_batch_keeps_to_the_rate_as_well() {
    let (client, _incoming, mut centre) = bound(paced(Rate::per_second(100).burst(1))).await;
    let started = Instant::now();
    let batch = tokio::spawn(async move { client.submit_all(&[message("x"); 51]).await });
    for _ in 0..51 {
        let heard = centre.hears().await.unwrap();
        centre.takes(&heard).await;
    }
    assert!(batch.await.unwrap().iter().all(Result::is_ok));
    let took = started.elapsed();
    assert!(took >= Duration::from_millis(500) && took < Duration::from_millis(600), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_long_message_counts_as_its_parts() {
    let (client, _incoming, mut centre) = bound(paced(Rate::per_second(10).burst(2))).await;
    let text = "x".repeat(200);
    let started = Instant::now();
    let answers = tokio::spawn(async move {
        // Two parts each: the first two are the burst, the others 200 ms each.
        for _ in 0..4 {
            client.submit(&message(&text)).await.unwrap();
        }
    });
    for _ in 0..4 {
        let heard = centre.hears().await.unwrap();
        centre.takes(&heard).await;
    }
    answers.await.unwrap();
    let took = started.elapsed();
    assert!(took >= Duration::from_millis(600) && took < Duration::from_millis(620), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_rate_is_waited_for_only_so_long() {
    let turn_max = Duration::from_secs(2);
    let options = ClientOptions { turn_max, ..paced(Rate::per_second(1).burst(1)) };
    let (client, _incoming, mut centre) = bound(options).await;
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.submit(&message("x")).await.map(|answer| answer.status()) })
        })
        .collect();
    for _ in 0..3 {
        let heard = centre.hears().await.unwrap();
        centre.takes(&heard).await;
    }
    let mut busy = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(status) => assert!(status.is_ok()),
            Err(why) => {
                assert_eq!(why, RequestError::NotSent(NotSent::Busy { waited: turn_max }));
                busy += 1;
            }
        }
    }
    assert_eq!(busy, 7);
}
