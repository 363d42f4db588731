//! What the phones remember, within bounds.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hashbrown::HashMap;
use jiff::Timestamp;
use sms_text::Joiner;

use super::{Arrival, Direction, HandsetsSettings, Message, Phone};
use crate::air::Air;

/// The phones behind a simulated carrier. Any number that receives a message exists.
#[derive(Debug)]
pub struct Handsets {
    pub(super) air: Arc<Air>,
    memory: Mutex<Memory>,
}

#[derive(Debug)]
struct Memory {
    settings: HandsetsSettings,
    phones: HashMap<String, Phone>,
    /// Numbers by when they were last heard of.
    silent: BTreeMap<u64, String>,
    touches: u64,
    /// Long messages by (from, to).
    joiner: Joiner<(String, String)>,
    expired_at: Timestamp,
}

/// Parts that wait are looked through no more often than this.
const EXPIRE_EVERY_SECS: i64 = 10;

impl Handsets {
    pub(crate) fn new(settings: HandsetsSettings, air: Arc<Air>) -> Self {
        let joiner = Joiner::new(settings.parts_max, settings.parts_wait_secs.saturating_mul(1_000));
        let memory = Memory {
            settings,
            phones: HashMap::new(),
            silent: BTreeMap::new(),
            touches: 0,
            joiner,
            expired_at: Timestamp::UNIX_EPOCH,
        };
        Self { air, memory: Mutex::new(memory) }
    }

    /// The numbers that are remembered, the one heard of last first.
    pub fn numbers(&self) -> Vec<String> {
        self.memory().silent.values().rev().cloned().collect()
    }

    /// The phone with this number, as it is at this moment.
    pub fn phone(&self, number: &str) -> Option<Phone> {
        self.memory().phones.get(number).cloned()
    }

    /// Switches on a phone that is off (a number ending in 009000): what is on its way to it arrives, and its
    /// senders are told. Gives the number of messages that were on their way.
    pub fn switch_on(&self, number: &str) -> usize {
        if let Some(phone) = self.memory().phones.get_mut(number) {
            phone.switch_on();
        }
        self.air.switch_on(number.as_bytes())
    }

    /// Takes what a submit_sm brings, at `now`.
    pub(crate) fn receive(&self, arrival: &Arrival<'_>, now: Timestamp) {
        self.memory().receive(arrival, now);
    }

    pub(super) fn wrote(&self, number: &str, message: Message) {
        self.memory().keep(number, message);
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // Nothing in here can be left half done by a panic elsewhere.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn receive(&mut self, arrival: &Arrival<'_>, now: Timestamp) {
        let (concat, octets) = arrival.part();
        let (text, parts) = match concat {
            None => (arrival.text_of(octets), 1),
            Some(concat) => {
                self.expire(now);
                let key = (arrival.sender(), arrival.number());
                let now_ms = u64::try_from(now.as_millisecond()).unwrap_or(0);
                let Some(whole) = self.joiner.push(key, concat, octets, now_ms) else {
                    return;
                };
                (arrival.text_of(&whole), usize::from(concat.total))
            }
        };
        let message = Message {
            direction: Direction::ToHandset,
            peer: arrival.sender(),
            text,
            parts,
            at: now,
            state: Some(arrival.state),
            id: format!("{:016X}", arrival.id),
        };
        self.keep(&arrival.number(), message);
    }

    fn keep(&mut self, number: &str, message: Message) {
        self.touch(number);
        let messages_max = self.settings.messages_max;
        if let Some(phone) = self.phones.get_mut(number) {
            phone.keep(message, messages_max);
        }
    }

    /// Makes `number` the one heard of last, and forgets the most silent one beyond the bound.
    fn touch(&mut self, number: &str) {
        self.touches += 1;
        let touched = self.touches;
        let phone = self.phones.entry_ref(number).or_default();
        let name = self.silent.remove(&phone.touched).unwrap_or_else(|| number.to_owned());
        phone.touched = touched;
        self.silent.insert(touched, name);
        while self.phones.len() > self.settings.numbers_max.max(1)
            && let Some((_, silent)) = self.silent.pop_first()
        {
            self.phones.remove(&silent);
        }
    }

    /// A message that never became whole is shown by no phone.
    fn expire(&mut self, now: Timestamp) {
        if now.as_second() - self.expired_at.as_second() >= EXPIRE_EVERY_SECS {
            self.expired_at = now;
            let now_ms = u64::try_from(now.as_millisecond()).unwrap_or(0);
            self.joiner.expire(now_ms);
        }
    }
}
