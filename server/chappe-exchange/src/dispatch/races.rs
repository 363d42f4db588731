//! Dispatch against everything that competes with it for a message, under every order that a scheduler can think of.
//!
//! The store's calls are atomic; what can come between them is tried: its clock, which each call that changes something
//! asks before it takes the lock, gives way to the other threads.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use chappe_core::{
    Account, AccountId, Link as LinkPolicy, LinkId, Message, Policy, Reason, Route, Routes, Target, Timestamp,
};
use chappe_store::{
    Accepts, ByHand, CarrierReceipt, Control, Effects, ErrorCode, Lease, Limits, MemoryStore, Offer, Origin,
    Scope, Store, Waiter,
};
use shuttle::rand::Rng;
use shuttle::thread;

use super::Dispatcher;
use crate::fair::{Lanes, Turns};
use crate::hub::Hub;
use crate::outlet::{Answer, Link, Mailbox, Outcome, Outgoing, Outlet, Report, Tried};
use crate::settings::Settings;
use crate::shard::Shard;

/// Schedules that are tried of each race.
const SCHEDULES: usize = 1000;
const MESSAGES: u64 = 5;
const ACCOUNT: AccountId = AccountId(1);
const LINK: LinkId = LinkId(1);
const TARGET: Target = Target::Link(LINK);
const ELSEWHERE: Target = Target::Link(LinkId(2));

/// What happened, in order.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Event {
    /// It was handed to the link, with its old text or the new one.
    Left { sequence: u64, new: bool },
    /// Somebody was told that it will never leave over this link again.
    Stopped(u64),
    /// Somebody was told that only the new text can leave.
    Replaced(u64),
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Event>>>);

impl Log {
    fn push(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

/// A link that keeps what it is handed until the carrier answers.
struct Carrier {
    log: Log,
    open: Mutex<Vec<u64>>,
}

impl fmt::Debug for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Carrier")
    }
}

impl Mailbox for Carrier {
    fn capacity(&self) -> usize {
        2
    }

    fn send(&self, rows: Vec<Outgoing>) {
        for Outgoing { row, .. } in rows {
            let new = Message::read(&row.body).unwrap().user_data == b"new";
            self.log.push(Event::Left { sequence: row.sequence, new });
            self.open.lock().unwrap().push(row.sequence);
        }
    }
}

impl Link for Carrier {
    fn answer(&self, _: Vec<Answer>) {}
}

/// One centre with a few messages that wait for one link.
#[derive(Clone)]
struct World {
    store: Arc<MemoryStore>,
    clock: Arc<AtomicU64>,
    hub: Arc<Hub>,
    shard: Arc<Shard>,
    carrier: Arc<Carrier>,
    log: Log,
}

impl World {
    fn new() -> Self {
        let clock = Arc::new(AtomicU64::new(1_000_000));
        let time = Arc::clone(&clock);
        let store = Arc::new(MemoryStore::new(Limits::default(), move || {
            thread::yield_now();
            Timestamp(time.load(Ordering::Relaxed))
        }));
        assert_eq!((store.account("acme").unwrap(), store.link("carrier").unwrap()), (ACCOUNT, LINK));
        let route = Route { name: "world".into(), destination: vec!["*".into()], via: vec![TARGET] };
        let links = [(LINK, LinkPolicy::new("carrier", "127.0.0.1:1", "chappe"))];
        let policy = Policy::new([(ACCOUNT, Account::new("acme"))], links, Routes::new(vec![route]), 1);
        let settings = Settings::default();
        let hub = Hub::new(Arc::clone(&store) as Arc<dyn Store>, policy, settings);
        let shard = Shard::new(TARGET, Lanes::new(Turns::from(&settings)));
        hub.attach(&shard);
        let log = Log::default();
        let carrier = Arc::new(Carrier { log: log.clone(), open: Mutex::default() });
        Self { store, clock, hub, shard, carrier, log }
    }

    fn accept(&self) {
        let mut batch = Accepts::new(Origin::Account(ACCOUNT));
        let valid_until = Timestamp(2_000_000);
        for _ in 0..MESSAGES {
            let message = Message { valid_until, user_data: b"old", ..Message::default() };
            batch.push(&Offer::new(TARGET, chappe_core::Class::Bulk, &message));
        }
        let mut effects = Effects::default();
        self.store.accept(&batch, &mut Vec::new(), &mut effects, &nobody()).unwrap();
        self.hub.enter(&mut effects);
    }

    /// A dispatcher that holds the lease.
    fn dispatcher(&self) -> (Dispatcher, Lease) {
        let outlet = Outlet::Link(Arc::clone(&self.carrier) as Arc<dyn Link>);
        let mut dispatcher = Dispatcher::new(Arc::clone(&self.hub), Arc::clone(&self.shard), outlet);
        let lease = dispatcher.take_over().unwrap();
        (dispatcher, lease)
    }

