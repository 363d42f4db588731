//! How a submission ends: as exactly one of not sent, unknown, answered.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use smpp_tokio::wire::{CommandId, CommandStatus, Frame};
use smpp_tokio::{
    Client, ClientOptions, Ended, NotSent, Options, Outcome, RequestError, Transceiver, connect,
};
use tokio::io::DuplexStream;
use tokio::time::{Instant, sleep, timeout};

use crate::raw::{Raw, bound, header, message, server, text_of};

fn window(window_out: usize) -> Options {
    Options { window_out, ..Options::default() }
}

/// xorshift: the same talk again for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// A centre that answers, refuses, nacks, keeps silent, unbinds or hangs up as chance has it.
#[derive(Default)]
struct Heard {
    texts: HashSet<String>,
    answered: HashSet<String>,
}

async fn moody(mut centre: Raw<DuplexStream>, mut chance: Chance, heard: Arc<Mutex<Heard>>) {
    while let Some(frame) = centre.hears().await {
        if frame.id() == CommandId::UNBIND {
            return centre.sends(&header(16, CommandId::UNBIND_RESP, frame.sequence())).await;
        }
        if frame.id() != CommandId::SUBMIT_SM {
            continue;
        }
        let text = text_of(&frame);
        heard.lock().unwrap().texts.insert(text.clone());
        let mood = chance.below(100);
        if mood < 90 {
            heard.lock().unwrap().answered.insert(text);
        }
        match mood {
            0..60 => centre.takes(&frame).await,
            60..80 => centre.sends(&refusal(&frame, CommandId::SUBMIT_SM_RESP)).await,
            80..90 => centre.sends(&refusal(&frame, CommandId::GENERIC_NACK)).await,
            90..97 => {}
            97 => centre.sends(&header(16, CommandId::UNBIND, 77)).await,
            _ => return,
        }
        sleep(Duration::from_millis(chance.below(3))).await;
    }
}

