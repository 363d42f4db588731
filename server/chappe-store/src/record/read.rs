//! Octets to events.

use chappe_core::{AccountId, Class, LinkId, Malformed, Reason, Target, Timestamp};

use super::body::Body;
use super::cursor::Cursor;
use super::cycle;
use super::event::{Again, Event};
use super::fields::{end, part_of, state};
use super::state::{Carried, CarriedBody};
use super::{NameKind, deferral, item, kind, settlement};
use crate::offer::DuplicateKey;
use crate::row::ErrorCode;

/// A record, ready to tell its events.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    /// When all of it happened.
    pub time: Timestamp,
    kind: u8,
    body: Cursor<'a>,
}

impl std::fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Record").field("time", &self.time).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl<'a> Record<'a> {
    /// Reads the head.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when it ends early.
    pub fn read(octets: &'a [u8]) -> Result<Self, Malformed> {
        let mut body = Cursor::new(octets);
        let kind = body.u8("kind")?;
        let time = body.time("time")?;
        Ok(Self { time, kind, body })
    }

    /// Tells each body of a record that can hold any, in order, without the rest: what a store seals or opens.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when the record ends early; the bodies before it were told.
    pub fn bodies(&self, mut tell: impl FnMut(Body<'a>)) -> Result<(), Malformed> {
        if !matches!(
            self.kind,
            kind::ACCEPTED | kind::ACCEPTED2 | kind::REPLACED2 | kind::NOTICED | kind::CARRIED
        ) {
            return Ok(());
        }
        self.each(|event| match event {
            Event::Accepted { body, .. } | Event::Replaced { body, .. } | Event::Noticed { body, .. } => {
                tell(body);
            }
            Event::Carried(Carried { body: CarriedBody::Here(body), .. }) => tell(body),
            _ => {}
        })
    }

    /// Tells each event, in order.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when the record ends early or is of an unknown kind; the events before it were told.
    pub fn each(&self, mut tell: impl FnMut(Event<'a>)) -> Result<(), Malformed> {
        let mut body = self.body;
        match self.kind {
            kind::NAMED => tell(named(&mut body)?),
            kind::ACCEPTED => accepted(&mut body, tell)?,
            kind::ACCEPTED2 => accepted2(&mut body, tell)?,
            kind::INTENDED => {
                let target = body.target()?;
                for _ in 0..body.u32("count")? {
                    tell(Event::Intended { sequence: body.sequence()?, target });
                }
            }
            kind::SETTLED => {
                let target = body.target()?;
                for _ in 0..body.u32("count")? {
                    tell(settled(&mut body, target)?);
                }
            }
            kind::RECEIPTS => {
                let link = LinkId(body.u32("link")?);
                for _ in 0..body.u32("count")? {
                    tell(receipt(&mut body, link)?);
                }
            }
            kind::CANCELLED => tell(Event::Cancelled { sequence: body.u64("sequence")? }),
            kind::REPLACED => {
                tell(Event::Replaced { sequence: body.u64("sequence")?, body: body.body_without_key()? })
            }
            kind::REPLACED2 => tell(Event::Replaced { sequence: body.u64("sequence")?, body: body.body()? }),
            kind::MOVED => {
                let from = body.target()?;
                for _ in 0..body.u32("count")? {
                    let sequence = body.sequence()?;
                    tell(moved(&mut body, sequence, from)?);
                }
            }
            kind::NOTICED => tell(noticed(&mut body)?),
            kind::SUSPENDED => {
                tell(Event::Suspended { target: body.target()?, until: body.time("until")? });
            }
            kind::REPEATED => {
                for _ in 0..body.u32("count")? {
                    tell(Event::Repeated { sequence: body.sequence()? });
                }
            }
            kind::COLLECTED => collected(&mut body, tell)?,
            kind::JOINED => joined(&mut body, tell)?,
            kind::GIVEN_UP => {
                tell(Event::GivenUp { link: LinkId(body.u32("link")?), remote: body.short("remote id")? });
            }
            _ => cycle::each(self.kind, &mut body, tell)?,
        }
        Ok(())
    }
}

/// The parts come in their order, and leave a microsecond after each other, so that they stay in it.
fn collected<'a>(body: &mut Cursor<'a>, mut tell: impl FnMut(Event<'a>)) -> Result<(), Malformed> {
    let mut due = body.time("due")?;
    for _ in 0..body.u32("count")? {
        due = Timestamp(due.0.saturating_add(1));
        tell(Event::Collected { sequence: body.sequence()?, due });
    }
    Ok(())
}

fn joined<'a>(body: &mut Cursor<'a>, mut tell: impl FnMut(Event<'a>)) -> Result<(), Malformed> {
    let mut told = if body.u8("told")? == 0 { None } else { Some(end(body)?) };
    for _ in 0..body.u32("count")? {
        tell(Event::Joined { sequence: body.sequence()?, told: told.take() });
    }
    Ok(())
}

fn named<'a>(body: &mut Cursor<'a>) -> Result<Event<'a>, Malformed> {
    let kind = match body.u8("name kind")? {
        1 => NameKind::Account,
        2 => NameKind::Link,
        _ => return Err(Malformed { field: "name kind" }),
    };
    let number = body.u32("number")?;
    let name = str::from_utf8(body.long("name")?).map_err(|_| Malformed { field: "name" })?;
    Ok(Event::Named { kind, number, name })
}

