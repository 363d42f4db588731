//! Events to octets.

use chappe_core::{LinkId, Target, Timestamp};

use super::cursor::{Sequences, write_body, write_long, write_origin, write_short, write_target};
use super::event::Again;
use super::fields::{write_end, write_part};
use super::{NameKind, deferral, item, kind, settlement};
use crate::batch::{Accepts, CarrierReceipt, Item, More, Settled, Settlement};
use crate::by_hand::Notice;
use crate::offer::DuplicateKey;
use crate::row::Final;

pub(super) fn begin(out: &mut Vec<u8>, kind: u8, now: Timestamp) {
    out.push(kind);
    out.extend_from_slice(&now.0.to_le_bytes());
}

pub(super) fn count(out: &mut Vec<u8>, events: usize) {
    debug_assert!(events <= super::EVENTS_MAX, "a record of {events} events");
    out.extend_from_slice(&u32::try_from(events).unwrap_or(u32::MAX).to_le_bytes());
}

pub(crate) fn named(out: &mut Vec<u8>, now: Timestamp, of: NameKind, number: u32, name: &str) {
    begin(out, kind::NAMED, now);
    out.push(match of {
        NameKind::Account => 1,
        NameKind::Link => 2,
    });
    out.extend_from_slice(&number.to_le_bytes());
    write_long(out, name.as_bytes());
}

/// What the items of one acceptance have in common.
pub(crate) struct Acceptance<'a> {
    /// The sequence number of the first item; the others follow.
    pub(crate) first: u64,
    /// The key that the body for a target is sealed with on its way to the disk; 0: it stays plain.
    pub(crate) text_key: &'a dyn Fn(Target) -> u32,
}

/// `items` are of this batch.
pub(crate) fn accepted<'a>(
    out: &mut Vec<u8>,
    now: Timestamp,
    batch: &Accepts,
    of: &Acceptance<'_>,
    items: impl ExactSizeIterator<Item = &'a Item>,
) {
    begin(out, kind::ACCEPTED2, now);
    write_origin(out, batch.origin);
    out.extend_from_slice(&batch.policy.to_le_bytes());
    out.extend_from_slice(&of.first.to_le_bytes());
    count(out, items.len());
    for item in items {
        match item.more.and_then(|more| batch.more.get(more as usize)) {
            None => write_plain(out, item, 0),
            Some(more) => write_item(out, item, more.bits(), more),
        }
        write_body(out, (of.text_key)(item.target), &batch.bodies[item.body.clone()]);
    }
}

fn write_plain(out: &mut Vec<u8>, item: &Item, bits: u8) {
    out.push(bits);
    write_target(out, item.target);
    out.push(item.class as u8);
}

fn write_item(out: &mut Vec<u8>, item: &Item, bits: u8, more: &More) {
    write_plain(out, item, bits);
    if bits & item::PRICE != 0 {
        out.extend_from_slice(&more.price.to_le_bytes());
    }
    if bits & item::DUE != 0 {
        out.extend_from_slice(&more.due.0.to_le_bytes());
    }
    if let Some(DuplicateKey { key, until }) = more.duplicate {
        out.extend_from_slice(&key.to_le_bytes());
        out.extend_from_slice(&until.0.to_le_bytes());
    }
    if let Some(part) = &more.part {
        write_part(out, part);
    }
    if let Some(again_of) = more.again_of {
        out.extend_from_slice(&again_of.to_le_bytes());
    }
}

impl More {
    fn bits(&self) -> u8 {
        let bit = |set: bool, bit: u8| if set { bit } else { 0 };
        bit(self.price != 0, item::PRICE)
            | bit(self.due != Timestamp::ZERO, item::DUE)
            | bit(self.duplicate.is_some(), item::DUPLICATE)
            | bit(self.part.is_some(), item::PART)
            | bit(self.again_of.is_some(), item::AGAIN)
    }
}

pub(crate) fn intended(
    out: &mut Vec<u8>,
    now: Timestamp,
    target: Target,
    sequences: impl ExactSizeIterator<Item = u64>,
) {
    begin(out, kind::INTENDED, now);
    write_target(out, target);
    count(out, sequences.len());
    let mut writer = Sequences::default();
    for sequence in sequences {
        writer.write(out, sequence);
    }
}

pub(crate) fn settled(out: &mut Vec<u8>, now: Timestamp, target: Target, batch: &[Settlement]) {
    begin(out, kind::SETTLED, now);
    write_target(out, target);
    count(out, batch.len());
    let mut writer = Sequences::default();
    for Settlement { sequence, what } in batch {
        writer.write(out, *sequence);
        match what {
            Settled::Sent { remote } => {
                out.push(settlement::SENT);
                write_short(out, remote);
            }
            Settled::Deferred { due, reason, counts, in_doubt } => {
                out.push(settlement::DEFERRED);
                let (reason, by_hand) = (Some(*reason), false);
                let again = Again { due: *due, reason, counts: *counts, in_doubt: *in_doubt, by_hand };
                write_again(out, &again);
            }
            Settled::Moved { target, due, reason, counts, in_doubt } => {
                out.push(settlement::MOVED);
                write_target(out, *target);
                let (reason, by_hand) = (Some(*reason), false);
                let again = Again { due: *due, reason, counts: *counts, in_doubt: *in_doubt, by_hand };
                write_again(out, &again);
            }
            Settled::Held { reason } => {
                out.push(settlement::HELD);
                out.extend_from_slice(&reason.number().to_le_bytes());
            }
            Settled::Ended(ended) => {
                out.push(settlement::ENDED);
                write_end(out, ended);
            }
            Settled::Notified => out.push(settlement::NOTIFIED),
        }
    }
}

