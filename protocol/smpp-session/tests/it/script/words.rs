//! The words of a line: bare, `key=value`, or `"text"`.

use std::time::Duration;

use smpp_wire::{CommandId, CommandStatus, InterfaceVersion, STATUSES};

/// What is wrong with a line, or with what the session did.
pub(crate) type Wrong = String;

/// The words of one line, taken from the left.
#[derive(Clone, Debug)]
pub(crate) struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    pub(crate) fn new(line: &'a str) -> Self {
        Self { rest: line.trim() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next word; a text in quotation marks is one, and keeps them.
    pub(crate) fn next(&mut self) -> Result<&'a str, Wrong> {
        let mut quoted = false;
        let end = self.rest.find(|letter: char| {
            quoted ^= letter == '"';
            letter.is_whitespace() && !quoted
        });
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest.trim_start();
        if word.is_empty() { Err("the line ends too early".to_owned()) } else { Ok(word) }
    }

    /// Takes the next word if it is this one.
    pub(crate) fn take(&mut self, word: &str) -> bool {
        let mut ahead = self.clone();
        let taken = ahead.next() == Ok(word);
        if taken {
            *self = ahead;
        }
        taken
    }

    /// All that is left.
    pub(crate) fn rest(&mut self) -> &'a str {
        std::mem::take(&mut self.rest)
    }

    pub(crate) fn end(&self) -> Result<(), Wrong> {
        if self.rest.is_empty() { Ok(()) } else { Err(format!("what is {:?}?", self.rest)) }
    }

    pub(crate) fn number(&mut self) -> Result<u32, Wrong> {
        number(self.next()?)
    }

    /// `#7`
    pub(crate) fn sequence(&mut self) -> Result<u32, Wrong> {
        let word = self.next()?;
        number(word.strip_prefix('#').ok_or_else(|| format!("{word:?} is no #number"))?)
    }

    pub(crate) fn command(&mut self) -> Result<CommandId, Wrong> {
        command(self.next()?)
    }

    pub(crate) fn status(&mut self) -> Result<CommandStatus, Wrong> {
        status(self.next()?)
    }

    pub(crate) fn duration(&mut self) -> Result<Duration, Wrong> {
        duration(self.next()?)
    }
}

pub(crate) fn number(word: &str) -> Result<u32, Wrong> {
    let parsed = match word.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => word.parse(),
    };
    parsed.map_err(|_| format!("{word:?} is no number"))
}

pub(crate) fn command(word: &str) -> Result<CommandId, Wrong> {
    let row = smpp_wire::COMMANDS.iter().find(|row| row.name == word);
    row.map_or_else(|| number(word).map(CommandId), |row| Ok(row.id))
}

/// `ok`, a name, or a number.
pub(crate) fn status(word: &str) -> Result<CommandStatus, Wrong> {
    if word == "ok" {
        return Ok(CommandStatus::OK);
    }
    let row = STATUSES.iter().find(|row| row.name == word);
    row.map_or_else(|| number(word).map(CommandStatus), |row| Ok(row.code))
}

/// `3.4`, or a number.
pub(crate) fn version(word: &str) -> Result<InterfaceVersion, Wrong> {
    match word {
        "3.3" => Ok(InterfaceVersion::V3_3),
        "3.4" => Ok(InterfaceVersion::V3_4),
        "5.0" => Ok(InterfaceVersion::V5_0),
        other => octet(other).map(InterfaceVersion),
    }
}

pub(crate) fn octet(word: &str) -> Result<u8, Wrong> {
    u8::try_from(number(word)?).map_err(|_| format!("{word:?} is no octet"))
}

/// `30s` or `500ms`.
pub(crate) fn duration(word: &str) -> Result<Duration, Wrong> {
    if let Some(digits) = word.strip_suffix("ms") {
        return Ok(Duration::from_millis(number(digits)?.into()));
    }
    match word.strip_suffix('s') {
        Some(digits) => Ok(Duration::from_secs(number(digits)?.into())),
        None => Err(format!("{word:?} is no time: 30s, 500ms")),
    }
}
