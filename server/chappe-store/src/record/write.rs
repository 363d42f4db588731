//! Events to octets.

use chappe_core::{LinkId, Target, Timestamp};

use super::cursor::{Sequences, write_long, write_origin, write_short, write_target};
use super::{NameKind, deferral, kind, settlement};
use crate::batch::{Accepts, CarrierReceipt, Item, Settled, Settlement};
use crate::row::Final;

fn begin(out: &mut Vec<u8>, kind: u8, now: Timestamp) {
    out.push(kind);
    out.extend_from_slice(&now.0.to_le_bytes());
}

fn count(out: &mut Vec<u8>, events: usize) {
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

pub(crate) fn accepted(out: &mut Vec<u8>, now: Timestamp, batch: &Accepts, items: &[Item], first: u64) {
    begin(out, kind::ACCEPTED, now);
    write_origin(out, batch.origin);
    out.extend_from_slice(&batch.policy.to_le_bytes());
    out.extend_from_slice(&first.to_le_bytes());
    count(out, items.len());
    for item in items {
        write_target(out, item.target);
        out.push(item.class as u8);
        out.extend_from_slice(&item.price.to_le_bytes());
        // The key the body is sealed with: none.
        out.extend_from_slice(&0_u32.to_le_bytes());
        write_long(out, &batch.bodies[item.body.clone()]);
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
                out.extend_from_slice(&due.0.to_le_bytes());
                out.extend_from_slice(&reason.number().to_le_bytes());
                let counts = if *counts { deferral::COUNTS } else { 0 };
                let in_doubt = if *in_doubt { deferral::IN_DOUBT } else { 0 };
                out.push(counts | in_doubt);
            }
            Settled::Ended(ended) => {
                out.push(settlement::ENDED);
                end(out, ended);
            }
            Settled::Notified => out.push(settlement::NOTIFIED),
        }
    }
}

fn end(out: &mut Vec<u8>, ended: &Final) {
    let Final { state, error, reason, at } = ended;
    out.push(state.code());
    out.extend_from_slice(&error.0);
    out.extend_from_slice(&reason.map_or(0, chappe_core::Reason::number).to_le_bytes());
    out.extend_from_slice(&at.0.to_le_bytes());
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

pub(crate) fn replaced(out: &mut Vec<u8>, now: Timestamp, sequence: u64, body: &[u8]) {
    begin(out, kind::REPLACED, now);
    out.extend_from_slice(&sequence.to_le_bytes());
    write_long(out, body);
}
