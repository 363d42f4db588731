//! Alphabets both ways: text to octets, octets to text.

use anyhow::{Context, Result, bail, ensure};
use sms_text::gsm7::BadGsm7;
use sms_text::{Encoding, Language, Spelling, Tables};

use crate::octets::{hex, same};
use crate::vector::Vector;

/// How a vector of GSM 7-bit is spelt: with the default alphabet, or with tables of two languages by their ids.
pub(crate) fn tables(vector: &Vector) -> Result<Tables> {
    let language = |key| match vector.octet(key, 0)? {
        0 => Ok(None),
        id => Language::from_id(id).map(Some).with_context(|| format!("{key} is no language: {id}")),
    };
    Ok(Tables { locking: language("locking")?, shift: language("shift")? })
}

/// The octets of a text, or the name of the fault.
pub(crate) fn encode(spelling: Spelling, text: &str) -> Result<Vec<u8>, &'static str> {
    spelling.encode(text).ok_or("unencodable")
}

/// The text of octets, or the name of the fault: a generous reader minds only octets that stand for nothing.
pub(crate) fn decode(spelling: Spelling, octets: &[u8], strict: bool) -> Result<String, &'static str> {
    if strict && spelling.encoding == Encoding::Gsm7 {
        spelling.tables.check(octets).map_err(name)?;
    }
    let text = spelling.decode(octets);
    if text.contains(char::REPLACEMENT_CHARACTER) { Err("invalid_octet") } else { Ok(text) }
}

fn name(fault: BadGsm7) -> &'static str {
    match fault {
        BadGsm7::InvalidOctet { .. } => "invalid_octet",
        BadGsm7::LoneEscape => "lone_escape",
        BadGsm7::UnknownExtension { .. } => "unknown_extension",
        BadGsm7::Unassigned { .. } => "unassigned",
        _ => "another fault",
    }
}

pub(crate) fn gsm7(vector: &Vector) -> Result<()> {
    both_ways(vector, tables(vector)?.into())
}

pub(crate) fn ucs2(vector: &Vector) -> Result<()> {
    both_ways(vector, Encoding::Ucs2.into())
}

pub(crate) fn latin1(vector: &Vector) -> Result<()> {
    both_ways(vector, Encoding::Latin1.into())
}

pub(crate) fn ascii(vector: &Vector) -> Result<()> {
    both_ways(vector, Encoding::Ascii.into())
}

pub(crate) fn iso8859_5(vector: &Vector) -> Result<()> {
    both_ways(vector, Encoding::Cyrillic.into())
}

pub(crate) fn iso8859_8(vector: &Vector) -> Result<()> {
    both_ways(vector, Encoding::Hebrew.into())
}

fn both_ways(vector: &Vector, spelling: Spelling) -> Result<()> {
    let (text, hex) = (vector.string("text"), vector.get("hex"));
    ensure!(text.is_some() || hex.is_some(), "neither text nor hex to check");
    if vector.goes(&["encode"])
        && let Some(text) = text
    {
        encodes(spelling, text, vector).context("encode")?;
    }
    if vector.goes(&["decode"]) && hex.is_some() {
        decodes(spelling, &vector.octets("hex")?, vector).context("decode")?;
    }
    Ok(())
}

fn encodes(spelling: Spelling, text: &str, vector: &Vector) -> Result<()> {
    match (encode(spelling, text), vector.expects()?) {
        (Ok(octets), "ok") => {
            same(&octets, &vector.octets("hex")?)?;
            has_septets(vector, octets.len())
        }
        (Ok(octets), expect) => bail!("{} instead of {expect}", hex(&octets)),
        (Err(fault), expect) => {
            ensure!(fault == expect, "{fault} instead of {expect}");
            Ok(())
        }
    }
}

/// The number of septets, where the vector states it.
pub(crate) fn has_septets(vector: &Vector, septets: usize) -> Result<()> {
    let stated = vector.number("septet_count")?.unwrap_or(septets);
    ensure!(septets == stated, "{septets} septets instead of {stated}");
    Ok(())
}

fn decodes(spelling: Spelling, octets: &[u8], vector: &Vector) -> Result<()> {
    match (decode(spelling, octets, vector.is_true("strict")), vector.expects()?) {
        (Ok(text), "ok") => {
            let expected = vector.text("text")?;
            ensure!(text == expected, "{text:?} instead of {expected:?}");
            Ok(())
        }
        (Ok(text), expect) => bail!("{text:?} instead of {expect}"),
        (Err(fault), expect) => {
            // Only septets have faults with names of their own.
            let any = spelling.encoding != Encoding::Gsm7 && expect != "ok";
            ensure!(any || fault == expect, "{fault} instead of {expect}");
            Ok(())
        }
    }
}
