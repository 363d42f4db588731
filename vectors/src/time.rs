//! Times.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use sms_text::{Century, Span, Time};

use crate::vector::Vector;

pub(crate) fn time(vector: &Vector) -> Result<()> {
    let input = vector.text("input")?;
    let time = Time::read_strict(input.as_bytes(), Century::PIVOT_38);
    match (vector.expects()?, time) {
        // No time at all is for the field's owner to see.
        ("empty", time) => ensure!(input.is_empty() && time.is_err(), "{time:?} instead of nothing"),
        ("invalid", time) => ensure!(time.is_err(), "{time:?} instead of invalid"),
        ("ok", time) => is_meant(vector, time?)?,
        (expect, time) => bail!("{time:?} instead of {expect}"),
    }
    Ok(())
}

fn is_meant(vector: &Vector, time: Time) -> Result<()> {
    match time {
        Time::Absolute { tenths, .. } => {
            let utc = format!("{}.{tenths}Z", time.utc().context("no time of UTC")?);
            let expected = vector.text("utc")?;
            ensure!(same_instant(&utc, expected), "{utc} instead of {expected}");
        }
        Time::Relative(span) => {
            let Span { years, months, days, hours, minutes, seconds } = span;
            let found = json!([years, months, days, hours, minutes, seconds]);
            let expected = vector.get("relative").context("is not relative")?;
            ensure!(found == *expected, "{found} instead of {expected}");
            let fixed = vector.get("fixed_units_seconds").and_then(Value::as_f64);
            ensure!(
                fixed.is_none_or(|fixed| fixed == span.fixed_seconds() as f64),
                "{} seconds of fixed units instead of {fixed:?}",
                span.fixed_seconds()
            );
        }
        Time::Local(stamp) => bail!("{stamp} without a zone"),
    }
    writes_back(vector.text("input")?, time)
}

/// A fraction that is zero may be left out.
fn same_instant(found: &str, expected: &str) -> bool {
    found == expected || found.strip_suffix(".0Z") == expected.strip_suffix('Z')
}

/// What was read is written with the same digits, but for those that mean nothing.
fn writes_back(input: &str, time: Time) -> Result<()> {
    let (written, digits) = match time {
        Time::Relative(span) => (span.octets(), 12),
        Time::Absolute { stamp, quarters, .. } => (stamp.absolute(quarters), 12),
        Time::Local(_) => return Ok(()),
    };
    let same = input.as_bytes().get(..digits) == written.get(..digits);
    ensure!(same, "written as {}", String::from_utf8_lossy(&written));
    Ok(())
}
