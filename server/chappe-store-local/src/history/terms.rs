//! What of a record is looked up.

use chappe_core::{Malformed, Message, Target, Timestamp};
use chappe_store::Origin;
use chappe_store::record::{Carried, CarriedBody, CarriedRemote, Event, Record};

use super::key::Key;
use super::table::Table;
use super::touch::Kind;

/// Adds the terms of the record at `offset`.
///
/// # Errors
///
/// [`Malformed`] when it cannot be read; what was added stays.
pub(crate) fn add(table: &mut Table, record: &[u8], offset: u64) -> Result<(), Malformed> {
    let record = Record::read(record)?;
    let mut batch = Batch { table, offset, time: record.time, sequences: None, before: None };
    record.each(|event| batch.add(&event))?;
    if let Some((first, last)) = batch.sequences {
        batch.table.accepted(first, last, batch.time, offset);
    }
    table.end_record(offset);
    Ok(())
}

/// A record's events on their way into a table.
struct Batch<'a> {
    table: &'a mut Table,
    offset: u64,
    time: Timestamp,
    /// The first and the last message it accepts.
    sequences: Option<(u64, u64)>,
    /// The keys of the acceptance before: neighbours mostly come from one account and one sender.
    before: Option<(Key, Key)>,
}

impl Batch<'_> {
    fn add(&mut self, event: &Event<'_>) {
        match *event {
            Event::Named { .. }
            | Event::Suspended { .. }
            | Event::Receipt { sequence: None, .. }
            | Event::GivenUp { .. }
            | Event::CarryBegin { .. }
            | Event::CarryEnd { .. }
            | Event::CarriedReceipt(_)
            | Event::CarriedKey(_)
            | Event::CarriedForm { .. }
            | Event::DeadAnew
            | Event::CarriedDead(_)
            | Event::Carried(Carried { body: CarriedBody::At(_), .. }) => {}
            // Its acceptance may be given up: from here on its text stands here.
            Event::Carried(Carried { of: Some(_), .. }) => {}
            Event::Carried(ref carried @ Carried { body: CarriedBody::Here(body), .. }) => {
                self.carried(carried, body.octets);
            }
            Event::Accepted { sequence, origin, again_of, body, .. } => {
                self.accepted(sequence, origin, body.octets);
                if let Some(of) = again_of {
                    self.touch(of, Kind::Step);
                }
            }
            Event::Intended { sequence, .. }
            | Event::Deferred { sequence, .. }
            | Event::Held { sequence, .. }
            | Event::Collected { sequence, .. }
            | Event::Joined { sequence, .. }
            | Event::Repeated { sequence } => self.touch(sequence, Kind::Step),
            Event::Sent { sequence, target, remote } => {
                self.touch(sequence, Kind::Sent);
                if let Target::Link(link) = target {
                    self.table.push(Key::remote(link, remote), self.offset, Kind::Sent);
                }
            }
            Event::Ended { sequence, .. }
            | Event::Notified { sequence, .. }
            | Event::Cancelled { sequence } => {
                self.touch(sequence, Kind::Ends);
            }
            Event::Receipt { sequence: Some(sequence), state, .. } => {
                self.touch(sequence, if state.is_final() { Kind::Ends } else { Kind::Step });
            }
            Event::Replaced { sequence, .. } | Event::Moved { sequence, .. } => {
                self.touch(sequence, Kind::Changed);
            }
            Event::Noticed { sequence, of, .. } => {
                self.touch(sequence, Kind::Step);
                self.touch(of, Kind::Step);
            }
        }
    }

    fn touch(&mut self, sequence: u64, kind: Kind) {
        self.table.push(Key::sequence(sequence), self.offset, kind);
    }

    fn accepted(&mut self, sequence: u64, origin: Origin, body: &[u8]) {
        let first = self.sequences.map_or(sequence, |(first, _)| first);
        self.sequences = Some((first, sequence));
        self.touch(sequence, Kind::Accepted);
        let [to, from, account] = keys(origin, body);
        self.table.push(to, self.offset, Kind::Accepted);
        if self.before == Some((from, account)) {
            return;
        }
        for key in [from, account, Key::ANY] {
            self.table.push(key, self.offset, Kind::Accepted);
        }
        self.before = Some((from, account));
    }

    fn carried(&mut self, carried: &Carried<'_>, body: &[u8]) {
        self.touch(carried.sequence, Kind::Carried);
        let [to, from, account] = keys(carried.lane.origin, body);
        for key in [to, from, account, Key::ANY] {
            self.table.push(key, self.offset, Kind::Carried);
        }
        if let Some(CarriedRemote { link, id, .. }) = carried.remote {
            self.table.push(Key::remote(link, id), self.offset, Kind::Carried);
        }
        self.table.carried();
    }
}

/// The keys of an acceptance: its numbers and its account.
fn keys(origin: Origin, body: &[u8]) -> [Key; 3] {
    let message = Message::read(body).unwrap_or_default();
    let account = match origin {
        Origin::Account(account) => Key::account(account),
        Origin::Link(_) => Key::ANY,
    };
    [Key::to(message.destination.digits), Key::from(message.source.digits), account]
}