    /// The carrier answers what it has, in some way.
    fn answers(&self, tried: impl Fn(u64) -> Tried) {
        let open = std::mem::take(&mut *self.carrier.open.lock().unwrap());
        let outcomes = open.into_iter().map(|sequence| Outcome { sequence, what: tried(sequence) }).collect();
        self.shard.report(Report::Outcomes(outcomes));
    }

    fn is_fenced(&self, lease: &Lease) -> bool {
        self.store.lanes(lease).is_err()
    }

    fn stopped(&self, effects: &mut Effects) -> u64 {
        let ended: Vec<_> = effects.ended.iter().map(|(sequence, _)| *sequence).collect();
        ended.iter().for_each(|sequence| self.log.push(Event::Stopped(*sequence)));
        self.hub.enter(effects);
        ended.len() as u64
    }
}

fn nobody() -> Arc<Waiter> {
    Waiter::new(|| {})
}

fn taken(sequence: u64) -> Tried {
    Tried::Taken { remote: sequence.to_string().into_bytes().into() }
}

/// Some way of answering: most are taken.
fn any_answer(sequence: u64) -> Tried {
    match shuttle::rand::thread_rng().gen_range(0..5) {
        0 => Tried::Refused { status: 0x58 },
        1 => Tried::NotSent,
        2 => Tried::Silent,
        _ => taken(sequence),
    }
}

/// How often each thing came about in all schedules of a race: what never does proves nothing.
#[derive(Default)]
struct Tally([AtomicU64; 3]);

impl Tally {
    fn add(&self, at: usize, count: u64) {
        self.0[at].fetch_add(count, Ordering::Relaxed);
    }

    fn print(&self, race: &str, names: &[&str]) {
        for (name, count) in names.iter().zip(&self.0) {
            let count = count.load(Ordering::Relaxed);
            println!("{race}: {SCHEDULES} schedules, {name}: {count}");
            assert!(count > 0, "{race}: {name} never came about");
        }
    }
}

/// Runs a competitor beside a dispatcher and a carrier, under many schedules.
fn race(name: &str, names: [&str; 3], compete: impl Fn(&World, &Tally) + Send + Sync + Copy + 'static) {
    let tally = Arc::new(Tally::default());
    let counts = Arc::clone(&tally);
    shuttle::check_random(
        move || {
            let world = World::new();
            world.accept();
            let (mut dispatcher, lease) = world.dispatcher();
            let dispatching = thread::spawn(move || {
                for _ in 0..6 {
                    let _ = dispatcher.step(&lease);
                }
                (dispatcher, lease)
            });
            let carrier = world.clone();
            let answering = thread::spawn(move || {
                for _ in 0..4 {
                    thread::yield_now();
                    carrier.answers(any_answer);
                }
            });
            let (competitor, counts) = (world.clone(), Arc::clone(&counts));
            let seen = Arc::clone(&counts);
            let competing = thread::spawn(move || compete(&competitor, &counts));
            answering.join().unwrap();
            competing.join().unwrap();
            let (mut dispatcher, lease) = dispatching.join().unwrap();
            come_to_rest(&world, &mut dispatcher, &lease);
            judge(&world, &seen);
            if !world.is_fenced(&lease) {
                nothing_is_stuck(&world);
            }
        },
        SCHEDULES,
    );
    tally.print(name, &names);
}

/// Everything that can leave leaves, and is taken.
fn come_to_rest(world: &World, dispatcher: &mut Dispatcher, lease: &Lease) {
    for _ in 0..12 {
        world.clock.fetch_add(80_000, Ordering::Relaxed);
        world.answers(taken);
        let stepped = dispatcher.step(lease);
        assert!(stepped.is_ok() || world.is_fenced(lease), "{:?}", stepped.err());
    }
}

/// Whoever was told that a message was stopped or replaced was told the truth, and nothing is stuck.
fn judge(world: &World, tally: &Tally) {
    let log = world.log.0.lock().unwrap().clone();
    for (at, event) in log.iter().enumerate() {
        let later = &log[at + 1..];
        match *event {
            Event::Stopped(stopped) => {
                let left =
                    later.iter().any(|e| matches!(e, Event::Left { sequence, .. } if *sequence == stopped));
                assert!(!left, "{stopped} left after it was stopped: {log:?}");
            }
            Event::Replaced(replaced) => {
                let old = Event::Left { sequence: replaced, new: false };
                assert!(!later.contains(&old), "{replaced} left with its old text: {log:?}");
            }
            Event::Left { sequence, .. } => {
                tally.add(2, 1);
                let is_again =
                    |e: &&Event| matches!(e, Event::Left { sequence: other, .. } if *other == sequence);
                let again = later.iter().filter(is_again).count();
                assert!(again < 6, "{sequence} left again and again: {log:?}");
            }
        }
    }
}

