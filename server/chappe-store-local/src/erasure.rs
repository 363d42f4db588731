//! Texts that end: their keys fall, once no message that is not over needs them.

use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use chappe_core::AccountId;
use chappe_store::{Forward, Lagging, StoreError, Ticket};

use crate::bodies::Bodies;
use crate::clock::Clock;
use crate::gather::Purpose;
use crate::office::OfficeError;
use crate::seal::{Day, Seal};
use crate::shared::{Shared, State};
use crate::stop::Stop;

/// What an erasure did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Erased {
    /// Keys that are gone: all that was sealed with them cannot be read any more.
    pub keys: usize,
    /// Messages that are not over; their text was sealed anew first, and goes when that key goes.
    pub kept: usize,
}

/// Lets keys fall.
#[derive(Debug)]
pub(crate) struct Erasure {
    pub(crate) shared: Arc<Shared>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) bodies: Arc<Bodies>,
    pub(crate) seal: Arc<Seal>,
}

/// Between two looks at which keys are due and which are missing.
const REST: Duration = Duration::from_secs(60);
/// A commit that takes longer than this is in trouble.
const PATIENCE: Duration = Duration::from_secs(60);
/// Places of messages that are looked at under the lock at once.
const SLOTS: usize = 16 << 10;
/// Octets of bodies that are carried on at once, about.
const BATCH: usize = 1 << 20;
impl Erasure {
    /// Makes tomorrow's keys and lets old ones fall, until it is time to end.
    pub(crate) fn run(&self, stop: &Stop) {
        while stop.rest(REST) {
            if let Err(error) = self.prepare() {
                tracing::error!(%error, "the keys of tomorrow's texts cannot be made");
            }
            match self.retire() {
                Ok(Erased { keys: 0, .. }) => {}
                Ok(Erased { keys, kept }) => {
                    tracing::info!(keys, kept, "texts are erased: their days are over")
                }
                Err(error) => tracing::error!(%error, "texts whose days are over cannot be erased yet"),
            }
        }
    }

    /// Keys of today and tomorrow for every account, so that no message waits for one.
    pub(crate) fn prepare(&self) -> Result<(), OfficeError> {
        let accounts = self.shared.look().live.accounts();
        self.seal.prepare(accounts.into_iter(), self.clock.now())
    }

    /// Erases the texts whose days are over.
    pub(crate) fn retire(&self) -> Result<Erased, StoreError> {
        let _alone = self.seal.hold();
        let now = self.clock.now();
        self.fall(&self.seal.due(now))
    }

    /// Erases the texts of an account and some days.
    pub(crate) fn erase(&self, account: AccountId, days: RangeInclusive<Day>) -> Result<Erased, StoreError> {
        let _alone = self.seal.hold();
        self.fall(&self.seal.of(account, &days))
    }

    /// Lets these keys fall.
    fn fall(&self, keys: &[u32]) -> Result<Erased, StoreError> {
        if keys.is_empty() {
            return Ok(Erased::default());
        }
        let others = self.seal.close(keys, self.clock.now())?;
        let closed = {
            // Whoever named one of them before this has it in a record by now; nobody does after.
            let state = self.shared.change()?;
            self.seal.shut(keys, others);
            Ticket(state.gather.ticket.0 - u64::from(state.gather.records.is_empty()))
        };
        self.shared.until_durable(closed, PATIENCE)?;
        let kept = self.carry_on(keys)?;
        self.seal.forget(keys)?;
        Ok(Erased { keys: keys.len(), kept })
    }

    /// Seals the texts of live messages anew that are sealed with these keys. Answers how many.
    fn carry_on(&self, keys: &[u32]) -> Result<usize, StoreError> {
        let keys: HashSet<u32> = keys.iter().copied().collect();
        let (mut kept, mut next, mut lagging) = (0, Some(0), Vec::new());
        while let Some(from) = next {
            lagging.clear();
            next = self.shared.look().live.lagging(u32::MAX, from, SLOTS, &mut lagging);
            lagging.sort_unstable_by_key(|lagging| lagging.at);
            let mut rest = &lagging[..];
            while !rest.is_empty() {
                let (some, others) = rest.split_at(rest.len().min(SLOTS / 16));
                kept += self.carry_some(&keys, some)?;
                rest = others;
            }
        }
        Ok(kept)
    }

    fn carry_some(&self, keys: &HashSet<u32>, some: &[Lagging]) -> Result<usize, StoreError> {
        let mut found: Vec<(Lagging, u32, Vec<u8>)> = Vec::new();
        let places = some.iter().map(|lagging| (lagging.at, *lagging));
        self.bodies.each(places, |lagging, key, body| {
            if keys.contains(&key) {
                found.push((lagging, key, body.to_vec()));
            }
        })?;
        let mut rest = &found[..];
        let mut kept = 0;
        while !rest.is_empty() {
            let mut octets = 0;
            let fits = rest.iter().take_while(|(_, _, body)| {
                octets += body.len();
                octets <= BATCH
            });
            let (some, others) = rest.split_at(fits.count().max(1));
            kept += self.forward(some)?;
            rest = others;
        }
        Ok(kept)
    }

    fn forward<'a>(&self, some: &'a [(Lagging, u32, Vec<u8>)]) -> Result<usize, StoreError> {
        let octets: usize = some.iter().map(|(_, _, body)| body.len() + CARRIED).sum();
        let (kept, ticket) = {
            let mut state = self.shared.change()?;
            state.gather.admit(state.live.layout(), Purpose::Settle, octets)?;
            let now = self.clock.now();
            let forward = |(lagging, key, body): &'a (Lagging, u32, Vec<u8>)| -> Result<_, StoreError> {
                let (Lagging { sequence, at }, text_key) = (*lagging, self.seal.successor(*key, now)?);
                Ok(Forward { sequence, at, text_key, body })
            };
            let bodies = some.iter().map(forward).collect::<Result<Vec<_>, _>>()?;
            let State { live, gather } = &mut *state;
            let before = gather.records.len();
            let kept = live.carry_forward(now, &bodies, &mut gather.records);
            let ticket = gather.ticket(before, None);
            self.shared.arrived(state);
            (kept, ticket)
        };
        self.shared.until_durable(ticket, PATIENCE)?;
        Ok(kept)
    }
}

/// Octets of a carried message beside its body, at most.
const CARRIED: usize = 512;
