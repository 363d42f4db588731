//! One line of a talk.

use std::time::Duration;

use smpp_session::Role;

use super::words::{Words, Wrong, duration};

/// What a line says, its first words taken.
#[derive(Clone, Debug)]
pub(crate) enum Line<'a> {
    /// `session mc window_in=2`: the side that is tried, and its settings.
    Session(Words<'a>),
    /// `esme> ...`: a PDU of that side.
    Said(Role, Words<'a>),
    /// `esme>> 00 01 ..`, `mc>> ..`: octets of the peer.
    Octets(Words<'a>),
    /// `+30s`
    Wait(Duration),
    /// `told ...`: what the session tells its caller.
    Told(Words<'a>),
    /// `is ...`: how the session stands.
    Is(Words<'a>),
    /// `accept ...`, `ask ...`, and so on: what the caller does.
    Act(&'a str, Words<'a>),
}

impl<'a> Line<'a> {
    /// Nothing for an empty line, or one that is all comment.
    pub(crate) fn of(line: &'a str) -> Result<Option<Self>, Wrong> {
        let line = line.split(" # ").next().unwrap_or_default().trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        let mut words = Words::new(line);
        let first = words.next()?;
        Ok(Some(match first {
            "session" => Self::Session(words),
            "esme>" => Self::Said(Role::Esme, words),
            "mc>" => Self::Said(Role::Mc, words),
            "esme>>" | "mc>>" => Self::Octets(words),
            "told" => Self::Told(words),
            "is" => Self::Is(words),
            _ => match first.strip_prefix('+') {
                Some(time) => Self::Wait(duration(time)?),
                None => Self::Act(first, words),
            },
        }))
    }
}
