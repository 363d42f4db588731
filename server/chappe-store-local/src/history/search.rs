//! Finds messages by what their records say of them.

use std::collections::BTreeSet;

use chappe_core::lifecycle::State;
use chappe_core::{LinkId, MessageId, Target, Timestamp};
use chappe_store::record::{Body, Carried, CarriedBody, CarriedRemote, Event, Readable, Record};
use chappe_store::{Lane, Summary};

use super::indexes::{Indexes, Segment};
use super::key::Key;
use super::lookup::Lookup;
use super::pages::Unsound;
use super::reader::Reader;
use super::tail::Failed;
use super::touch::{Kind, Touch};
use super::wanted::Wanted;

/// A message as it was accepted. What became of it is not told yet, nor is its id.
#[derive(Debug)]
pub(crate) struct Found {
    /// The segment it was accepted in.
    pub(crate) segment: u64,
    pub(crate) summary: Summary,
}

/// The newest messages that are wanted, the newest first, at most `limit` of all that are there.
///
/// # Errors
///
/// [`Failed`] when the journal cannot be read.
pub(crate) fn search(indexes: &Indexes, wanted: &Wanted<'_>, limit: usize) -> Result<Vec<Found>, Failed> {
    indexes.catch_up()?;
    let keys = wanted.keys();
    let (mut found, mut carried) = (Vec::new(), Vec::new());
    for segment in indexes.segments().iter().rev() {
        let meets = |span: &_| wanted.meets(span) || span.carried > 0;
        let touches = indexes.look(segment, meets, |lookup| touches(lookup, wanted, &keys))?;
        let (again, accepted): (Vec<_>, Vec<_>) =
            touches.unwrap_or_default().into_iter().partition(|touch| touch.is(Kind::Carried));
        if !again.is_empty() {
            carried.push((*segment, again));
        }
        read(indexes, segment, &accepted, wanted, limit, &mut found)?;
        if found.len() >= limit {
            found.truncate(limit);
            return Ok(found);
        }
    }
    let older = orphans(indexes, &carried, wanted, &found)?;
    found.extend(older);
    found.truncate(limit);
    Ok(found)
}

/// The touches that all keys share.
fn touches(lookup: &dyn Lookup, wanted: &Wanted<'_>, keys: &[Key]) -> Result<Vec<Touch>, Unsound> {
    let mut shared: Option<Vec<Touch>> = None;
    for key in keys {
        let touches = lookup.find(*key)?;
        let both = match shared {
            None => touches,
            Some(before) => before.into_iter().filter(|touch| touches.binary_search(touch).is_ok()).collect(),
        };
        if both.is_empty() {
            return Ok(both);
        }
        shared = Some(both);
    }
    let mut touches = shared.unwrap_or_default();
    if !wanted.covers(&lookup.span()) {
        wanted.cut(&lookup.marks()?, &mut touches);
    }
    Ok(touches)
}

/// Reads acceptances of one segment from its end on, until there are `limit` in all or more.
fn read(
    indexes: &Indexes,
    segment: &Segment,
    touches: &[Touch],
    wanted: &Wanted<'_>,
    limit: usize,
    found: &mut Vec<Found>,
) -> Result<(), Failed> {
    if touches.is_empty() {
        return Ok(());
    }
    let Some(reader) = Reader::open(indexes, segment)? else { return Ok(()) };
    for touch in touches.iter().rev() {
        if found.len() >= limit {
            break;
        }
        let Some(record) = reader.record(*touch)? else { continue };
        let mut of_record = messages(&record, segment.0.number, wanted)?;
        of_record.reverse();
        found.append(&mut of_record);
    }
    Ok(())
}

