//! No receipt is ever taken for that of another message, however a carrier writes its ids and whichever comes first.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Address, Class, LinkId, Message, Target, Timestamp};
use chappe_store::conformance::LIMITS;
use chappe_store::{
    Accepts, CarrierReceipt, Effects, ErrorCode, Limits, MemoryStore, Offer, Origin, Settled, Settlement,
    Store, Waiter,
};
use proptest::prelude::*;

const LINK: LinkId = LinkId(1);
const TARGET: Target = Target::Link(LINK);

/// How a carrier writes a number: in its answers or in its receipts.
type Written = fn(u64) -> String;

/// Carriers whose receipts write the same number as their answers do.
const SAME: [(Written, Written); 6] = [
    (|id| format!("{id:08x}"), |id| format!("{id:08x}")),
    (|id| format!("{id:x}"), |id| format!("{id:x}")),
    (|id| format!("{id:08x}"), |id| format!("{id:X}")),
    (|id| format!("{id:010}"), |id| format!("{id:010}")),
    (|id| format!("{id}"), |id| format!("{id}")),
    (|id| format!("{id:010}"), |id| format!("{id}")),
];

/// Carriers whose receipts write it in another base.
const TURNED: [(Written, Written); 5] = [
    (|id| format!("{id:08x}"), |id| format!("{id:010}")),
    (|id| format!("{id:08X}"), |id| format!("{id}")),
    (|id| format!("{id:x}"), |id| format!("{id}")),
    (|id| format!("{id}"), |id| format!("{id:x}")),
    (|id| format!("{id:010}"), |id| format!("{id:08X}")),
];

/// Messages to one carrier, each with a number of its own, which the error of its receipt repeats.
struct Talk {
    store: MemoryStore,
    sequences: Vec<u64>,
    ended: usize,
}

impl Talk {
    fn new(count: usize) -> Self {
        let micros = AtomicU64::new(1_800_000_000_000_000);
        let limits = Limits { live_max: 10_000, parked_max: 10_000, ..LIMITS };
        let store = MemoryStore::new(limits, move || Timestamp(micros.fetch_add(1, Ordering::Relaxed)));
        store.account("acme").unwrap();
        store.link("carrier").unwrap();
        let mut talk = Self { store, sequences: Vec::new(), ended: 0 };
        talk.accept(count);
        talk
    }

    fn accept(&mut self, count: usize) {
        let address = Address { ton: 1, npi: 1, digits: b"385911234567" };
        let message = Message { source: address, destination: address, ..Message::default() };
        let mut batch = Accepts::new(Origin::Account(AccountId(1)));
        for _ in 0..count {
            batch.push(&Offer::new(TARGET, Class::Transactional, &message));
        }
        let (mut accepted, mut effects) = (Vec::new(), Effects::default());
        self.store.accept(&batch, &mut accepted, &mut effects, &nobody()).unwrap();
        self.sequences = accepted.iter().map(|accepted| accepted.sequence).collect();
        let (lease, mut rows) = (self.store.lease(TARGET).unwrap(), Vec::new());
        for lane in self.store.lanes(&lease).unwrap() {
            self.store.window(&lease, &lane, None, self.store.now(), usize::MAX, &mut rows).unwrap();
        }
        self.store.intend(&lease, &mut rows, &nobody()).unwrap();
    }

    /// Answers and receipts in this order, of messages whose numbers are `first` and those that follow it.
    fn plays(
        &mut self,
        order: Vec<(usize, bool)>,
        (answer, told): (Written, Written),
        first: u64,
    ) -> Result<(), TestCaseError> {
        for (message, is_receipt) in order {
            let id = (if is_receipt { told } else { answer })(first + message as u64);
            self.hears(message, &id, is_receipt)?;
        }
        Ok(())
    }

    /// The carrier's answer, or its receipt, for the message of this number.
    fn hears(&mut self, message: usize, id: &str, is_receipt: bool) -> Result<(), TestCaseError> {
        let mut effects = Effects::default();
        if is_receipt {
            let error = ErrorCode::from_number(u16::try_from(message).unwrap());
            let receipt =
                CarrierReceipt { remote: id.as_bytes(), state: State::Undeliverable, error, raw: b"" };
            let mut matched = Vec::new();
            self.store.receipt(LINK, &[receipt], &mut matched, &mut effects, &nobody()).unwrap();
            let own = self.sequences[message];
            prop_assert!(matched[0].is_none_or(|sequence| sequence == own), "the receipt {id} of {message}");
        } else {
            let what = Settled::Sent { remote: id.as_bytes().into() };
            let settlement = Settlement { sequence: self.sequences[message], what };
            let lease = self.store.lease(TARGET).unwrap();
            self.store.settle(&lease, &[settlement], &mut effects).unwrap();
        }
        for (sequence, ended) in effects.ended {
            let of = self.sequences.iter().position(|other| *other == sequence).unwrap();
            let error = ErrorCode::from_number(u16::try_from(of).unwrap());
            prop_assert_eq!(ended.error, error, "message {} ended by the receipt of another: {}", of, id);
            self.ended += 1;
        }
        Ok(())
    }
}

fn nobody() -> Arc<Waiter> {
    Waiter::new(|| {})
}

/// The answer and the receipt of each message, each moved back by up to some places.
fn order(count: usize) -> impl Strategy<Value = Vec<(usize, bool)>> {
    let events: Vec<_> = (0..count).flat_map(|message| [(message, false), (message, true)]).collect();
    let reach = prop_oneof![Just(3_usize), Just(20), Just(10_000)];
    (Just(events), reach, proptest::collection::vec(any::<u32>(), 2 * count)).prop_map(
        |(events, reach, chances)| {
            let mut keyed: Vec<_> = events.into_iter().zip(chances).enumerate().collect();
            keyed.sort_by_key(|(at, (_, chance))| at + *chance as usize % reach);
            keyed.into_iter().map(|(_, (event, _))| event).collect()
        },
    )
}

const COUNT: usize = 120;

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_carrier_that_keeps_its_base_is_never_read_in_another(
        form in 0..SAME.len(),
        first in prop_oneof![1..40_u64, 1..5_000_u64, 0xff_ff00..0x100_0100_u64, any::<u32>().prop_map(u64::from)],
        order in order(COUNT),
    ) {
        let mut talk = Talk::new(COUNT);
        talk.plays(order, SAME[form], first)?;
        prop_assert_eq!((talk.ended, talk.store.counts().parked), (COUNT, 0));
    }

    #[test]
    fn a_carrier_that_turns_long_ids_is_read_from_the_first_on(
        form in 0..TURNED.len(),
        first in 0x100_0000..u64::from(u32::MAX),
        order in order(COUNT),
    ) {
        let mut talk = Talk::new(COUNT);
        talk.plays(order, TURNED[form], first)?;
        prop_assert_eq!((talk.ended, talk.store.counts().parked), (COUNT, 0));
    }

    #[test]
    fn a_carrier_that_is_known_to_turn_its_ids_is_not_read_otherwise_when_they_are_short(
        form in 0..TURNED.len(),
        first in prop_oneof![1..40_u64, 1..5_000_u64],
        order in order(COUNT),
    ) {
        let (answer, told) = TURNED[form];
        let mut talk = Talk::new(1);
        talk.hears(0, &answer(0xabc_def0), false)?;
        talk.hears(0, &told(0xabc_def0), true)?;
        talk.accept(COUNT);
        talk.plays(order, (answer, told), first)?;
        prop_assert_eq!((talk.ended, talk.store.counts().parked), (COUNT + 1, 0));
    }
}
