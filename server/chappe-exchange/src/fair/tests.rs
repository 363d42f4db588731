use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chappe_core::{AccountId, LinkId, Message, Target};
use chappe_store::{Accepts, Effects, Limits, MemoryStore, Offer, Origin, Waiter};
use proptest::prelude::*;

use super::*;

const QUANTUM: usize = 8;
const TARGET: Target = Target::Link(LinkId(1));

/// Lanes over a store whose clock the test moves; rows are told apart by their lane, in their text.
struct Shard {
    store: MemoryStore,
    lease: Lease,
    lanes: Lanes,
    clock: Arc<AtomicU64>,
}

type LaneName = (Class, u8);

impl Shard {
    fn new(starvation: Duration) -> Self {
        let clock = Arc::new(AtomicU64::new(1_000_000));
        let time = Arc::clone(&clock);
        let store = MemoryStore::new(Limits::default(), move || Timestamp(time.load(Ordering::Relaxed)));
        let lease = store.lease(TARGET).unwrap();
        let turns = Turns { window_max: 16, quantum: QUANTUM, starvation, starved_share: 4 };
        Self { store, lease, lanes: Lanes::new(turns), clock }
    }

    fn now(&self) -> Timestamp {
        self.store.now()
    }

    fn passes(&self, time: Duration) {
        self.clock.fetch_add(u64::try_from(time.as_micros()).unwrap(), Ordering::Relaxed);
    }

    fn enter(&mut self, (class, account): LaneName, rows: usize) {
        let mut batch = Accepts::new(Origin::Account(AccountId(account.into())));
        let user_data = [class as u8, account];
        for _ in 0..rows {
            batch.push(&Offer::new(TARGET, class, &Message { user_data: &user_data, ..Message::default() }));
        }
        let (mut accepted, mut effects) = (Vec::new(), Effects::default());
        self.store.accept(&batch, &mut accepted, &mut effects, &Waiter::new(|| {})).unwrap();
        let now = self.now();
        effects.entered.drain(..).for_each(|entered| self.lanes.enter(entered, now));
    }

    fn pick(&mut self, room: usize) -> Vec<LaneName> {
        let mut rows = Vec::new();
        let from = Source { store: &self.store, lease: &self.lease, now: self.now(), whole: 100 };
        self.lanes.pick(room, from, &mut rows).unwrap();
        self.store.intend(&self.lease, &mut rows, &Waiter::new(|| {})).unwrap();
        let name = |row: &Row| match Message::read(&row.body).unwrap().user_data {
            [class, account] => (Class::from_u8(*class), *account),
            other => panic!("{other:?}"),
        };
        rows.iter().map(name).collect()
    }
}

fn lane() -> impl Strategy<Value = LaneName> {
    (0_u8..3, 0_u8..6).prop_map(|(class, account)| (Class::from_u8(class), account))
}

