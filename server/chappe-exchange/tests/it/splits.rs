//! A text that its link takes in parts only.

use std::time::Duration;

use chappe_core::{Link, LongForm, Message, Rate, Reason, Timestamp};

use crate::centre::{Centre, message, settle, store};

fn takes_parts(link: &mut Link) {
    link.long = LongForm::Udh;
}

/// 400 septets: three parts.
fn long() -> String {
    "abcdefgh".repeat(50)
}

#[tokio::test(start_paused = true)]
async fn it_is_answered_once_and_leaves_as_its_parts_in_order() {
    let mut centre = Centre::over(store(), |_| {}, takes_parts);
    let text = long();
    centre.entry.offer(&message(&text), Timestamp::ZERO).unwrap();
    centre.entry.offer(&message("short"), Timestamp::ZERO).unwrap();
    assert_eq!(centre.entry.offered(), 2);
    let accepted = centre.entry.commit().unwrap().accepted.to_vec();
    assert_eq!(accepted.len(), 2);
    settle().await;
    let sent = centre.link.sent();
    assert_eq!((sent[0].id, sent[3].id), (accepted[0].id, accepted[1].id));
    let parts: Vec<_> = sent.iter().filter_map(|outgoing| outgoing.row.part).collect();
    assert_eq!(
        parts.iter().map(|part| (part.number, part.total)).collect::<Vec<_>>(),
        [(1, 3), (2, 3), (3, 3)]
    );
    let texts = sent.iter().take(3).map(|outgoing| {
        let message = Message::read(&outgoing.row.body).unwrap();
        message.user_data[6..].to_vec()
    });
    assert_eq!(texts.collect::<Vec<_>>().concat(), text.as_bytes());
}

#[tokio::test(start_paused = true)]
async fn two_of_them_share_neither_group_nor_reference() {
    let mut centre = Centre::over(store(), |_| {}, takes_parts);
    centre.submits(&long());
    centre.submits(&long());
    settle().await;
    let sent = centre.link.sent();
    let of = |at: usize| {
        let message = Message::read(&sent[at].row.body).unwrap();
        (sent[at].row.part.unwrap().group, message.user_data[3])
    };
    assert_eq!((of(0), of(3)), (of(2), of(5)));
    assert!(of(0).0 != of(3).0 && of(0).1 != of(3).1);
}

#[tokio::test(start_paused = true)]
async fn short_texts_between_two_of_them_use_up_no_reference() {
    let mut centre = Centre::over(store(), |_| {}, takes_parts);
    centre.link.binds(&centre.link_reports, 1000);
    centre.submits(&long());
    for _ in 0..255 {
        centre.submits("short");
    }
    centre.submits(&long());
    settle().await;
    let sent = centre.link.sent();
    let reference = |at: usize| Message::read(&sent[at].row.body).unwrap().user_data[3];
    assert_eq!(sent.len(), 3 + 255 + 3);
    assert_ne!(reference(0), reference(3 + 255));
}

#[tokio::test(start_paused = true)]
async fn a_repeat_of_it_is_answered_with_the_first_id_and_no_part_leaves_again() {
    let wanted = |account: &mut chappe_core::Account| account.duplicates = Some(Duration::from_secs(600));
    let mut centre = Centre::over(store(), wanted, takes_parts);
    let first = centre.submits(&long());
    let again = centre.submits(&long());
    assert_eq!((again.id, again.duplicate), (first.id, true));
    settle().await;
    assert_eq!(centre.link.sent().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn each_part_counts_against_the_rate() {
    let limited = |account: &mut chappe_core::Account| {
        account.rate = Some(Rate { parts_per_second: 1.0, burst: Some(4.0) });
    };
    let mut centre = Centre::over(store(), limited, takes_parts);
    let text = long();
    assert_eq!(centre.entry.offer(&message(&text), Timestamp::ZERO), Ok(()));
    assert_eq!(centre.entry.offer(&message(&text), Timestamp::ZERO), Err(Reason::RateLimited));
    assert_eq!(centre.entry.offer(&message("short"), Timestamp::ZERO), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn more_than_can_be_numbered_is_refused() {
    let mut centre = Centre::over(store(), |_| {}, takes_parts);
    let endless = "x".repeat(50_000);
    assert_eq!(centre.entry.offer(&message(&endless), Timestamp::ZERO), Err(Reason::InvalidLength));
}
