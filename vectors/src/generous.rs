//! The default reader: it takes what peers really send, says what is wrong with it, and stays within the PDU.

use anyhow::{Result, anyhow, bail, ensure};
use smpp_wire::{FrameRef, Malformed, Pdu, Warnings, cut, strict};

use crate::strict::Account;

/// Octets of the longest PDU that a session takes unless it is told otherwise.
const LENGTH_MAX: usize = 70 << 10;

/// A PDU that stands behind another one.
const NEIGHBOUR: &[u8] = b"\0\0\0\x10\0\0\0\x15\0\0\0\0\0\0\0\x07";

/// Reads the first PDU of `octets`; `lenient` is what must come of it, where the vector says so.
pub(crate) fn check(octets: &[u8], account: &Account<'_>, lenient: Option<&str>) -> Result<()> {
    let frame = match cut(octets, LENGTH_MAX) {
        Ok(Some(frame)) => frame,
        // Beyond what a session takes a strict reader may still see a PDU.
        Err(bad) if (bad.length as usize) <= strict::LENGTH_MAX && bad.length >= 16 => return Ok(()),
        Ok(None) | Err(_) => {
            ensure!(account.frame.is_none(), "finds no PDU");
            ensure!(lenient != Some("ok"), "finds no PDU");
            return Ok(());
        }
    };
    ensure!(account.frame == Some(frame), "cuts another PDU");
    let view = frame.view();
    has_neighbour(frame, &view)?;
    match (lenient, view) {
        (Some("ok"), Err(malformed)) => bail!("refuses it: {malformed}"),
        (Some("ok"), Ok((pdu, warnings))) if account.verdict == "ok" => {
            as_by_the_book(account, &pdu, warnings)
        }
        (Some("ok") | None, _) => Ok(()),
        (Some(fault), Err(_)) => {
            ensure!(fault == account.verdict, "refuses it as {} and not as {fault}", account.verdict);
            Ok(())
        }
        (Some(fault), Ok(_)) => bail!("takes it, where it should be {fault}"),
    }
}

/// The same octets mean the same in front of another PDU, which is read in its turn.
fn has_neighbour(frame: FrameRef<'_>, alone: &Result<(Pdu<'_>, Warnings), Malformed>) -> Result<()> {
    let both = [frame.bytes(), NEIGHBOUR].concat();
    let first = cut(&both, LENGTH_MAX)?.ok_or_else(|| anyhow!("does not find it beside another PDU"))?;
    ensure!(first == frame && first.view() == *alone, "reads on into the next PDU");
    let next = cut(&both[first.bytes().len()..], LENGTH_MAX)?;
    ensure!(next.is_some_and(|next| next.view().is_ok()), "does not read the next PDU");
    Ok(())
}

/// A PDU by the book is read as by the book, with the same reservations.
fn as_by_the_book(account: &Account<'_>, pdu: &Pdu<'_>, warnings: Warnings) -> Result<()> {
    ensure!(account.pdu == Some(*pdu), "reads {pdu:?}");
    if account.decoded.contains_key("body") {
        return Ok(());
    }
    let noted = account.decoded.get("warnings").map(ToString::to_string).unwrap_or_default();
    for (flag, word) in FLAGS {
        let expected = noted.contains(word);
        ensure!(warnings.contains(*flag) == expected, "warns of {warnings:?}, a strict reader of {noted}");
    }
    Ok(())
}

/// A flag of the default reader, and the warning of the files that it stands for.
const FLAGS: &[(Warnings, &str)] = &[
    (Warnings::OVERLONG, "\"cstring_too_long:"),
    (Warnings::ODD_LENGTH, "\"cstring_bad_size:"),
    (Warnings::STATUS_IN_REQUEST, "\"status_in_request:"),
    (Warnings::SEQUENCE_RANGE, "\"sequence_number_range:"),
];