fn accepted<'a>(body: &mut Cursor<'a>, mut tell: impl FnMut(Event<'a>)) -> Result<(), Malformed> {
    let origin = body.origin()?;
    let policy = body.u32("policy")?;
    let first = body.u64("first sequence")?;
    for at in 0..u64::from(body.u32("count")?) {
        tell(Event::Accepted {
            sequence: first.wrapping_add(at),
            origin,
            target: body.target()?,
            class: Class::from_u8(body.u8("class")?),
            policy,
            price: body.array("price").map(i64::from_le_bytes)?,
            due: Timestamp::ZERO,
            duplicate: None,
            part: None,
            again_of: None,
            body: body.body()?,
        });
    }
    Ok(())
}

fn accepted2<'a>(body: &mut Cursor<'a>, mut tell: impl FnMut(Event<'a>)) -> Result<(), Malformed> {
    let origin = body.origin()?;
    let policy = body.u32("policy")?;
    let first = body.u64("first sequence")?;
    for at in 0..u64::from(body.u32("count")?) {
        let bits = body.u8("item")?;
        let has = |bit| bits & bit != 0;
        tell(Event::Accepted {
            sequence: first.wrapping_add(at),
            origin,
            target: body.target()?,
            class: Class::from_u8(body.u8("class")?),
            policy,
            price: if has(item::PRICE) { body.array("price").map(i64::from_le_bytes)? } else { 0 },
            due: if has(item::DUE) { body.time("due")? } else { Timestamp::ZERO },
            duplicate: if has(item::DUPLICATE) { Some(duplicate(body)?) } else { None },
            part: if has(item::PART) { Some(part_of(body)?) } else { None },
            again_of: if has(item::AGAIN) { Some(body.u64("again")?) } else { None },
            body: body.body()?,
        });
    }
    Ok(())
}

fn duplicate(body: &mut Cursor<'_>) -> Result<DuplicateKey, Malformed> {
    let key = body.array("duplicate key").map(u128::from_le_bytes)?;
    Ok(DuplicateKey { key, until: body.time("duplicate until")? })
}

fn again(body: &mut Cursor<'_>) -> Result<Again, Malformed> {
    let due = body.time("due")?;
    let reason = Reason::from_number(body.u16("reason")?);
    let bits = body.u8("deferral")?;
    let has = |bit| bits & bit != 0;
    let (counts, in_doubt) = (has(deferral::COUNTS), has(deferral::IN_DOUBT));
    Ok(Again { due, reason, counts, in_doubt, by_hand: has(deferral::BY_HAND) })
}

fn moved<'a>(body: &mut Cursor<'a>, sequence: u64, from: Target) -> Result<Event<'a>, Malformed> {
    let target = body.target()?;
    Ok(Event::Moved { sequence, from, target, again: again(body)? })
}

fn noticed<'a>(body: &mut Cursor<'a>) -> Result<Event<'a>, Malformed> {
    Ok(Event::Noticed {
        sequence: body.u64("sequence")?,
        of: body.u64("of")?,
        account: AccountId(body.u32("account")?),
        ended: end(body)?,
        body: body.body()?,
    })
}

fn settled<'a>(body: &mut Cursor<'a>, target: Target) -> Result<Event<'a>, Malformed> {
    let sequence = body.sequence()?;
    Ok(match body.u8("settlement")? {
        settlement::SENT => Event::Sent { sequence, target, remote: body.short("remote id")? },
        settlement::DEFERRED => Event::Deferred { sequence, target, again: again(body)? },
        settlement::MOVED => moved(body, sequence, target)?,
        settlement::HELD => {
            Event::Held { sequence, target, reason: Reason::from_number(body.u16("reason")?) }
        }
        settlement::ENDED => Event::Ended { sequence, target, ended: end(body)? },
        settlement::NOTIFIED => Event::Notified { sequence, target },
        _ => return Err(Malformed { field: "settlement" }),
    })
}

fn receipt<'a>(body: &mut Cursor<'a>, link: LinkId) -> Result<Event<'a>, Malformed> {
    let known = body.u8("matched")? != 0;
    let sequence = body.sequence()?;
    Ok(Event::Receipt {
        sequence: known.then_some(sequence),
        link,
        state: state(body)?,
        error: ErrorCode(body.array("error")?),
        remote: body.short("remote id")?,
        raw: body.short("raw")?,
    })
}
