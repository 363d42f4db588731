use chappe_core::lifecycle::State;
use chappe_core::{Address, Message, Reason};
use chappe_exchange::Incoming;
use chappe_store::ErrorCode;

use crate::centre::{Centre, message, settle};

fn receipt(remote: &[u8], state: State) -> Incoming {
    Incoming::Receipt {
        remote: remote.into(),
        state,
        error: ErrorCode::from_octets(b"000"),
        raw: b"id:".as_slice().into(),
    }
}

fn from_handset(to: &[u8], text: &str) -> Incoming {
    let mut body = Vec::new();
    let source = Address { ton: 1, npi: 1, digits: b"385911234567" };
    let destination = Address { ton: 0, npi: 0, digits: to };
    Message { source, destination, registered_delivery: 0, ..message(text) }.write(&mut body);
    Incoming::Message(body.into())
}

#[tokio::test(start_paused = true)]
async fn a_receipt_comes_home_and_its_carrier_is_answered() {
    let mut centre = Centre::start();
    let accepted = centre.submits("hello");
    settle().await;
    centre.taken(accepted.sequence, b"9001");
    centre.hears(receipt(b"9001", State::Delivered));
    settle().await;
    let told = centre.mailbox.sent();
    assert_eq!((told.len(), told[0].id), (1, accepted.id));
    assert_eq!(told[0].row.receipt.unwrap().state, State::Delivered);
    assert_eq!(centre.link.answers().iter().map(|answer| answer.refused).collect::<Vec<_>>(), [None]);
}

#[tokio::test(start_paused = true)]
async fn a_receipt_before_the_answer_is_parked_and_matched() {
    let mut centre = Centre::start();
    let accepted = centre.submits("hello");
    settle().await;
    centre.hears(receipt(b"9001", State::Delivered));
    settle().await;
    assert!(centre.mailbox.sent().is_empty());
    assert_eq!(centre.link.answers().len(), 1);
    centre.taken(accepted.sequence, b"9001");
    settle().await;
    assert_eq!(centre.mailbox.sent()[0].row.receipt.unwrap().state, State::Delivered);
}

#[tokio::test(start_paused = true)]
async fn the_first_final_state_wins() {
    let mut centre = Centre::start();
    let accepted = centre.submits("hello");
    settle().await;
    centre.taken(accepted.sequence, b"9001");
    for state in
        [State::Enroute, State::Accepted, State::Undeliverable, State::Delivered, State::Undeliverable]
    {
        centre.hears(receipt(b"9001", state));
    }
    settle().await;
    let told = centre.mailbox.sent();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].row.receipt.unwrap().state, State::Undeliverable);
    assert_eq!(centre.link.answers().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_receipt_for_nothing_is_answered_and_changes_nothing() {
    let centre = Centre::start();
    centre.hears(receipt(b"nobody", State::Delivered));
    settle().await;
    assert_eq!(centre.link.answers()[0].refused, None);
    assert!(centre.mailbox.sent().is_empty());
    assert_eq!(centre.exchange.store().counts().parked, 1);
}

#[tokio::test(start_paused = true)]
async fn a_message_from_a_handset_reaches_the_account_of_its_route() {
    let centre = Centre::start();
    centre.hears(from_handset(b"12345", "YES"));
    settle().await;
    assert_eq!(centre.mailbox.texts(), ["YES"]);
    assert_eq!(centre.link.answers()[0].refused, None);
}

#[tokio::test(start_paused = true)]
async fn a_message_from_a_handset_to_nobody_is_refused_to_the_carrier() {
    let centre = Centre::start();
    let policy = centre.exchange.policy();
    let accounts = policy.accounts().map(|(id, account)| (id, account.clone()));
    let links = policy.links().map(|(id, link)| (id, link.clone()));
    centre.exchange.set_policy(chappe_core::Policy::new(accounts, links, chappe_core::Routes::default(), 2));
    centre.hears(from_handset(b"12345", "YES"));
    settle().await;
    assert_eq!(centre.link.answers()[0].refused, Some(Reason::NoRoute));
}
