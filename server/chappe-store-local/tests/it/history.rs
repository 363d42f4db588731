//! The history: a search finds what a reading of everything would find, whatever became of the indexes.

use std::path::PathBuf;
use std::time::Duration;

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Address, Class, LinkId, Message, Timestamp};
use chappe_store::{
    Accepts, CarrierReceipt, Effects, ErrorCode, Filter, Final, Offer, Origin, Scope, Settled, Settlement,
    Store, Waiter,
};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::bed::{Bed, TO_CARRIER, soon};

const LINK: LinkId = LinkId(1);
const TO: [&[u8]; 4] = [b"385911111111", b"385922222222", b"+385933333333", b"00385944444444"];
const FROM: [&[u8]; 3] = [b"ACME", b"SHOP", b"38598"];
/// So many octets fill a segment after a few messages.
const LONG: usize = 200 << 10;

/// A message as it should be found.
#[derive(Clone, Debug)]
struct Known {
    sequence: u64,
    account: u32,
    to: usize,
    from: usize,
    at: Timestamp,
    remote: Option<Vec<u8>>,
    state: State,
}

/// A store and what should be found in it.
struct Archive {
    bed: Bed,
    known: Vec<Known>,
}

fn nobody() -> std::sync::Arc<Waiter> {
    Waiter::new(|| {})
}

impl Archive {
    fn new(seed: u64) -> Self {
        Self { bed: Bed::new(seed), known: Vec::new() }
    }

    fn accept(&mut self, account: u32, (to, from): (usize, usize), count: usize, octets: usize) {
        let store = self.bed.store();
        let text = vec![b'x'; octets];
        let mut batch = Accepts::new(Origin::Account(AccountId(account)));
        let message = Message {
            source: Address { ton: 5, npi: 0, digits: FROM[from] },
            destination: Address { ton: 1, npi: 1, digits: TO[to] },
            user_data: &text,
            ..Message::default()
        };
        for _ in 0..count {
            batch.push(&Offer::new(TO_CARRIER, Class::Transactional, &message));
        }
        let mut accepted = Vec::new();
        let ticket = store.accept(&batch, &mut accepted, &mut Effects::default(), &nobody()).unwrap();
        self.bed.durable(ticket);
        for accepted in accepted {
            let at = store.query(Scope::All, accepted.id).unwrap().accepted_at;
            let sequence = accepted.sequence;
            self.known.push(Known { sequence, account, to, from, at, remote: None, state: State::Enroute });
        }
    }

    /// Something happens to a message that has not ended.
    fn happens(&mut self, pick: &Index, what: &Fate) {
        let open: Vec<usize> =
            (0..self.known.len()).filter(|at| self.known[*at].state == State::Enroute).collect();
        if open.is_empty() {
            return;
        }
        let at = open[pick.index(open.len())];
        let (sequence, sent) = (self.known[at].sequence, self.known[at].remote.is_some());
        match what {
            Fate::Sent if !sent => {
                let remote = format!("id{}", sequence % 5).into_bytes();
                self.settle(sequence, Settled::Sent { remote: remote.clone().into() });
                self.known[at].remote = Some(remote);
            }
            Fate::Ended if !sent => {
                let ended = Final {
                    state: State::Rejected,
                    error: ErrorCode::default(),
                    reason: None,
                    at: self.bed.store().now(),
                };
                self.settle(sequence, Settled::Ended(ended));
                self.known[at].state = State::Rejected;
            }
            Fate::Receipted if sent => {
                let remote = self.known[at].remote.clone().unwrap();
                let receipt = CarrierReceipt {
                    remote: &remote,
                    state: State::Expired,
                    error: ErrorCode::default(),
                    raw: b"",
                };
                let mut matched = Vec::new();
                let store = self.bed.store();
                let ticket = store
                    .receipt(LINK, &[receipt], &mut matched, &mut Effects::default(), &nobody())
                    .unwrap();
                self.bed.durable(ticket);
                // Where the carrier gave one id to several, the last of them is meant.
                let ended = self.known.iter_mut().find(|known| Some(known.sequence) == matched[0]);
                ended.unwrap().state = State::Expired;
            }
            _ => {}
        }
    }