/// The wanted messages that a record holds, in order.
fn messages(record: &[u8], segment: u64, wanted: &Wanted<'_>) -> Result<Vec<Found>, Failed> {
    let mut found = Vec::new();
    let record = Record::read(record)?;
    record.each(|event| {
        let (sequence, accepted_at, lane, body, ended) = match event {
            Event::Accepted { sequence, origin, target, class, body, .. } => {
                (sequence, record.time, Lane { target, class, origin }, body, None)
            }
            Event::Carried(Carried {
                sequence,
                accepted_at,
                lane,
                ended,
                of: None,
                body: CarriedBody::Here(body),
                ..
            }) => (sequence, accepted_at, lane, body, ended),
            _ => return,
        };
        if wanted.wants(sequence, accepted_at, lane.origin, body.octets) {
            let mut summary = summary(sequence, accepted_at, lane, &body);
            if let Some(ended) = ended {
                (summary.state, summary.ended) = (ended.state, Some(ended));
            }
            found.push(Found { segment, summary });
        }
    })?;
    Ok(found)
}

fn summary(sequence: u64, accepted_at: Timestamp, lane: Lane, body: &Body<'_>) -> Summary {
    let Lane { origin, target, class } = lane;
    let Readable { body, erased } = body.readable();
    Summary {
        sequence,
        id: MessageId(0),
        accepted_at,
        origin,
        target,
        class,
        body,
        text_erased: erased,
        state: State::Enroute,
        ended: None,
    }
}

/// Messages whose own segment is gone while they live, from where they were carried to; the newest first.
fn orphans(
    indexes: &Indexes,
    carried: &[(Segment, Vec<Touch>)],
    wanted: &Wanted<'_>,
    known: &[Found],
) -> Result<Vec<Found>, Failed> {
    let mut seen: BTreeSet<u64> = known.iter().map(|found| found.summary.sequence).collect();
    let mut orphans = Vec::new();
    for (segment, touches) in carried {
        read(indexes, segment, touches, wanted, usize::MAX, &mut orphans)?;
    }
    let first = indexes.segments().first().map_or(0, |(header, _)| header.mark);
    orphans.retain(|found| found.summary.sequence < first && seen.insert(found.summary.sequence));
    orphans.sort_unstable_by_key(|found| std::cmp::Reverse(found.summary.sequence));
    Ok(orphans)
}

/// The messages that a carrier took under this id, the newest first.
///
/// # Errors
///
/// [`Failed`] when the journal cannot be read.
pub(crate) fn search_remote(
    indexes: &Indexes,
    (link, id): (LinkId, &[u8]),
    wanted: &Wanted<'_>,
    limit: usize,
) -> Result<Vec<Found>, Failed> {
    indexes.catch_up()?;
    let mut sequences = BTreeSet::new();
    for segment in indexes.segments() {
        let key = Key::remote(link, id);
        let touches = indexes.look(&segment, |_| true, |lookup| lookup.find(key))?.unwrap_or_default();
        if touches.is_empty() {
            continue;
        }
        let Some(reader) = Reader::open(indexes, &segment)? else { continue };
        for touch in touches {
            let Some(record) = reader.record(touch)? else { continue };
            Record::read(&record)?.each(|event| match event {
                Event::Sent { sequence, target: Target::Link(on), remote } if on == link && remote == id => {
                    sequences.insert(sequence);
                }
                Event::Carried(Carried {
                    sequence,
                    remote: Some(CarriedRemote { link: on, id: remote, .. }),
                    ..
                }) if on == link && remote == id => {
                    sequences.insert(sequence);
                }
                _ => {}
            })?;
        }
    }
    let mut found = Vec::new();
    for sequence in sequences.into_iter().rev() {
        if found.len() >= limit {
            break;
        }
        found.extend(accepted(indexes, sequence, wanted)?);
    }
    Ok(found)
}

/// The message with this sequence number, if it is wanted.
fn accepted(indexes: &Indexes, sequence: u64, wanted: &Wanted<'_>) -> Result<Option<Found>, Failed> {
    let key = Key::sequence(sequence);
    for segment in indexes.since(sequence) {
        let mut touches = indexes.look(&segment, |_| true, |lookup| lookup.find(key))?.unwrap_or_default();
        touches.retain(|touch| touch.is(Kind::Accepted) || touch.is(Kind::Carried));
        let mut found = Vec::new();
        read(indexes, &segment, &touches, wanted, usize::MAX, &mut found)?;
        // Its neighbours stand in the same record.
        found.retain(|found| found.summary.sequence == sequence);
        if !touches.is_empty() {
            return Ok(found.pop());
        }
    }
    Ok(None)
}