fn write_again(out: &mut Vec<u8>, again: &Again) {
    let Again { due, reason, counts, in_doubt, by_hand } = again;
    out.extend_from_slice(&due.0.to_le_bytes());
    out.extend_from_slice(&reason.map_or(0, chappe_core::Reason::number).to_le_bytes());
    let bit = |set: bool, bit: u8| if set { bit } else { 0 };
    let counts = bit(*counts, deferral::COUNTS);
    out.push(counts | bit(*in_doubt, deferral::IN_DOUBT) | bit(*by_hand, deferral::BY_HAND));
}

/// Rows that an operator moved from one target to another, or back to where they were.
pub(crate) fn moved(
    out: &mut Vec<u8>,
    now: Timestamp,
    from: Target,
    target: Target,
    again: &Again,
    sequences: &[u64],
) {
    begin(out, kind::MOVED, now);
    write_target(out, from);
    count(out, sequences.len());
    let mut writer = Sequences::default();
    for sequence in sequences {
        writer.write(out, *sequence);
        write_target(out, target);
        write_again(out, again);
    }
}

pub(crate) fn receipts(
    out: &mut Vec<u8>,
    now: Timestamp,
    link: LinkId,
    batch: &[CarrierReceipt<'_>],
    matched: &[Option<u64>],
) {
    begin(out, kind::RECEIPTS, now);
    out.extend_from_slice(&link.0.to_le_bytes());
    count(out, batch.len());
    let mut writer = Sequences::default();
    for (receipt, matched) in batch.iter().zip(matched) {
        let CarrierReceipt { remote, state, error, raw } = receipt;
        out.push(u8::from(matched.is_some()));
        writer.write(out, matched.unwrap_or(0));
        out.push(state.code());
        out.extend_from_slice(&error.0);
        write_short(out, remote);
        write_short(out, raw);
    }
}

pub(crate) fn cancelled(out: &mut Vec<u8>, now: Timestamp, sequence: u64) {
    begin(out, kind::CANCELLED, now);
    out.extend_from_slice(&sequence.to_le_bytes());
}

pub(crate) fn replaced(out: &mut Vec<u8>, now: Timestamp, sequence: u64, text_key: u32, body: &[u8]) {
    begin(out, kind::REPLACED2, now);
    out.extend_from_slice(&sequence.to_le_bytes());
    write_body(out, text_key, body);
}

pub(crate) fn noticed(out: &mut Vec<u8>, now: Timestamp, sequence: u64, text_key: u32, notice: &Notice<'_>) {
    let Notice { of, account, ended, body } = notice;
    begin(out, kind::NOTICED, now);
    out.extend_from_slice(&sequence.to_le_bytes());
    out.extend_from_slice(&of.to_le_bytes());
    out.extend_from_slice(&account.0.to_le_bytes());
    write_end(out, ended);
    write_body(out, text_key, body);
}

pub(crate) fn suspended(out: &mut Vec<u8>, now: Timestamp, target: Target, until: Timestamp) {
    begin(out, kind::SUSPENDED, now);
    write_target(out, target);
    out.extend_from_slice(&until.0.to_le_bytes());
}

/// Messages that came again, and were answered with the ids of these.
pub(crate) fn repeated(out: &mut Vec<u8>, now: Timestamp, sequences: &[u64]) {
    begin(out, kind::REPEATED, now);
    write_sequences(out, sequences);
}

/// The parts of a long message leave from `due` on, in this order.
pub(crate) fn collected(out: &mut Vec<u8>, now: Timestamp, due: Timestamp, sequences: &[u64]) {
    begin(out, kind::COLLECTED, now);
    out.extend_from_slice(&due.0.to_le_bytes());
    write_sequences(out, sequences);
}

/// The parts of a long message are all final; what is told of them goes with the first of these.
pub(crate) fn joined(out: &mut Vec<u8>, now: Timestamp, told: Option<&Final>, sequences: &[u64]) {
    begin(out, kind::JOINED, now);
    out.push(u8::from(told.is_some()));
    if let Some(told) = told {
        write_end(out, told);
    }
    write_sequences(out, sequences);
}

pub(crate) fn given_up(out: &mut Vec<u8>, now: Timestamp, link: LinkId, remote: &[u8]) {
    begin(out, kind::GIVEN_UP, now);
    out.extend_from_slice(&link.0.to_le_bytes());
    write_short(out, remote);
}

fn write_sequences(out: &mut Vec<u8>, sequences: &[u64]) {
    count(out, sequences.len());
    let mut writer = Sequences::default();
    for sequence in sequences {
        writer.write(out, *sequence);
    }
}
