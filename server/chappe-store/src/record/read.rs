//! Octets to events.

use chappe_core::lifecycle::State;
use chappe_core::{Class, LinkId, Malformed, Reason, Target, Timestamp};

use super::cursor::Cursor;
use super::{Event, NameKind, deferral, kind, settlement};
use crate::row::{ErrorCode, Final};

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
                tell(Event::Replaced { sequence: body.u64("sequence")?, body: body.long("body")? })
            }
            _ => return Err(Malformed { field: "kind" }),
        }
        Ok(())
    }
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
            text_key: body.u32("text key")?,
            body: body.long("body")?,
        });
    }
    Ok(())
}

fn settled<'a>(body: &mut Cursor<'a>, target: Target) -> Result<Event<'a>, Malformed> {
    let sequence = body.sequence()?;
    Ok(match body.u8("settlement")? {
        settlement::SENT => Event::Sent { sequence, target, remote: body.short("remote id")? },
        settlement::DEFERRED => {
            let due = body.time("due")?;
            let reason = Reason::from_number(body.u16("reason")?);
            let bits = body.u8("deferral")?;
            let (counts, in_doubt) = (bits & deferral::COUNTS != 0, bits & deferral::IN_DOUBT != 0);
            Event::Deferred { sequence, target, due, reason, counts, in_doubt }
        }
        settlement::ENDED => Event::Ended { sequence, target, ended: end(body)? },
        settlement::NOTIFIED => Event::Notified { sequence, target },
        _ => return Err(Malformed { field: "settlement" }),
    })
}

fn state(body: &mut Cursor<'_>) -> Result<State, Malformed> {
    State::from_code(body.u8("state")?).ok_or(Malformed { field: "state" })
}

fn end(body: &mut Cursor<'_>) -> Result<Final, Malformed> {
    Ok(Final {
        state: state(body)?,
        error: ErrorCode(body.array("error")?),
        reason: Reason::from_number(body.u16("reason")?),
        at: body.time("end")?,
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
