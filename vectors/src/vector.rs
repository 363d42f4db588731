//! One line of a file, and how its keys are read.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use crate::octets::unhex;

/// One vector.
#[derive(Debug)]
pub(crate) struct Vector(Map<String, Value>);

impl Vector {
    pub(crate) fn read(line: &str) -> Result<Self> {
        match serde_json::from_str(line)? {
            Value::Object(keys) => Ok(Self(keys)),
            other => bail!("no object: {other}"),
        }
    }

    pub(crate) fn id(&self) -> &str {
        self.string("id").unwrap_or("(without an id)")
    }

    pub(crate) fn kind(&self) -> &str {
        self.string("kind").unwrap_or("(without a kind)")
    }

    /// What is under a key; a `null` is nothing.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    pub(crate) fn string(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    pub(crate) fn text(&self, key: &str) -> Result<&str> {
        self.string(key).with_context(|| format!("has no text {key}"))
    }

    pub(crate) fn octets(&self, key: &str) -> Result<Vec<u8>> {
        unhex(self.text(key)?).with_context(|| key.to_owned())
    }

    pub(crate) fn list(&self, key: &str) -> Result<&[Value]> {
        let list = self.get(key).and_then(Value::as_array).with_context(|| format!("has no list {key}"))?;
        Ok(list)
    }

    /// A number that may be left out.
    pub(crate) fn number(&self, key: &str) -> Result<Option<usize>> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
        Ok(Some(number.with_context(|| format!("{key} is no number: {value}"))?))
    }

    /// An octet that may be left out, and is then `unless`.
    pub(crate) fn octet(&self, key: &str, unless: u8) -> Result<u8> {
        let number = self.number(key)?.unwrap_or(unless.into());
        u8::try_from(number).with_context(|| format!("{key} is {number}"))
    }

    /// What should come of it: `ok`, or the name of a fault.
    pub(crate) fn expects(&self) -> Result<&str> {
        self.text("expect")
    }

    pub(crate) fn is_true(&self, key: &str) -> bool {
        self.get(key) == Some(&Value::Bool(true))
    }

    /// Whether the vector holds in this direction; in each where it names none.
    pub(crate) fn goes(&self, directions: &[&str]) -> bool {
        let direction = self.string("direction").unwrap_or("both");
        direction == "both" || directions.contains(&direction)
    }
}
