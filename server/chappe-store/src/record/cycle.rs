//! Octets to the events of a cycle.

use chappe_core::Malformed;

use super::carry::read_message;
use super::cursor::Cursor;
use super::event::Event;
use super::kind;
use super::layout::RecordAt;
use super::small::{read_dead, read_form, read_key, read_receipt};

/// Tells each event of a record of this kind, in order.
pub(super) fn each<'a>(
    kind: u8,
    body: &mut Cursor<'a>,
    mut tell: impl FnMut(Event<'a>),
) -> Result<(), Malformed> {
    match kind {
        kind::CARRY_BEGIN => {
            tell(Event::CarryBegin { next_sequence: body.u64("next sequence")? });
            for _ in 0..body.u32("count")? {
                tell(Event::Suspended { target: body.target()?, until: body.time("until")? });
            }
        }
        kind::CARRIED => {
            for _ in 0..body.u32("count")? {
                let sequence = body.sequence()?;
                tell(Event::Carried(read_message(body, sequence)?));
            }
        }
        kind::CARRIED_RECEIPTS => {
            for _ in 0..body.u32("count")? {
                tell(Event::CarriedReceipt(read_receipt(body)?));
            }
        }
        kind::CARRIED_KEYS => {
            for _ in 0..body.u32("count")? {
                tell(Event::CarriedKey(read_key(body)?));
            }
        }
        kind::CARRIED_FORMS => {
            for _ in 0..body.u32("count")? {
                let (link, form) = read_form(body)?;
                tell(Event::CarriedForm { link, form });
            }
        }
        kind::CARRIED_DEAD => dead(body, tell)?,
        kind::CARRY_END => {
            let began = RecordAt { segment: body.u32("segment")?, offset: body.u32("offset")? };
            tell(Event::CarryEnd { began });
        }
        _ => return Err(Malformed { field: "kind" }),
    }
    Ok(())
}

fn dead<'a>(body: &mut Cursor<'a>, mut tell: impl FnMut(Event<'a>)) -> Result<(), Malformed> {
    if body.u8("anew")? != 0 {
        tell(Event::DeadAnew);
    }
    for _ in 0..body.u32("count")? {
        if let Some(dead) = read_dead(body)? {
            tell(Event::CarriedDead(dead));
        }
    }
    Ok(())
}