    fn settle(&self, sequence: u64, what: Settled) {
        let store = self.bed.store();
        let mut rows: Vec<_> = self.bed.rows().into_iter().filter(|row| row.sequence == sequence).collect();
        let lease = store.lease(TO_CARRIER).unwrap();
        store.intend(&lease, &mut rows, &nobody()).unwrap();
        let ticket = store.settle(&lease, &[Settlement { sequence, what }], &mut Effects::default()).unwrap();
        self.bed.durable(ticket);
    }

    fn found(&self, scope: Scope, filter: &Filter, pages_of: usize) -> Vec<(u64, State)> {
        let (mut found, mut before) = (Vec::new(), None);
        loop {
            let page = self.bed.store().history(scope, filter, before, pages_of).unwrap();
            assert!(page.found.len() <= pages_of);
            found.extend(page.found.iter().map(|summary| (summary.sequence, summary.state)));
            before = page.next;
            if before.is_none() {
                return found;
            }
        }
    }

    /// What a reading of everything finds.
    fn expected(&self, scope: Scope, filter: &Filter) -> Vec<(u64, State)> {
        let normal = |digits: &[u8]| Address { ton: 0, npi: 0, digits }.normal().to_vec();
        let same = |wanted: &Option<Box<[u8]>>, digits: &[u8]| {
            wanted.as_ref().is_none_or(|wanted| normal(wanted) == normal(digits))
        };
        let is_meant = |known: &&Known| {
            (scope == Scope::All || scope == Scope::Account(AccountId(known.account)))
                && same(&filter.to, TO[known.to])
                && same(&filter.from, FROM[known.from])
                && filter.account.is_none_or(|account| account == AccountId(known.account))
                && filter.since.is_none_or(|since| known.at >= since)
                && filter.until.is_none_or(|until| known.at < until)
                && filter
                    .remote
                    .as_ref()
                    .is_none_or(|(link, id)| *link == LINK && known.remote.as_deref() == Some(&**id))
        };
        self.known.iter().rev().filter(is_meant).map(|known| (known.sequence, known.state)).collect()
    }

    fn indexes(&self) -> Vec<PathBuf> {
        self.bed.disk.files("idx")
    }

    /// Waits until every sealed segment has its index.
    fn indexed(&self) {
        let sealed = self.bed.disk.headed() - 1;
        soon(|| self.indexes().len() >= sealed);
    }

    fn rot(&self, pick: &Index, how: &Rot) {
        let files = self.indexes();
        if files.is_empty() {
            return;
        }
        let at = pick.index(files.len());
        let octets = self.bed.disk.read(&files[at]);
        match how {
            Rot::Flip(place) => {
                let place = place.index(octets.len());
                self.bed.disk.overwrite(&files[at], place, &[octets[place] ^ 0x10]);
            }
            Rot::Zero => self.bed.disk.overwrite(&files[at], 0, &vec![0; octets.len()]),
            Rot::Remove => self.bed.disk.forget(&files[at]),
            Rot::Foreign => self.bed.disk.overwrite(&files[at], 0, &self.bed.disk.read(&files[0])),
        }
    }
}

#[derive(Clone, Debug)]
enum Fate {
    Sent,
    Ended,
    Receipted,
}

#[derive(Clone, Debug)]
enum Rot {
    Flip(Index),
    Zero,
    Remove,
    /// Another segment's index under its name.
    Foreign,
}

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

/// Three sealed segments with messages, and their indexes.
fn three_segments() -> Archive {
    let mut archive = Archive::new(5);
    for at in 0..20 {
        archive.accept(1, (at % 3, at % 2), 1, LONG);
    }
    assert!(archive.bed.disk.headed() >= 4, "{}", archive.bed.disk.headed());
    archive.indexed();
    archive
}