/// What is not over waits for a time to come, is with the carrier, or waits for another link.
fn nothing_is_stuck(world: &World) {
    let now = world.store.now();
    for sequence in 1..=MESSAGES {
        let Some(standing) = world.store.query(Scope::All, world.store.id(sequence)) else {
            continue;
        };
        let is_here = standing.target == TARGET && standing.ended.is_none() && !standing.sent;
        assert!(!is_here || standing.due > now, "{sequence} is stuck: {standing:?}");
    }
}

#[test]
fn what_was_cancelled_never_leaves() {
    race("cancel", ["cancelled", "too late to cancel", "left"], |world, tally| {
        for sequence in 1..=MESSAGES {
            let mut effects = Effects::default();
            let id = world.store.id(sequence);
            match world.store.cancel(Scope::Account(ACCOUNT), id, &mut effects, &nobody()).unwrap() {
                Control::Done(_) => tally.add(0, world.stopped(&mut effects)),
                Control::OnItsWay | Control::Final | Control::Unknown => tally.add(1, 1),
            }
        }
    });
}

#[test]
fn what_was_replaced_leaves_with_the_new_text_only() {
    race("replace", ["replaced", "too late to replace", "left"], |world, tally| {
        for sequence in 1..=MESSAGES {
            let new = Message { valid_until: Timestamp(2_000_000), user_data: b"new", ..Message::default() };
            let id = world.store.id(sequence);
            match world.store.replace(Scope::Account(ACCOUNT), id, &new, &nobody()).unwrap() {
                Control::Done(_) => {
                    world.log.push(Event::Replaced(sequence));
                    tally.add(0, 1);
                }
                Control::OnItsWay | Control::Final | Control::Unknown => tally.add(1, 1),
            }
        }
    });
}

#[test]
fn what_was_rejected_by_hand_never_leaves() {
    by_hand("reject", ByHand::Reject(Reason::RejectedByHand));
}

#[test]
fn what_was_rerouted_by_hand_leaves_over_its_old_link_no_more() {
    by_hand("reroute", ByHand::Reroute(ELSEWHERE));
}

fn by_hand(name: &str, what: ByHand) {
    race(name, ["changed", "out of reach", "left"], move |world, tally| {
        for sequence in 1..=MESSAGES {
            let mut effects = Effects::default();
            let done = world.store.by_hand(&what, &[sequence], &mut effects, &nobody()).unwrap().0;
            if done == 1 {
                world.log.push(Event::Stopped(sequence));
            }
            world.hub.enter(&mut effects);
            tally.add(usize::from(done == 0), 1);
        }
    });
}

#[test]
fn what_expired_never_leaves() {
    race("expire", ["expired", "in time", "left"], |world, tally| {
        world.clock.store(2_000_000, Ordering::Relaxed);
        let mut effects = Effects::default();
        world.store.expire(2, &mut effects).unwrap();
        let mut expired = world.stopped(&mut effects);
        world.store.expire(9, &mut effects).unwrap();
        expired += world.stopped(&mut effects);
        tally.add(0, expired);
        tally.add(1, MESSAGES - expired);
    });
}

#[test]
fn a_receipt_that_comes_at_any_moment_ends_its_message_once() {
    race("receipts", ["matched", "parked", "left"], |world, tally| {
        for sequence in 1..=MESSAGES {
            let remote = sequence.to_string();
            let receipt = CarrierReceipt {
                remote: remote.as_bytes(),
                state: chappe_core::lifecycle::State::Delivered,
                error: ErrorCode::default(),
                raw: b"",
            };
            let (mut matched, mut effects) = (Vec::new(), Effects::default());
            world.store.receipt(LINK, &[receipt], &mut matched, &mut effects, &nobody()).unwrap();
            tally.add(usize::from(matched[0].is_none()), 1);
            world.stopped(&mut effects);
        }
    });
}

#[test]
fn nothing_leaves_under_a_lease_that_another_took() {
    race("take-over", ["taken over", "in doubt", "left"], |world, tally| {
        let lease = world.store.lease(TARGET).unwrap();
        tally.add(0, 1);
        // What the earlier holder has out is in doubt; what it has not may not leave any more.
        let unknown = world.store.unknown(&lease).unwrap();
        tally.add(1, unknown.len() as u64);
        let out: Vec<_> = unknown.iter().map(|row| row.sequence).collect();
        for sequence in (1..=MESSAGES).filter(|sequence| !out.contains(sequence)) {
            world.log.push(Event::Stopped(sequence));
        }
    });
}

#[test]
fn a_suspension_ends_what_begins_to_leave_and_a_resumption_begins_it_again() {
    race("suspend", ["suspended", "resumed", "left"], |world, tally| {
        let for_ever = Timestamp(u64::MAX);
        world.store.suspend(TARGET, for_ever, &nobody()).unwrap();
        world.shard.suspend(for_ever);
        tally.add(0, 1);
        thread::yield_now();
        world.store.suspend(TARGET, Timestamp::ZERO, &nobody()).unwrap();
        world.shard.suspend(Timestamp::ZERO);
        tally.add(1, 1);
    });
}
