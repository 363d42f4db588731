//! Tries, under any sequence of answers.

use std::time::Duration;

use chappe_core::{Message, Timestamp};
use chappe_exchange::{StepKind, Tried};
use proptest::prelude::*;

use crate::centre::{Centre, message, settle, store};

/// What a carrier does with one try.
#[derive(Clone, Copy, Debug)]
enum Answer {
    Status(u32),
    Lost,
    Silent,
    NotSent,
}

const PERMANENT: [u32; 6] = [0x0A, 0x0B, 0x61, 0x65, 0x66, 0x01];
const ATTEMPTS_MAX: u32 = 6;

fn answer() -> impl Strategy<Value = Answer> {
    let status = prop::sample::select(vec![0x58, 0x14, 0x08, 0x64, 0x04, 0xFE, 0x421, 0x45, 0x0B, 0x65]);
    prop_oneof![
        8 => status.prop_map(Answer::Status),
        1 => any::<u32>().prop_filter("an error", |status| *status != 0).prop_map(Answer::Status),
        1 => Just(Answer::Lost),
        1 => Just(Answer::Silent),
        1 => Just(Answer::NotSent),
    ]
}

/// Runs one message through the answers until it ends; the times at which it left.
async fn tried(
    answers: &[Answer],
    validity: Duration,
) -> (Vec<(Timestamp, Answer)>, Timestamp, Vec<StepKind>) {
    let mut centre = Centre::over(
        store(),
        |_| {},
        |link| {
            link.attempts_max = ATTEMPTS_MAX;
            link.drops_max = 0;
        },
    );
    let valid_until = centre.now() + validity;
    let accepted = centre.sends(&Message { valid_until, registered_delivery: 0, ..message("hello") });
    let mut tries = Vec::new();
    let mut answers = answers.iter().copied().cycle();
    while centre.standing(accepted.id).is_some() {
        settle().await;
        if let Some((left, outgoing)) = centre.link.sent_at().pop() {
            let answer = answers.next().unwrap();
            let ago = u64::try_from(left.elapsed().as_micros()).unwrap();
            tries.push((Timestamp(centre.now().0 - ago), answer));
            centre.reports(
                outgoing.row.sequence,
                match answer {
                    Answer::Status(status) => Tried::Refused { status },
                    Answer::Lost => Tried::Unknown,
                    Answer::Silent => Tried::Silent,
                    Answer::NotSent => Tried::NotSent,
                },
            );
            // Each try takes a while.
            tokio::time::sleep(Duration::from_millis(100)).await;
        } else {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }
    (tries, valid_until, centre.story(accepted.id))
}

fn counts(answer: &Answer) -> bool {
    !matches!(answer, Answer::NotSent | Answer::Status(0x58 | 0x14 | 0x04 | 0x05))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_try_begins_after_the_validity_none_follows_a_last_word_and_tries_are_bounded(
        answers in prop::collection::vec(answer(), 1..12), validity in 1_u64..1800,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let (tries, valid_until, story) = runtime.block_on(tried(&answers, Duration::from_secs(validity)));
        prop_assert!(!tries.is_empty());
        for (at, answer) in &tries {
            prop_assert!(*at < valid_until, "left {:?} after its end: {:?}", at.since(valid_until), answer);
        }
        let last_words = tries.iter().rev().skip(1).filter(
            |(_, answer)| matches!(answer, Answer::Status(status) if PERMANENT.contains(status)));
        prop_assert_eq!(last_words.count(), 0, "tried again after a last word: {:?}", tries);
        let counted = tries.iter().filter(|(_, answer)| counts(answer)).count();
        prop_assert!(counted <= ATTEMPTS_MAX as usize, "{} tries that count: {:?}", counted, tries);
        let ends = story.iter().filter(|kind| matches!(kind, StepKind::Ended { .. })).count();
        prop_assert_eq!(ends, 1, "{:?}", story);
    }
}

#[tokio::test(start_paused = true)]
async fn a_status_that_no_table_knows_warns_and_is_tried_twice_more() {
    let mut centre = Centre::start();
    let accepted = centre.submits("hello");
    for _ in 0..3 {
        settle().await;
        assert_eq!(centre.link.texts(), ["hello"]);
        centre.reports(accepted.sequence, Tried::Refused { status: 0x421 });
        tokio::time::sleep(Duration::from_secs(6)).await;
    }
    settle().await;
    assert_eq!(centre.mailbox.sent().len(), 1);
    let line = &centre.exchange.queue()[0];
    assert_eq!(line.trouble.as_deref(), Some("unmapped_status 0x421"));
    assert_eq!((line.troubles.len(), line.troubles[0].count), (1, 3));
    let mut registry = prometheus_client::registry::Registry::default();
    centre.exchange.metrics().register(&mut registry);
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
    assert!(text.contains("chappe_unmapped_statuses_total{link=\"carrier\"} 3"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn the_last_trouble_stands_until_a_message_is_taken_and_stays_on_the_list() {
    let mut centre = Centre::start();
    let (refused, taken) = (centre.submits("refused"), centre.submits("taken"));
    settle().await;
    centre.reports(refused.sequence, Tried::Refused { status: 0x0B });
    settle().await;
    let trouble = Some("carrier_invalid_destination 0x0B");
    assert_eq!(centre.exchange.queue()[0].trouble.as_deref(), trouble);
    centre.taken(taken.sequence, b"1");
    settle().await;
    let line = &centre.exchange.queue()[0];
    assert_eq!((line.trouble.as_deref(), line.troubles.len()), (None, 1));
    // A bind that could not be had is history once one is there.
    centre.link.binds(&centre.link_reports, 0);
    settle().await;
    centre.link_reports.trouble("bind refused");
    assert_eq!(centre.exchange.queue()[0].trouble.as_deref(), Some("bind refused"));
    centre.link.binds(&centre.link_reports, 5);
    settle().await;
    assert_eq!(centre.exchange.queue()[0].trouble, None);
}

#[tokio::test(start_paused = true)]
async fn who_watches_hears_of_tries_that_were_not_the_last() {
    let mut centre = Centre::start();
    let mut watch = centre.exchange.watch();
    let accepted = centre.submits("hello");
    settle().await;
    centre.reports(accepted.sequence, Tried::Refused { status: 0x08 });
    settle().await;
    let told = std::iter::from_fn(|| watch.try_recv().ok()).find_map(|happening| match happening {
        chappe_exchange::Happening::Deferred { account, id, target, reason, again_in } => {
            Some((account, id, target, reason.name(), again_in.as_secs_f64().round()))
        }
        _ => None,
    });
    assert_eq!(told, Some(("acme".into(), accepted.id, "carrier".into(), "carrier_error", 1.0)));
}
