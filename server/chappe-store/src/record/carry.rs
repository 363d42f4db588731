//! Carried state: the whole of a message that is not over, written down again so that recovery need not begin earlier.

use chappe_core::{Class, LinkId, Malformed, Target, Timestamp};

use super::cursor::{Cursor, Sequences, write_body, write_origin, write_short, write_target};
use super::fields::{end, part_of, write_end, write_part};
use super::kind;
use super::layout::BodyAt;
use super::state::{Carried, CarriedBody, CarriedRemote};
use super::write::{begin, count};
use crate::row::Lane;

/// Bits of a carried message: which optional fields follow.
mod bit {
    pub(super) const DUE: u8 = 1;
    pub(super) const TRIED: u8 = 2;
    pub(super) const REMOTE: u8 = 4;
    pub(super) const OWNS: u8 = 8;
    pub(super) const ENDED: u8 = 16;
    pub(super) const PART: u8 = 32;
    pub(super) const OF: u8 = 64;
    pub(super) const HERE: u8 = 128;
}

/// The beginning of a cycle.
pub(crate) fn carry_begin(
    out: &mut Vec<u8>,
    now: Timestamp,
    next_sequence: u64,
    suspended: &[(Target, Timestamp)],
) {
    begin(out, kind::CARRY_BEGIN, now);
    out.extend_from_slice(&next_sequence.to_le_bytes());
    count(out, suspended.len());
    for (target, until) in suspended {
        write_target(out, *target);
        out.extend_from_slice(&until.0.to_le_bytes());
    }
}

/// The end of a cycle that began at `began`.
pub(crate) fn carry_end(out: &mut Vec<u8>, now: Timestamp, began: super::RecordAt) {
    begin(out, kind::CARRY_END, now);
    out.extend_from_slice(&began.segment.to_le_bytes());
    out.extend_from_slice(&began.offset.to_le_bytes());
}

/// Messages, as they stand.
pub(crate) fn carried<'a>(
    out: &mut Vec<u8>,
    now: Timestamp,
    messages: impl ExactSizeIterator<Item = Carried<'a>>,
) {
    begin(out, kind::CARRIED, now);
    count(out, messages.len());
    let mut writer = Sequences::default();
    for message in messages {
        writer.write(out, message.sequence);
        write_message(out, &message);
    }
}

fn write_message(out: &mut Vec<u8>, message: &Carried<'_>) {
    let Carried { lane, accepted_at, due, phase, flags, expires, registered_delivery, .. } = message;
    let bits = bits(message);
    out.extend_from_slice(&[bits, *phase, *flags, *registered_delivery]);
    write_target(out, lane.target);
    out.push(lane.class as u8);
    write_origin(out, lane.origin);
    out.extend_from_slice(&accepted_at.0.to_le_bytes());
    out.extend_from_slice(&expires.to_le_bytes());
    if bits & bit::DUE != 0 {
        out.extend_from_slice(&due.0.to_le_bytes());
    }
    if bits & bit::TRIED != 0 {
        out.extend_from_slice(&message.attempts.to_le_bytes());
        out.push(message.drops);
        out.extend_from_slice(&message.reason.to_le_bytes());
    }
    if let Some(CarriedRemote { link, id, .. }) = message.remote {
        out.extend_from_slice(&link.0.to_le_bytes());
        write_short(out, id);
    }
    if let Some(ended) = &message.ended {
        write_end(out, ended);
    }
    if let Some(part) = &message.part {
        write_part(out, part);
    }
    if let Some(of) = message.of {
        out.extend_from_slice(&of.to_le_bytes());
    }
    match message.body {
        CarriedBody::At(BodyAt { segment, offset }) => {
            out.extend_from_slice(&segment.to_le_bytes());
            out.extend_from_slice(&offset.to_le_bytes());
        }
        CarriedBody::Here(body) => write_body(out, body.text_key, body.octets),
    }
}

fn bits(message: &Carried<'_>) -> u8 {
    let bit = |set: bool, bit: u8| if set { bit } else { 0 };
    bit(message.due != message.accepted_at, bit::DUE)
        | bit(message.attempts != 0 || message.drops != 0 || message.reason != 0, bit::TRIED)
        | bit(message.remote.is_some(), bit::REMOTE)
        | bit(message.remote.is_some_and(|remote| remote.owns), bit::OWNS)
        | bit(message.ended.is_some(), bit::ENDED)
        | bit(message.part.is_some(), bit::PART)
        | bit(message.of.is_some(), bit::OF)
        | bit(matches!(message.body, CarriedBody::Here(_)), bit::HERE)
}