fn refusal(frame: &Frame, by: CommandId) -> Vec<u8> {
    let words = [16, by.0, CommandStatus::THROTTLED.0, frame.sequence()];
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

#[tokio::test(start_paused = true)]
async fn whatever_the_peer_does_each_submission_ends_as_exactly_one_of_three() {
    let (mut answered, mut unknown, mut not_sent, mut dropped) = (0, 0, 0, 0);
    for seed in 1..=200_u64 {
        let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let (client, incoming, centre) = bound(window(1 + chance.below(8) as usize)).await;
        let heard = Arc::new(Mutex::new(Heard::default()));
        tokio::spawn(moody(centre, Chance(seed), Arc::clone(&heard)));
        let tasks: Vec<_> = (0..60).map(|n| submits(&client, n, &mut chance)).collect();
        for task in tasks {
            let Some((text, outcome)) = task.await.unwrap() else {
                dropped += 1;
                continue;
            };
            let heard = heard.lock().unwrap();
            match outcome {
                Outcome::Answered(_) => {
                    assert!(heard.answered.contains(&text), "seed {seed}: {text}");
                    answered += 1;
                }
                Outcome::NotSent(_) => {
                    assert!(!heard.texts.contains(&text), "seed {seed}: {text}");
                    not_sent += 1;
                }
                Outcome::Unknown(_) => unknown += 1,
            }
        }
        let depth = client.depth();
        assert_eq!(depth.waiting, 0, "seed {seed}");
        drop((client, incoming));
    }
    assert!(answered > 1000 && unknown > 100 && not_sent > 100 && dropped > 100);
}

/// Submits a message after a while, and gives up after another while or not at all.
fn submits(
    client: &Client<Transceiver>,
    n: u64,
    chance: &mut Chance,
) -> tokio::task::JoinHandle<Option<(String, Outcome)>> {
    let client = client.clone();
    let (after, patience) = (chance.below(50), chance.below(100));
    let patience = Duration::from_millis(if patience < 20 { patience } else { 120_000 });
    tokio::spawn(async move {
        sleep(Duration::from_millis(after)).await;
        let text = format!("message {n}");
        let result = timeout(patience, client.submit(&message(&text))).await;
        result.ok().map(|result| (text, result.into()))
    })
}

#[tokio::test(start_paused = true)]
async fn a_call_that_gives_up_before_its_turn_takes_its_message_back() {
    let (client, _incoming, mut centre) = bound(window(1)).await;
    // One is in flight, one stands ready, the third waits for its turn.
    let tasks = ["a", "b"].map(|text| {
        let client = client.clone();
        tokio::spawn(async move { client.submit(&message(text)).await })
    });
    let first = centre.hears().await.unwrap();
    let third = timeout(Duration::from_millis(10), client.submit(&message("c"))).await;
    assert!(third.is_err());
    centre.takes(&first).await;
    let second = centre.hears().await.unwrap();
    assert_eq!(text_of(&second), "b");
    centre.takes(&second).await;
    for task in tasks {
        assert!(task.await.unwrap().is_ok());
    }
    let fourth = client.clone();
    let fourth = tokio::spawn(async move { fourth.submit(&message("d")).await });
    let heard = centre.hears().await.unwrap();
    assert_eq!(text_of(&heard), "d");
    centre.takes(&heard).await;
    assert_eq!(fourth.await.unwrap().unwrap().message_id().unwrap(), "d");
}

#[tokio::test(start_paused = true)]
async fn calls_get_their_turn_in_the_order_in_which_they_came() {
    let (client, _incoming, mut centre) = bound(window(2)).await;
    for n in 0..30 {
        let client = client.clone();
        tokio::spawn(async move { client.submit(&message(&n.to_string())).await });
        tokio::task::yield_now().await;
    }
    tokio::task::yield_now().await;
    assert_eq!(client.depth().window, 2);
    assert_eq!((client.depth().in_flight, client.depth().queued, client.depth().waiting), (2, 2, 26));
    for n in 0..30 {
        let heard = centre.hears().await.unwrap();
        assert_eq!(text_of(&heard), n.to_string());
        centre.takes(&heard).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_does_not_come_is_told_after_turn_max() {
    let turn_max = Duration::from_secs(3);
    let (client, _incoming, mut centre) =
        bound(ClientOptions { session: window(1), turn_max, ..Default::default() }).await;
    for text in ["a", "b"] {
        let client = client.clone();
        tokio::spawn(async move { client.submit(&message(text)).await });
    }
    assert_eq!(text_of(&centre.hears().await.unwrap()), "a");
    let started = Instant::now();
    let busy = client.submit(&message("c")).await.map(|answer| answer.status());
    assert_eq!(busy, Err(RequestError::NotSent(NotSent::Busy { waited: turn_max })));
    assert_eq!(started.elapsed(), turn_max);
}

#[tokio::test(start_paused = true)]
async fn a_request_without_a_wait_is_sent_or_refused_at_once() {
    let (client, _incoming, mut centre) = bound(window(1)).await;
    let (a, _b) = (client.try_request(&message("a")).unwrap(), client.try_request(&message("b")).unwrap());
    let busy = client.try_request(&message("c")).map(drop);
    assert_eq!(busy, Err(NotSent::Busy { waited: Duration::ZERO }));
    let heard = centre.hears().await.unwrap();
    centre.takes(&heard).await;
    assert_eq!(a.await.unwrap().message_id().unwrap(), "a");
}

#[tokio::test(start_paused = true)]
async fn what_waits_when_a_client_leaves_is_not_sent_and_what_is_open_is_waited_for() {
    let (client, _incoming, mut centre) = bound(window(1)).await;
    let tasks = ["a", "b", "c"].map(|text| {
        let client = client.clone();
        tokio::spawn(async move { client.submit(&message(text)).await.map(|answer| answer.status()) })
    });
    let first = centre.hears().await.unwrap();
    let leaving = client.clone();
    let left = tokio::spawn(async move { leaving.unbind().await });
    tokio::task::yield_now().await;
    centre.takes(&first).await;
    let second = centre.hears().await.unwrap();
    centre.takes(&second).await;
    let unbind = centre.hears().await.unwrap();
    assert_eq!(unbind.id(), CommandId::UNBIND);
    centre.sends(&header(16, CommandId::UNBIND_RESP, unbind.sequence())).await;
    assert_eq!(left.await.unwrap(), Ended::Unbound);
    let [a, b, c] = tasks;
    assert_eq!((a.await.unwrap(), b.await.unwrap()), (Ok(CommandStatus::OK), Ok(CommandStatus::OK)));
    assert_eq!(c.await.unwrap(), Err(RequestError::NotSent(NotSent::Ending)));
}

#[tokio::test(start_paused = true)]
async fn after_the_peer_s_unbind_nothing_more_is_sent() {
    let (client, _incoming, mut centre) = bound(window(1)).await;
    centre.sends(&header(16, CommandId::UNBIND, 9)).await;
    assert_eq!(centre.hears().await.unwrap().id(), CommandId::UNBIND_RESP);
    let late = client.submit(&message("late")).await.map(|answer| answer.status());
    assert_eq!(late, Err(RequestError::NotSent(NotSent::Ending)));
    assert_eq!(client.closed().await, Ended::Unbound);
}

#[test]
fn with_the_runtime_of_its_task_a_session_ends_for_everybody() {
    let runtime =
        || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (ours, its) = (runtime(), runtime());
    let address = ours.block_on(server());
    let (client, mut incoming) =
        its.block_on(connect(address).bind(Transceiver::new("acme", "secret"))).unwrap();
    let waits = client.clone();
    let waits = ours.spawn(async move { waits.submit(&message("ignore")).await });
    while client.depth().in_flight == 0 {
        std::thread::sleep(Duration::from_millis(1));
    }
    its.shutdown_background();
    let unknown = ours.block_on(waits).unwrap().map(|answer| answer.status());
    assert_eq!(unknown, Err(RequestError::Closed(Ended::Closed)));
    let late = ours.block_on(client.submit(&message("late"))).map(|answer| answer.status());
    assert_eq!(late, Err(RequestError::NotSent(NotSent::Ending)));
    assert_eq!(ours.block_on(client.closed()), Ended::Closed);
    assert!(ours.block_on(incoming.next()).unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_not_held_up_by_one_message_that_is_never_answered() {
    let (client, _incoming, mut centre) = bound(window(4)).await;
    let texts: Vec<String> = (0..40).map(|n| n.to_string()).collect();
    let batch = tokio::spawn(async move {
        let messages: Vec<_> = texts.iter().map(|text| message(text)).collect();
        let results = client.submit_all(&messages).await;
        results
            .into_iter()
            .map(|result| result.map(|answer| answer.message_id().unwrap().into_owned()))
            .collect()
    });
    let started = Instant::now();
    for n in 0..40 {
        let heard = centre.hears().await.unwrap();
        assert_eq!(text_of(&heard), n.to_string());
        if n != 3 {
            centre.takes(&heard).await;
        }
    }
    assert!(started.elapsed() < Duration::from_secs(1));
    let results: Vec<Result<String, RequestError>> = batch.await.unwrap();
    let expected: Vec<_> =
        (0..40).map(|n| if n == 3 { Err(RequestError::TimedOut) } else { Ok(n.to_string()) }).collect();
    assert_eq!(results, expected);
}

#[tokio::test(start_paused = true)]
async fn a_batch_tells_of_each_message_that_cannot_be_sent() {
    let (client, _incoming, mut centre) = bound(window(10)).await;
    let long = "x".repeat(300);
    let batch = tokio::spawn(async move {
        let messages = [message("a"), message(&long), message("b")];
        client.submit_all(&messages).await
    });
    for text in ["a", "b"] {
        let heard = centre.hears().await.unwrap();
        assert_eq!(text_of(&heard), text);
        centre.takes(&heard).await;
    }
    let results = batch.await.unwrap();
    assert!(results[0].is_ok() && results[2].is_ok());
    assert!(matches!(results[1], Err(RequestError::NotSent(NotSent::Unfit(_)))), "{:?}", results[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tasks_on_many_threads_each_get_their_own_answer() {
    let address = server().await;
    let options = Options { window_out: 50, ..Options::default() };
    let (client, _incoming) =
        connect(address).options(options).bind(Transceiver::new("acme", "secret")).await.unwrap();
    let tasks: Vec<_> = (0..200)
        .map(|task| {
            let client = client.clone();
            tokio::spawn(async move {
                for n in 0..50 {
                    let text = format!("{task} {n}");
                    let answer = client.submit(&message(&text)).await.unwrap();
                    assert_eq!(answer.message_id().unwrap(), text);
                    if n % 10 == 0 {
                        // Given up at once: its answer must not come to another.
                        drop(client.try_request(&message("given up")));
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(client.unbind().await, Ended::Unbound);
}
