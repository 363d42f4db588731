//! A search finds what a reading of everything would find, whatever became of the indexes.

use std::time::Duration;

use chappe_core::AccountId;
use chappe_store::{Filter, Scope, Store};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::archive::{Archive, FROM, Fate, LINK, LONG, Rot, TO};

#[derive(Clone, Debug)]
enum Op {
    Accept { account: u32, to: usize, from: usize, count: usize, long: bool },
    Happens { pick: Index, what: Fate },
    Rot { pick: Index, how: Rot },
    Rest,
    LosePower,
    Search(Question),
}

/// What is asked; times are those of messages.
#[derive(Clone, Debug)]
struct Question {
    scope: Option<u32>,
    to: Option<usize>,
    from: Option<usize>,
    account: Option<u32>,
    since: Option<Index>,
    until: Option<Index>,
    remote: Option<u8>,
    pages_of: usize,
}

impl Question {
    fn ask(&self, archive: &Archive) -> Result<(), TestCaseError> {
        let time = |pick: &Option<Index>| {
            let known = &archive.known;
            pick.as_ref().filter(|_| !known.is_empty()).map(|pick| known[pick.index(known.len())].at)
        };
        let filter = Filter {
            to: self.to.map(|to| TO[to].into()),
            from: self.from.map(|from| FROM[from].into()),
            account: self.account.map(AccountId),
            since: time(&self.since),
            until: time(&self.until),
            remote: self.remote.map(|id| (LINK, format!("id{id}").into_bytes().into())),
        };
        let scope = self.scope.map_or(Scope::All, |account| Scope::Account(AccountId(account)));
        let found = archive.found(scope, &filter, self.pages_of);
        prop_assert_eq!(found, archive.expected(scope, &filter), "{:?} {:?}", scope, filter);
        Ok(())
    }
}

fn question() -> impl Strategy<Value = Question> {
    let index = || proptest::option::weighted(0.2, any::<Index>());
    let account = |chance| proptest::option::weighted(chance, 1..4_u32);
    let to = proptest::option::weighted(0.6, 0..TO.len());
    let from = proptest::option::weighted(0.3, 0..FROM.len());
    let remote = proptest::option::weighted(0.2, 0..6_u8);
    (account(0.3), to, from, account(0.3), index(), index(), remote, 1..6_usize).prop_map(
        |(scope, to, from, account, since, until, remote, pages_of)| Question {
            scope,
            to,
            from,
            account,
            since,
            until,
            remote,
            pages_of,
        },
    )
}

fn op() -> impl Strategy<Value = Op> {
    let fate = prop_oneof![3 => Just(Fate::Sent), 1 => Just(Fate::Ended), 2 => Just(Fate::Receipted)];
    let rot = prop_oneof![
        any::<Index>().prop_map(Rot::Flip),
        Just(Rot::Zero),
        Just(Rot::Remove),
        Just(Rot::Foreign)
    ];
    prop_oneof![
        6 => (1..4_u32, 0..TO.len(), 0..FROM.len(), 1..5_usize, any::<bool>())
            .prop_map(|(account, to, from, count, long)| Op::Accept { account, to, from, count, long }),
        6 => (any::<Index>(), fate).prop_map(|(pick, what)| Op::Happens { pick, what }),
        2 => (any::<Index>(), rot).prop_map(|(pick, how)| Op::Rot { pick, how }),
        1 => Just(Op::Rest),
        1 => Just(Op::LosePower),
        4 => question().prop_map(Op::Search),
    ]
}

fn run(ops: &[Op], last: &[Question], seed: u64) -> Result<(), TestCaseError> {
    let mut archive = Archive::new(seed);
    for op in ops {
        match op {
            Op::Accept { account, to, from, count, long } => {
                let octets = if *long { LONG } else { 10 };
                archive.accept(*account, (*to, *from), *count, octets);
            }
            Op::Happens { pick, what } => archive.happens(pick, what),
            Op::Rot { pick, how } => archive.rot(pick, how),
            // Long enough for the indexer to come by.
            Op::Rest => std::thread::sleep(Duration::from_millis(300)),
            Op::LosePower => archive.bed.reopen(),
            Op::Search(question) => question.ask(&archive)?,
        }
    }
    for question in last {
        question.ask(&archive)?;
    }
    for known in &archive.known {
        let story = archive.bed.store().story(Scope::All, archive.bed.store().id(known.sequence)).unwrap();
        prop_assert!(story.is_some(), "the story of {:?}", known);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_search_finds_what_a_reading_of_everything_finds(
        ops in proptest::collection::vec(op(), 1..60),
        last in proptest::collection::vec(question(), 4),
        seed in 1..u64::MAX / 2,
    ) {
        run(&ops, &last, seed)?;
    }
}
