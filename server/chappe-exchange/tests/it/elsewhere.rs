//! Messages that go over another link than their first.

use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{Link, Reason, Target};
use chappe_exchange::{Outcome, StepKind, Tried};

use crate::centre::{Centre, after, message, settle};

#[tokio::test(start_paused = true)]
async fn a_message_whose_failure_allows_it_goes_over_the_next_link_of_its_route() {
    let (mut centre, spare) = Centre::start().with_a_spare();
    let accepted = centre.submits("hello");
    settle().await;
    assert_eq!(centre.link.texts(), ["hello"]);
    centre.reports(accepted.sequence, Tried::Refused { status: 0x45 });
    settle().await;
    assert_eq!(spare.link.texts(), ["hello"]);
    assert!(centre.mailbox.sent().is_empty(), "the sender sees one end, and this is none");
    let moved = centre.story(accepted.id).into_iter().find_map(|kind| match kind {
        StepKind::Moved { from, target, reason, by_hand, .. } => Some((from, target, reason, by_hand)),
        _ => None,
    });
    let (from, to) = (Target::Link(centre.carrier), Target::Link(spare.id));
    assert_eq!(moved, Some((from, to, Some(Reason::CarrierRefused), false)));

    let refused = Tried::Refused { status: 0x45 };
    spare.reports.outcomes(vec![Outcome { sequence: accepted.sequence, what: refused }]);
    settle().await;
    let receipt = centre.mailbox.sent()[0].row.receipt.unwrap();
    assert_eq!((receipt.state, receipt.reason), (State::Rejected, Some(Reason::CarrierRefused)));
    assert!(centre.link.sent().is_empty(), "never back to the first");
}

#[tokio::test(start_paused = true)]
async fn a_message_whose_validity_is_over_finds_no_other_way() {
    let (mut centre, spare) = Centre::start().with_a_spare();
    let valid_until = centre.now() + Duration::from_secs(5);
    let accepted = centre.sends(&chappe_core::Message { valid_until, ..message("short-lived") });
    settle().await;
    after(Duration::from_secs(6)).await;
    centre.reports(accepted.sequence, Tried::Refused { status: 0x45 });
    after(Duration::from_secs(2)).await;
    assert!(spare.link.sent().is_empty());
    assert_eq!(centre.mailbox.sent().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_link_that_is_gone_finds_another_way_and_says_so() {
    let (mut centre, spare) = Centre::start().with_a_spare();
    centre.link.binds(&centre.link_reports, 0);
    let accepted = centre.submits("hello");
    let carrier = centre.carrier;
    centre.set_policy(|_, links| links.retain(|(id, _)| *id != carrier));
    drop(centre.link_reports);
    after(Duration::from_secs(6)).await;
    assert_eq!(spare.link.texts(), ["hello"]);
    let store = centre.exchange.store();
    let story = store.story(chappe_store::Scope::All, accepted.id).unwrap().unwrap();
    let says_why = |kind: &StepKind| matches!(kind, StepKind::Moved { reason: Some(Reason::LinkGone), .. });
    assert!(story.steps.iter().any(|step| says_why(&step.kind)), "{:?}", story.steps);
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_link_that_is_gone_ends_where_no_other_way_is_known() {
    let mut centre = Centre::start();
    centre.link.binds(&centre.link_reports, 0);
    centre.submits("hello");
    let elsewhere = centre.exchange.store().link("elsewhere").unwrap();
    let policy = centre.exchange.policy();
    let accounts = policy.accounts().map(|(id, account)| (id, account.clone()));
    let links = [(elsewhere, Link::new("elsewhere", "127.0.0.1:3", "chappe"))];
    let policy = chappe_core::Policy::new(accounts, links, chappe_core::Routes::default(), 2);
    centre.exchange.set_policy(policy);
    drop(centre.link_reports);
    after(Duration::from_secs(6)).await;
    let receipt = centre.mailbox.sent()[0].row.receipt.unwrap();
    assert_eq!(receipt.reason, Some(Reason::LinkGone));
}

#[tokio::test(start_paused = true)]
async fn what_was_out_when_its_link_went_is_in_doubt_and_then_goes_elsewhere_with_a_flag() {
    let (mut centre, spare) = Centre::start().with_a_spare();
    centre.submits("hello");
    settle().await;
    assert_eq!(centre.link.texts(), ["hello"]);
    let carrier = centre.carrier;
    centre.set_policy(|_, links| links.retain(|(id, _)| *id != carrier));
    drop(centre.link_reports);
    after(Duration::from_secs(590)).await;
    assert!(spare.link.sent().is_empty(), "a receipt may still tell");
    after(Duration::from_secs(30)).await;
    let sent = spare.link.sent();
    assert_eq!((sent.len(), sent[0].row.possible_duplicate), (1, true));
}
