//! Laws of what is told of a message.

use chappe_core::lifecycle::State;
use chappe_core::{Message, Reason};

use super::law::Law;
use super::talk::{ACME, CARRIER, OTHER, RECEIPT, TO_ACME, TO_CARRIER, Talk};
use crate::batch::Settled;
use crate::by_hand::Control;
use crate::scope::Scope;
use crate::story::{StepKind, Story};

#[rustfmt::skip]
pub(super) const LAWS: &[Law] = &[
    Law { name: "a story tells all that happened, in order, also when it is over", hold: a_story_tells_all },
    Law { name: "a story is told to its account only", hold: a_story_is_told_to_its_account_only },
    Law { name: "a story does not wait for a commit to be asked for", hold: a_story_is_of_this_moment },
];

fn words(story: &Story) -> Vec<&'static str> {
    let word = |kind: &StepKind| match kind {
        StepKind::Accepted { .. } => "accepted",
        StepKind::Intended { .. } => "intended",
        StepKind::Sent { .. } => "sent",
        StepKind::Deferred { .. } => "deferred",
        StepKind::Ended { .. } => "ended",
        StepKind::Receipt { .. } => "receipt",
        StepKind::Notified { .. } => "notified",
        StepKind::Cancelled => "cancelled",
        StepKind::Replaced => "replaced",
        StepKind::Moved { .. } => "moved",
        StepKind::Held { .. } => "held",
        StepKind::Scheduled { .. } => "scheduled",
        StepKind::Collected { .. } => "collected",
        StepKind::Joined { .. } => "joined",
        StepKind::LateReceipt { .. } => "late receipt",
        StepKind::Repeated => "repeated",
        StepKind::Noticed { .. } => "noticed",
        StepKind::SentAnew { .. } => "sent anew",
        StepKind::AgainOf { .. } => "again",
    };
    story.steps.iter().map(|step| word(&step.kind)).collect()
}

fn a_story_tells_all(talk: &mut Talk<'_>) {
    let noise = talk.accept(&["noise"], 0)[0];
    let sequence = talk.accept(&["old"], RECEIPT)[0];
    assert!(matches!(talk.replace(Scope::Account(ACME), sequence, "new"), Control::Done(_)), "{talk:?}");
    talk.intend_all(TO_CARRIER);
    let (due, reason) = (talk.store().now(), Reason::CarrierThrottled);
    talk.settle(TO_CARRIER, sequence, Settled::Deferred { due, reason, counts: false, in_doubt: false });
    talk.intend_all(TO_CARRIER);
    talk.sent(noise, "r0");
    talk.sent(sequence, "r1");
    talk.receipt(CARRIER, "r1", State::Delivered);
    talk.receipt(CARRIER, "r0", State::Delivered);
    talk.settle(TO_ACME, sequence, Settled::Notified);
    let story = talk.story(Scope::All, sequence);
    let story = story.unwrap_or_else(|| panic!("{talk:?}: no story"));
    let told = words(&story);
    assert!(
        told.starts_with(&["accepted", "replaced", "intended", "deferred", "intended", "sent", "receipt"]),
        "{talk:?}: {told:?}"
    );
    assert_eq!(
        Message::read(&story.body).map(|message| message.user_data.to_vec()).ok(),
        Some(b"new".to_vec())
    );
    assert!(story.steps.is_sorted_by_key(|step| step.at), "{talk:?}");
    assert_eq!(story.sequence, sequence, "{talk:?}");
}

fn a_story_is_told_to_its_account_only(talk: &mut Talk<'_>) {
    let sequence = talk.accept(&["one"], 0)[0];
    assert!(talk.story(Scope::Account(ACME), sequence).is_some(), "{talk:?}");
    assert!(talk.story(Scope::Account(OTHER), sequence).is_none(), "{talk:?}");
    assert!(talk.story(Scope::All, sequence + 1000).is_none(), "{talk:?}");
    assert!(talk.story(Scope::All, 0).is_none(), "{talk:?}");
}

fn a_story_is_of_this_moment(talk: &mut Talk<'_>) {
    let sequence = talk.accept_and_send("one", 0, "r1");
    let story = talk.story(Scope::All, sequence);
    assert_eq!(story.as_ref().map(words).unwrap_or_default(), ["accepted", "intended", "sent"], "{talk:?}");
    assert_eq!(story.and_then(|story| story.standing).map(|standing| standing.sent), Some(true), "{talk:?}");
}
