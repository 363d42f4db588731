//! What a cycle carries beside messages: receipts that fit none, how carriers write ids, keys of duplicates, failures.

use chappe_core::lifecycle::State;
use chappe_core::{LinkId, Malformed, Reason, Target, Timestamp};

use super::cursor::{Cursor, write_origin, write_short, write_target};
use super::kind;
use super::state::{CarriedKey, CarriedReceipt};
use super::write::{begin, count};
use crate::history::{Dead, IdForm};
use crate::row::ErrorCode;

pub(crate) fn carried_receipts<'a>(
    out: &mut Vec<u8>,
    now: Timestamp,
    receipts: impl ExactSizeIterator<Item = CarriedReceipt<'a>>,
) {
    begin(out, kind::CARRIED_RECEIPTS, now);
    count(out, receipts.len());
    for receipt in receipts {
        let CarriedReceipt { link, at, given_up, state, error, remote, raw } = receipt;
        out.extend_from_slice(&link.0.to_le_bytes());
        out.extend_from_slice(&at.0.to_le_bytes());
        out.extend_from_slice(&[u8::from(given_up), state.code()]);
        out.extend_from_slice(&error.0);
        write_short(out, remote);
        write_short(out, raw);
    }
}

pub(super) fn read_receipt<'a>(body: &mut Cursor<'a>) -> Result<CarriedReceipt<'a>, Malformed> {
    Ok(CarriedReceipt {
        link: LinkId(body.u32("link")?),
        at: body.time("came")?,
        given_up: body.u8("given up")? != 0,
        state: State::from_code(body.u8("state")?).ok_or(Malformed { field: "state" })?,
        error: ErrorCode(body.array("error")?),
        remote: body.short("remote id")?,
        raw: body.short("raw")?,
    })
}

pub(crate) fn carried_keys(
    out: &mut Vec<u8>,
    now: Timestamp,
    keys: impl ExactSizeIterator<Item = CarriedKey>,
) {
    begin(out, kind::CARRIED_KEYS, now);
    count(out, keys.len());
    for CarriedKey { origin, key, sequence, until } in keys {
        write_origin(out, origin);
        out.extend_from_slice(&key.to_le_bytes());
        out.extend_from_slice(&sequence.to_le_bytes());
        out.extend_from_slice(&until.0.to_le_bytes());
    }
}

pub(super) fn read_key(body: &mut Cursor<'_>) -> Result<CarriedKey, Malformed> {
    Ok(CarriedKey {
        origin: body.origin()?,
        key: body.array("duplicate key").map(u128::from_le_bytes)?,
        sequence: body.u64("sequence")?,
        until: body.time("duplicate until")?,
    })
}

pub(crate) fn carried_forms(
    out: &mut Vec<u8>,
    now: Timestamp,
    forms: impl ExactSizeIterator<Item = (LinkId, IdForm)>,
) {
    begin(out, kind::CARRIED_FORMS, now);
    count(out, forms.len());
    for (link, form) in forms {
        out.extend_from_slice(&link.0.to_le_bytes());
        out.push(form as u8);
    }
}

pub(super) fn read_form(body: &mut Cursor<'_>) -> Result<(LinkId, IdForm), Malformed> {
    let link = LinkId(body.u32("link")?);
    let form = IdForm::from_u8(body.u8("id form")?);
    Ok((link, form.ok_or(Malformed { field: "id form" })?))
}

/// `anew`: those that were listed before are not listed any more.
pub(crate) fn carried_dead<'a>(
    out: &mut Vec<u8>,
    now: Timestamp,
    anew: bool,
    dead: impl ExactSizeIterator<Item = &'a Dead>,
) {
    begin(out, kind::CARRIED_DEAD, now);
    out.push(u8::from(anew));
    count(out, dead.len());
    for Dead { sequence, target, reason, at } in dead {
        out.extend_from_slice(&sequence.to_le_bytes());
        write_target(out, *target);
        out.extend_from_slice(&reason.number().to_le_bytes());
        out.extend_from_slice(&at.0.to_le_bytes());
    }
}

/// `None` for a reason of a later version.
pub(super) fn read_dead(body: &mut Cursor<'_>) -> Result<Option<Dead>, Malformed> {
    let (sequence, target): (_, Target) = (body.u64("sequence")?, body.target()?);
    let reason = Reason::from_number(body.u16("reason")?);
    let at = body.time("end")?;
    Ok(reason.map(|reason| Dead { sequence, target, reason, at }))
}
