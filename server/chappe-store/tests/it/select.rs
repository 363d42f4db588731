//! What a hand would touch, however it is looked for.

use std::time::Duration;

use chappe_core::{AccountId, Class, LinkId, Message, Reason, Target, Timestamp};
use chappe_store::{
    Accepts, Effects, Kind, Limits, MemoryStore, Offer, Origin, Row, Scope, Selection, Settled, Settlement,
    Standing, Store, Waiter,
};

const TARGETS: [Target; 2] = [Target::Link(LinkId(1)), Target::Link(LinkId(2))];
const ACCOUNTS: [AccountId; 2] = [AccountId(1), AccountId(2)];
const REASONS: [Reason; 2] = [Reason::CarrierQueueFull, Reason::LinkLost];
const KINDS: [Kind; 9] = [
    Kind::Any,
    Kind::Waiting,
    Kind::InDoubt,
    Kind::Held,
    Kind::Sent,
    Kind::Scheduled,
    Kind::Collecting,
    Kind::Receipt,
    Kind::OnItsWay,
];

fn store() -> MemoryStore {
    MemoryStore::new(Limits::default(), || Timestamp(1_000_000))
}

/// Messages of each account for each target, some of them scheduled. All their numbers.
fn accept(store: &MemoryStore) -> Vec<u64> {
    let mut accepted = Vec::new();
    for (number, account) in ACCOUNTS.into_iter().enumerate() {
        let mut batch = Accepts::new(Origin::Account(account));
        for at in 0..60 + number {
            let due = if at % 7 == 0 { Timestamp(u64::MAX / 2) } else { Timestamp::ZERO };
            let message = Message { registered_delivery: 1, ..Message::default() };
            let offer = Offer::new(TARGETS[at % 2], Class::Bulk, &message);
            batch.push(&Offer { due, ..offer });
        }
        store.accept(&batch, &mut accepted, &mut Effects::default(), &Waiter::new(|| {})).unwrap();
    }
    accepted.iter().map(|accepted| accepted.sequence).collect()
}

/// Something different happens to each row in turn; some stay where they are.
fn outcome(row: &Row) -> Option<Settled> {
    let (reason, due) = (REASONS[usize::try_from(row.sequence / 8 % 2).unwrap()], row.due);
    let deferred =
        |in_doubt| Settled::Deferred { due: due + Duration::from_secs(60), reason, counts: true, in_doubt };
    match row.sequence % 8 {
        0 => Some(deferred(false)),
        1 => Some(deferred(true)),
        2 => Some(Settled::Held { reason }),
        3 => Some(Settled::Sent { remote: row.sequence.to_string().into_bytes().into() }),
        4 => Some(Settled::Ended(chappe_store::Final {
            state: chappe_core::lifecycle::State::Rejected,
            error: chappe_store::ErrorCode::default(),
            reason: Some(reason),
            at: due,
        })),
        _ => None,
    }
}

fn send(store: &MemoryStore) {
    for target in TARGETS {
        let lease = store.lease(target).unwrap();
        let mut rows = Vec::new();
        for lane in store.lanes(&lease).unwrap() {
            store.window(&lease, &lane, None, store.now(), 50, &mut rows).unwrap();
        }
        rows.retain(|row| row.sequence % 8 != 5);
        store.intend(&lease, &mut rows, &Waiter::new(|| {})).unwrap();
        let settle = |row: &Row| Some(Settlement { sequence: row.sequence, what: outcome(row)? });
        let batch: Vec<_> = rows.iter().filter_map(settle).collect();
        store.settle(&lease, &batch, &mut Effects::default()).unwrap();
    }
}

fn is_meant(selection: &Selection, standing: &Standing) -> bool {
    selection.target.is_none_or(|target| standing.target == target)
        && selection.account.is_none_or(|account| standing.origin == Origin::Account(account))
        && (selection.kind == Kind::Any || selection.kind == standing.kind)
        && selection.reason.is_none_or(|reason| standing.reason == Some(reason))
}

fn selections() -> Vec<Selection> {
    let mut all = Vec::new();
    for target in [None, Some(TARGETS[0]), Some(TARGETS[1]), Some(Target::Mailbox(ACCOUNTS[0]))] {
        for account in [None, Some(ACCOUNTS[1]), Some(AccountId(9))] {
            for kind in KINDS {
                for reason in [None, Some(REASONS[0]), Some(REASONS[1])] {
                    all.push(Selection { target, account, kind, reason, ..Selection::default() });
                }
            }
        }
    }
    all
}

#[test]
fn a_selection_counts_and_shows_what_each_message_says_of_itself() {
    let store = store();
    let sequences = accept(&store);
    send(&store);
    let standings: Vec<_> =
        sequences.iter().filter_map(|sequence| store.query(Scope::All, store.id(*sequence))).collect();
    let kinds = KINDS.iter().filter(|kind| standings.iter().any(|standing| standing.kind == **kind));
    assert_eq!(kinds.count(), 7, "all but Any and Collecting");
    for selection in selections() {
        let expected = standings.iter().filter(|standing| is_meant(&selection, standing)).count();
        for limit in [0, 3, 1000] {
            let mut found = Vec::new();
            let count = store.select(&selection, limit, &mut found);
            assert_eq!((count, found.len()), (expected, expected.min(limit)), "{selection:?}");
            assert!(found.iter().all(|found| is_meant(&selection, found)), "{selection:?}");
            found.sort_by_key(|found| found.sequence);
            found.dedup_by_key(|found| found.sequence);
            assert_eq!(found.len(), expected.min(limit), "{selection:?}");
        }
    }
}
