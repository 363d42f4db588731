//! A turn: the right to send one request, first in the window and then in the rate.

use std::sync::atomic::{AtomicUsize, Ordering};

use smpp_wire::{DataCoding, SubmitSm};
use tokio::time::timeout;

use crate::client::shared::Shared;
use crate::error::NotSent;

/// Characters of a short message in the default alphabet, and of each part of a longer text.
const PART_SEPTETS: (usize, usize) = (160, 153);
/// Octets of a short message in any other, and of each part of a longer text.
const PART_OCTETS: (usize, usize) = (140, 134);

impl Shared {
    /// Takes a turn where there is no wait for it. Whoever has one fills it with a request or gives it back.
    pub(crate) fn try_turn(&self, parts: u32) -> bool {
        let Ok(permit) = self.room.try_acquire() else { return false };
        if self.pace.as_ref().is_some_and(|pace| !pace.try_take(parts)) {
            return false;
        }
        permit.forget();
        true
    }

    /// Takes as many turns as there are without a wait, for the first of these messages; their number.
    pub(crate) fn try_turns(&self, messages: &[SubmitSm<'_>]) -> usize {
        if self.pace.is_some() {
            return messages.iter().take_while(|message| self.try_turn(parts_of(message))).count();
        }
        let count = self.room.available_permits().min(messages.len());
        // Where another took some of them meanwhile, one is still to be had or none.
        let permits = self.room.try_acquire_many(count as u32).or_else(|_| self.room.try_acquire());
        permits.map_or(0, |permits| {
            let count = permits.num_permits();
            permits.forget();
            count
        })
    }

    /// Takes a turn, first come first served.
    pub(crate) async fn turn(&self, parts: u32) -> Result<(), NotSent> {
        if self.try_turn(parts) {
            return Ok(());
        }
        let _waiting = Waiting::at(&self.waiting);
        timeout(self.turn_max, self.wait_turn(parts))
            .await
            .unwrap_or(Err(NotSent::Busy { waited: self.turn_max }))
    }

    /// As [`turn`](Self::turn), however long it takes.
    pub(crate) async fn wait_turn(&self, parts: u32) -> Result<(), NotSent> {
        // The room first: what waits for it has drawn nothing from the rate.
        let permit = self.room.acquire().await.map_err(|_| NotSent::Ending)?;
        if let Some(pace) = &self.pace {
            pace.take(parts).await;
        }
        permit.forget();
        Ok(())
    }

    /// Gives a turn back.
    pub(crate) fn give_back(&self) {
        self.room.add_permits(1);
    }

    /// What a message counts as.
    pub(crate) fn parts_of(&self, message: &SubmitSm<'_>) -> u32 {
        if self.pace.is_some() { parts_of(message) } else { 1 }
    }
}

fn parts_of(message: &SubmitSm<'_>) -> u32 {
    let is_default = matches!(message.data_coding, DataCoding(0 | 1));
    let (whole, part) = if is_default { PART_SEPTETS } else { PART_OCTETS };
    match message.user_data().len() {
        octets if octets <= whole => 1,
        octets => octets.div_ceil(part) as u32,
    }
}

/// Counts whoever waits, as long as they do.
#[derive(Debug)]
pub(crate) struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    pub(crate) fn at(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smpp_wire::{Tag, Tlv, Tlvs};

    #[test]
    fn a_message_counts_as_the_parts_that_a_phone_receives() {
        let parts = |octets: usize, data_coding: u8| {
            let payload = vec![b'a'; octets];
            let tlv = [Tlv { tag: Tag::MESSAGE_PAYLOAD, value: &payload }];
            let data_coding = DataCoding(data_coding);
            parts_of(&SubmitSm { data_coding, tlvs: Tlvs::of(&tlv), ..Default::default() })
        };
        let counts = [(0, 0), (160, 0), (161, 0), (307, 0), (140, 8), (141, 8), (65_000, 4)];
        assert_eq!(counts.map(|(octets, coding)| parts(octets, coding)), [1, 1, 2, 3, 1, 2, 486]);
    }
}
