//! Texts of delivery receipts.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use sms_text::receipt::{self, ReadReceipt};

use crate::vector::Vector;

pub(crate) fn receipt(vector: &Vector) -> Result<()> {
    let input = vector.text("input")?;
    let read = receipt::read(input.as_bytes());
    if vector.expects()? != "ok" {
        ensure!(read.is_none(), "read as a receipt: {read:?}");
        return Ok(());
    }
    // The vector knows that it is one, whatever it has of one.
    let read = receipt::read_fields(input.as_bytes());
    let empty = Value::Object(serde_json::Map::new());
    let fields = vector.get("fields").unwrap_or(&empty).as_object().context("fields are no object")?;
    for name in fields.keys() {
        ensure!(NAMES.contains(&name.as_str()), "a field that no receipt has: {name}");
    }
    for name in NAMES {
        let expected = fields.get(*name).filter(|value| !value.is_null()).map(|value| match value.as_str() {
            Some(text) => text.to_owned(),
            None => value.to_string(),
        });
        let found = field(&read, name)?.map(|octets| String::from_utf8_lossy(octets).into_owned());
        ensure!(found == expected, "{name} is {found:?} instead of {expected:?}");
    }
    Ok(())
}

const NAMES: &[&str] = &["id", "sub", "dlvrd", "submit_date", "done_date", "stat", "err", "text"];

fn field<'a>(read: &ReadReceipt<'a>, name: &str) -> Result<Option<&'a [u8]>> {
    Ok(match name {
        "id" => read.id,
        "sub" => read.sub,
        "dlvrd" => read.dlvrd,
        "submit_date" => read.submit_date,
        "done_date" => read.done_date,
        "stat" => read.stat,
        "err" => read.err,
        "text" => read.text,
        other => bail!("a field that no receipt has: {other}"),
    })
}
