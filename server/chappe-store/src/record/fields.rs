//! Fields that several kinds of records have, both ways.

use chappe_core::lifecycle::State;
use chappe_core::{LongReceipt, Malformed, Reason};

use super::cursor::Cursor;
use super::part;
use crate::offer::Part;
use crate::row::{ErrorCode, Final};

pub(super) fn state(body: &mut Cursor<'_>) -> Result<State, Malformed> {
    State::from_code(body.u8("state")?).ok_or(Malformed { field: "state" })
}

pub(super) fn end(body: &mut Cursor<'_>) -> Result<Final, Malformed> {
    Ok(Final {
        state: state(body)?,
        error: ErrorCode(body.array("error")?),
        reason: Reason::from_number(body.u16("reason")?),
        at: body.time("end")?,
    })
}

pub(super) fn write_end(out: &mut Vec<u8>, ended: &Final) {
    let Final { state, error, reason, at } = ended;
    out.push(state.code());
    out.extend_from_slice(&error.0);
    out.extend_from_slice(&reason.map_or(0, chappe_core::Reason::number).to_le_bytes());
    out.extend_from_slice(&at.0.to_le_bytes());
}

pub(super) fn part_of(body: &mut Cursor<'_>) -> Result<Part, Malformed> {
    Ok(Part {
        group: body.u64("group")?,
        number: body.u8("part")?,
        total: body.u8("parts")?,
        until: body.time("parts until")?,
        collect: body.u8("collect")? & part::COLLECT != 0,
        receipt: LongReceipt::from_u8(body.u8("long receipt")?),
    })
}

pub(super) fn write_part(out: &mut Vec<u8>, part: &Part) {
    let Part { group, number, total, until, collect, receipt } = part;
    out.extend_from_slice(&group.to_le_bytes());
    out.extend_from_slice(&[*number, *total]);
    out.extend_from_slice(&until.0.to_le_bytes());
    out.push(if *collect { part::COLLECT } else { 0 });
    out.push(*receipt as u8);
}