/// Never within a test.
const FOR_EVER: Duration = Duration::from_secs(1_000_000);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_lane_gets_less_than_its_share_minus_a_quantum(
        rooms in prop::collection::vec(1_usize..40, 1..30),
        accounts in 2_u8..6,
    ) {
        let mut shard = Shard::new(FOR_EVER);
        for account in 0..accounts {
            // One sends four times as much as another; none runs out.
            shard.enter((Class::Bulk, account), 900 * (1 + usize::from(account % 2) * 3));
        }
        let mut got = vec![0_usize; accounts.into()];
        for room in rooms {
            let picked = shard.pick(room);
            prop_assert_eq!(picked.len(), room);
            picked.iter().for_each(|(_, account)| got[usize::from(*account)] += 1);
            let (least, most) = (got.iter().min().unwrap(), got.iter().max().unwrap());
            prop_assert!(most - least <= QUANTUM, "{:?}", got);
        }
    }

    #[test]
    fn a_row_leaves_before_every_less_urgent_one_picked_after_it_came(
        steps in prop::collection::vec((lane(), 0_usize..30, 0_usize..20), 1..60),
    ) {
        let mut shard = Shard::new(FOR_EVER);
        let mut waiting = [0_usize; 3];
        for (lane, rows, room) in steps {
            shard.enter(lane, rows);
            waiting[lane.0 as usize] += rows;
            let picked = shard.pick(room);
            prop_assert_eq!(picked.len(), room.min(waiting.iter().sum()), "as many as there is room for");
            for (class, _) in picked {
                let urgent: usize = waiting[..class as usize].iter().sum();
                prop_assert_eq!(urgent, 0, "a {:?} row left while more urgent ones waited", class);
                waiting[class as usize] -= 1;
            }
        }
        prop_assert_eq!(shard.lanes.is_empty(), waiting.iter().sum::<usize>() == 0);
    }

    #[test]
    fn a_lane_that_is_passed_over_gets_its_quantum_within_the_bound(
        room in 40_usize..100, starving in 1_u8..4, ticks in 30_u64..90,
    ) {
        const STARVATION: Duration = Duration::from_secs(1);
        const TICK: Duration = Duration::from_millis(100);
        let mut shard = Shard::new(STARVATION);
        for account in 0..starving {
            shard.enter((Class::Bulk, account), 10_000);
        }
        let mut since = vec![Duration::ZERO; starving.into()];
        for _ in 0..ticks {
            shard.enter((Class::Otp, 9), room);
            shard.passes(TICK);
            since.iter_mut().for_each(|since| *since += TICK);
            let picked = shard.pick(room);
            let bulk = picked.iter().filter(|(class, _)| *class == Class::Bulk).count();
            prop_assert!(bulk * 4 <= room.max(4 * QUANTUM), "{} of {} for those passed over", bulk, room);
            for (account, since) in since.iter_mut().enumerate() {
                let got = picked.iter().filter(|lane| **lane == (Class::Bulk, account as u8)).count();
                if got > 0 {
                    prop_assert_eq!(got, QUANTUM);
                    *since = Duration::ZERO;
                }
                prop_assert!(*since <= STARVATION + TICK * 3, "lane {} got nothing for {:?}", account, since);
            }
        }
    }
}

#[test]
fn on_a_slow_link_those_passed_over_get_one_row_in_each_span_and_no_more() {
    let mut shard = Shard::new(Duration::from_secs(1));
    (0..50).for_each(|account| shard.enter((Class::Bulk, account), 100));
    let mut bulk = 0;
    for _ in 0..20 {
        shard.enter((Class::Otp, 99), 2);
        shard.passes(Duration::from_secs(1));
        bulk += shard.pick(2).iter().filter(|(class, _)| *class == Class::Bulk).count();
    }
    assert_eq!(bulk, 20);
}

#[test]
fn a_lane_that_waits_for_its_time_is_found_when_that_has_come() {
    let mut shard = Shard::new(FOR_EVER);
    shard.enter((Class::Bulk, 1), 1);
    let mut rows = Vec::new();
    let from = Source { store: &shard.store, lease: &shard.lease, now: shard.now(), whole: 100 };
    shard.lanes.pick(1, from, &mut rows).unwrap();
    shard.store.intend(&shard.lease, &mut rows, &Waiter::new(|| {})).unwrap();
    let due = shard.now() + Duration::from_secs(5);
    let what = crate::outcome::waits(due);
    let mut effects = Effects::default();
    let settled = [chappe_store::Settlement { sequence: rows[0].sequence, what }];
    shard.store.settle(&shard.lease, &settled, &mut effects).unwrap();
    let now = shard.now();
    effects.entered.drain(..).for_each(|entered| shard.lanes.enter(entered, now));
    assert_eq!((shard.lanes.is_empty(), shard.lanes.next_due()), (true, Some(due)));
    assert_eq!(shard.pick(9), []);
    shard.passes(Duration::from_secs(5));
    assert_eq!(shard.pick(9), [(Class::Bulk, 1)]);
    assert_eq!((shard.lanes.is_empty(), shard.lanes.next_due()), (true, None));
}
