//! What became of messages that were found.

use chappe_core::Timestamp;
use chappe_core::lifecycle::{self, State};
use chappe_store::record::{Event, Readable, Record};
use chappe_store::{ErrorCode, Final, Summary};

use super::indexes::{Indexes, Segment};
use super::key::Key;
use super::reader::Reader;
use super::search::Found;
use super::tail::Failed;
use super::touch::{Kind, Touch};

/// Follows each message from its acceptance to its end, and tells its end, target and text. A message that ends in no
/// record keeps its state.
///
/// # Errors
///
/// [`Failed`] when the journal cannot be read.
pub(crate) fn follow(indexes: &Indexes, found: &mut [Found]) -> Result<(), Failed> {
    indexes.catch_up()?;
    let first = found.iter().map(|found| found.segment).min();
    let segments = indexes.segments();
    for segment in segments.iter().filter(|(header, _)| Some(header.number) >= first) {
        let number = segment.0.number;
        let open = |found: &Found| found.segment <= number && found.summary.ended.is_none();
        if !found.iter().any(open) {
            continue;
        }
        let look = indexes.look(
            segment,
            |_| true,
            |lookup| {
                let of = |found: &Found| {
                    if open(found) {
                        lookup.find(Key::sequence(found.summary.sequence))
                    } else {
                        Ok(Vec::new())
                    }
                };
                found.iter().map(of).collect::<Result<Vec<_>, _>>()
            },
        )?;
        let mut reader = None;
        for (found, touches) in found.iter_mut().zip(look.unwrap_or_default()) {
            step(indexes, segment, &mut reader, &touches, &mut found.summary)?;
        }
    }
    Ok(())
}

/// Reads those touches of one message in one segment that may change what is told of it.
fn step<'a>(
    indexes: &'a Indexes,
    segment: &Segment,
    reader: &mut Option<Reader<'a>>,
    touches: &[Touch],
    summary: &mut Summary,
) -> Result<(), Failed> {
    let telling = touches.iter().filter(|touch| touch.is(Kind::Ends) || touch.is(Kind::Changed));
    for touch in telling {
        if reader.is_none() {
            *reader = Reader::open(indexes, segment)?;
        }
        let Some(reader) = reader else { return Ok(()) };
        let Some(record) = reader.record(*touch)? else { continue };
        let record = Record::read(&record)?;
        record.each(|event| apply(summary, event, record.time))?;
        if summary.ended.is_some() {
            break;
        }
    }
    Ok(())
}

/// The first end counts; what comes after it stands in the story only.
fn apply(summary: &mut Summary, event: Event<'_>, now: Timestamp) {
    if summary.ended.is_some() {
        return;
    }
    let own = |state, error, reason| Final { state, error, reason, at: now };
    let ended = match event {
        Event::Ended { sequence, ended, .. } if sequence == summary.sequence => ended,
        Event::Notified { sequence, .. } if sequence == summary.sequence => {
            own(State::Delivered, ErrorCode::default(), None)
        }
        Event::Cancelled { sequence } if sequence == summary.sequence => {
            own(State::Deleted, ErrorCode::default(), None)
        }
        Event::Receipt { sequence: Some(sequence), state, error, .. }
            if sequence == summary.sequence && state.is_final() =>
        {
            own(state, error, lifecycle::reason(state))
        }
        Event::Moved { sequence, target, .. } if sequence == summary.sequence => {
            summary.target = target;
            return;
        }
        Event::Replaced { sequence, body } if sequence == summary.sequence => {
            let Readable { body, erased } = body.readable();
            (summary.body, summary.text_erased) = (body, erased);
            return;
        }
        _ => return,
    };
    (summary.state, summary.ended) = (ended.state, Some(ended));
}
