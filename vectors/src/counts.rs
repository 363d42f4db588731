//! What a text takes: whether GSM 7-bit has it, its septets, its parts.

use anyhow::{Context, Result, ensure};

use crate::alphabet::{encode, tables};
use crate::split::Cut;
use crate::vector::Vector;

pub(crate) fn gsm7_check(vector: &Vector) -> Result<()> {
    let verdict = match encode(tables(vector)?.into(), vector.text("text")?) {
        Ok(_) => "gsm7",
        Err(fault) => fault,
    };
    let expect = vector.expects()?;
    // Some files may say `ok` for what others call by its alphabet.
    ensure!(verdict == expect || (verdict, expect) == ("gsm7", "ok"), "{verdict} instead of {expect}");
    Ok(())
}

pub(crate) fn septet_count(vector: &Vector) -> Result<()> {
    let septets = encode(tables(vector)?.into(), vector.text("text")?);
    if let Some(fault) = fault(vector) {
        ensure!(septets.as_ref().err() == Some(&fault), "{septets:?} instead of {fault}");
        return Ok(());
    }
    let septets = septets.map_err(anyhow::Error::msg)?.len();
    let expected = stated(vector, &["count", "septets", "septet_count", "length"])?;
    ensure!(septets == expected, "{septets} instead of {expected}");
    Ok(())
}

pub(crate) fn part_count(vector: &Vector) -> Result<()> {
    let parts = Cut::of(vector)?.parts();
    if let Some(fault) = fault(vector) {
        ensure!(
            parts.as_ref().is_err_and(|error| error.to_string() == fault),
            "{parts:?} instead of {fault}"
        );
        return Ok(());
    }
    let parts = parts?.len();
    let expected = stated(vector, &["count", "parts", "part_count", "segments"])?;
    ensure!(parts == expected, "{parts} instead of {expected}");
    Ok(())
}

/// The fault a vector expects, if it expects one.
fn fault(vector: &Vector) -> Option<&str> {
    vector.string("expect").filter(|expect| *expect != "ok" && expect.parse::<usize>().is_err())
}

/// The number that a vector states: under one of `keys`, or as what it expects.
fn stated(vector: &Vector, keys: &[&str]) -> Result<usize> {
    for key in keys {
        match vector.get(key) {
            Some(value) if value.is_array() => return Ok(vector.list(key)?.len()),
            Some(_) => return vector.number(key)?.context("no number"),
            None => {}
        }
    }
    match vector.string("expect") {
        Some(expect) => expect.parse().context("no number under a name that is known"),
        None => vector.number("expect")?.context("no number under a name that is known"),
    }
}