/// Reads a message after its sequence number.
pub(super) fn read_message<'a>(body: &mut Cursor<'a>, sequence: u64) -> Result<Carried<'a>, Malformed> {
    let bits = body.u8("carried")?;
    let has = |bit| bits & bit != 0;
    let (phase, flags) = (body.u8("phase")?, body.u8("flags")?);
    let registered_delivery = body.u8("registered delivery")?;
    let lane =
        Lane { target: body.target()?, class: Class::from_u8(body.u8("class")?), origin: body.origin()? };
    let accepted_at = body.time("accepted at")?;
    let expires = body.u32("expires")?;
    let due = if has(bit::DUE) { body.time("due")? } else { accepted_at };
    let (attempts, drops, reason) = match has(bit::TRIED) {
        true => (body.u16("attempts")?, body.u8("drops")?, body.u16("reason")?),
        false => (0, 0, 0),
    };
    let remote = match has(bit::REMOTE) {
        true => {
            let link = LinkId(body.u32("link")?);
            Some(CarriedRemote { link, id: body.short("remote id")?, owns: has(bit::OWNS) })
        }
        false => None,
    };
    let ended = if has(bit::ENDED) { Some(end(body)?) } else { None };
    let part = if has(bit::PART) { Some(part_of(body)?) } else { None };
    let of = if has(bit::OF) { Some(body.u64("of")?) } else { None };
    let body = match has(bit::HERE) {
        true => CarriedBody::Here(body.body()?),
        false => CarriedBody::At(BodyAt { segment: body.u32("segment")?, offset: body.u32("offset")? }),
    };
    Ok(Carried {
        sequence,
        lane,
        accepted_at,
        due,
        phase,
        flags,
        expires,
        registered_delivery,
        attempts,
        drops,
        reason,
        remote,
        ended,
        part,
        of,
        body,
    })
}

#[cfg(test)]
mod tests {
    use chappe_core::lifecycle::State;
    use chappe_core::{AccountId, LongReceipt};

    use super::*;
    use crate::offer::Part;
    use crate::record::Body;
    use crate::record::{Event, Record};
    use crate::row::{ErrorCode, Final, Origin};

    fn plain(sequence: u64) -> Carried<'static> {
        Carried {
            sequence,
            lane: Lane {
                target: Target::Link(LinkId(7)),
                class: Class::Bulk,
                origin: Origin::Account(AccountId(3)),
            },
            accepted_at: Timestamp(5),
            due: Timestamp(5),
            phase: 0,
            flags: 0,
            expires: 86_400,
            registered_delivery: 1,
            attempts: 0,
            drops: 0,
            reason: 0,
            remote: None,
            ended: None,
            part: None,
            of: None,
            body: CarriedBody::At(BodyAt { segment: 2, offset: 4096 }),
        }
    }

    fn full(sequence: u64) -> Carried<'static> {
        let ended =
            Final { state: State::Expired, error: ErrorCode(*b"001\0"), reason: None, at: Timestamp(9) };
        let part = Part {
            group: 1,
            number: 2,
            total: 3,
            until: Timestamp(4),
            collect: true,
            receipt: LongReceipt::Worst,
        };
        Carried {
            due: Timestamp(6),
            attempts: 3,
            drops: 1,
            reason: 45,
            remote: Some(CarriedRemote { link: LinkId(8), id: b"abc", owns: true }),
            ended: Some(ended),
            part: Some(part),
            of: Some(11),
            body: CarriedBody::Here(Body { text_key: 6, within: 0, octets: b"body" }),
            ..plain(sequence)
        }
    }

    #[test]
    fn a_carried_message_reads_as_it_was_written() {
        let mut out = Vec::new();
        carried(&mut out, Timestamp(1), [plain(1), full(2), plain(1000)].into_iter());
        let mut read = Vec::new();
        let told = Record::read(&out).unwrap().each(|event| match event {
            Event::Carried(mut message) => {
                if let CarriedBody::Here(body) = &mut message.body {
                    assert_eq!(out[body.within as usize], 6, "the place of its key");
                    body.within = 0;
                }
                read.push(message);
            }
            other => panic!("{other:?}"),
        });
        assert_eq!((told, read), (Ok(()), vec![plain(1), full(2), plain(1000)]));
        for end in 9..out.len() {
            assert!(Record::read(&out[..end]).unwrap().each(|_| {}).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn a_plain_message_is_carried_in_few_octets() {
        let mut out = Vec::new();
        carried(&mut out, Timestamp(1), (1..=1000).map(plain).collect::<Vec<_>>().into_iter());
        assert!(out.len() < 40 * 1000, "{} octets", out.len() / 1000);
    }
}