fn finds_everything(archive: &Archive) {
    for to in 0..TO.len() {
        let filter = Filter { to: Some(TO[to].into()), ..Filter::default() };
        assert_eq!(archive.found(Scope::All, &filter, 3), archive.expected(Scope::All, &filter));
    }
}

#[test]
fn every_sealed_segment_gets_an_index_that_survives_a_loss_of_power() {
    let mut archive = three_segments();
    let before: Vec<_> = archive.indexes().iter().map(|path| archive.bed.disk.read(path)).collect();
    archive.bed.lose_power();
    let after: Vec<_> = archive.indexes().iter().map(|path| archive.bed.disk.read(path)).collect();
    assert_eq!(before, after);
    archive.bed.open().unwrap();
    finds_everything(&archive);
}

#[test]
fn a_lost_index_is_made_again() {
    let mut archive = three_segments();
    archive.bed.close();
    let lost = archive.indexes();
    let before: Vec<_> = lost.iter().map(|path| archive.bed.disk.read(path)).collect();
    for path in &lost {
        archive.bed.disk.forget(path);
    }
    archive.bed.open().unwrap();
    finds_everything(&archive);
    archive.indexed();
    let after: Vec<_> = lost.iter().map(|path| archive.bed.disk.read(path)).collect();
    assert_eq!(before, after);
}

#[test]
fn an_index_with_any_flipped_octet_is_made_again_and_tells_nothing_false() {
    let mut archive = three_segments();
    let path = archive.indexes()[1].clone();
    let sound = archive.bed.disk.read(&path);
    for at in (0..sound.len()).step_by(sound.len() / 7 + 1) {
        archive.bed.close();
        archive.bed.disk.overwrite(&path, at, &[!sound[at]]);
        archive.bed.open().unwrap();
        finds_everything(&archive);
        // Where the search touched what was damaged, it is mended.
        archive.bed.disk.overwrite(&path, 0, &sound);
    }
}

#[test]
fn an_index_of_another_journal_is_not_believed() {
    let mut archive = three_segments();
    let mut other = Archive::new(6);
    for at in 0..20 {
        other.accept(1, ((at + 1) % 3, at % 2), 1, LONG);
    }
    other.indexed();
    archive.bed.close();
    for (path, foreign) in archive.indexes().iter().zip(other.indexes()) {
        assert_eq!(path.file_name(), foreign.file_name());
        let octets = other.bed.disk.read(&foreign);
        assert_eq!(octets.len(), archive.bed.disk.read(path).len());
        assert_ne!(octets, archive.bed.disk.read(path));
        archive.bed.disk.overwrite(path, 0, &octets);
    }
    archive.bed.open().unwrap();
    finds_everything(&archive);
}

#[test]
fn what_an_indexer_left_unfinished_and_what_is_of_no_segment_is_removed_at_the_start() {
    let mut archive = three_segments();
    archive.bed.close();
    let folder = archive.indexes()[0].parent().unwrap().to_owned();
    let left = [folder.join("0000000000000002.indexing"), folder.join("00000000000000ff.idx")];
    for path in &left {
        archive.bed.disk.put(path, b"left");
    }
    archive.bed.open().unwrap();
    soon(|| left.iter().all(|path| !archive.bed.disk.has(path)));
    finds_everything(&archive);
}

#[test]
fn a_search_does_not_wait_for_the_indexer_after_a_start() {
    let mut archive = three_segments();
    archive.bed.close();
    for path in archive.indexes() {
        archive.bed.disk.forget(&path);
    }
    for _ in 0..3 {
        // Each start is interrupted while it indexes.
        archive.bed.open().unwrap();
        finds_everything(&archive);
        archive.bed.lose_power();
    }
    archive.bed.open().unwrap();
    finds_everything(&archive);
}
