//! The receipt text as we send it.

use super::date::Dates;
use super::state::State;
use crate::calendar::Stamp;
use crate::gsm7::ESCAPE;
use alloc::vec::Vec;

/// A receipt to write. Every value is valid; numbers beyond 999 are written as 999.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Receipt<'a> {
    /// The id the message was accepted under.
    pub id: &'a [u8],
    /// Short messages submitted.
    pub sub: u16,
    /// Short messages delivered.
    pub dlvrd: u16,
    /// When the message was accepted.
    pub submitted: Stamp,
    /// When it reached its state.
    pub done: Stamp,
    /// How exactly both are written.
    pub dates: Dates,
    /// The state it reached.
    pub state: State,
    /// The network's error, digits as a rule. Empty means none: zeros.
    pub err: &'a [u8],
    /// Characters of `err`, 3 in appendix B: it is padded with zeros, and leading zeros beyond are left out. What is
    /// longer without them is written whole.
    pub err_width: u8,
    /// The beginning of the message, of which at most [`TEXT_OCTETS_MAX`] octets are written, and no escape of GSM 7-bit
    /// without its septet.
    pub text: &'a [u8],
}

impl Default for Receipt<'_> {
    fn default() -> Self {
        Self {
            id: &[],
            sub: 0,
            dlvrd: 0,
            submitted: Stamp::default(),
            done: Stamp::default(),
            dates: Dates::Minutes,
            state: State::default(),
            err: &[],
            err_width: 3,
            text: &[],
        }
    }
}

impl Receipt<'_> {
    /// Appends the text to `out`.
    pub fn write(&self, out: &mut Vec<u8>) {
        let Self { id, err, text, .. } = *self;
        let text = beginning(text);
        out.reserve(
            KEY_ID.len() + id.len() + MIDDLE.len() + 4 + err.len().max(4) + KEY_TEXT.len() + text.len(),
        );
        out.extend_from_slice(KEY_ID);
        out.extend_from_slice(id);
        match self.dates {
            Dates::Minutes => out.extend_from_slice(&self.middle()),
            Dates::Seconds => self.write_long_middle(out),
        }
        write_error(err, usize::from(self.err_width), out);
        out.extend_from_slice(KEY_TEXT);
        out.extend_from_slice(text);
    }

    /// Everything between id and err has a fixed place: a copy of the form, filled in.
    fn middle(&self) -> [u8; MIDDLE.len()] {
        let mut form = *MIDDLE;
        form[SUB..SUB + 3].copy_from_slice(&three(self.sub));
        form[DLVRD..DLVRD + 3].copy_from_slice(&three(self.dlvrd));
        form[SUBMITTED..SUBMITTED + 10].copy_from_slice(&self.submitted.minute.digits());
        form[DONE..DONE + 10].copy_from_slice(&self.done.minute.digits());
        form[STAT..STAT + 7].copy_from_slice(self.state.stat().as_bytes());
        form
    }

    /// The same with the seconds behind each date.
    fn write_long_middle(&self, out: &mut Vec<u8>) {
        let form = self.middle();
        out.extend_from_slice(&form[..SUBMITTED]);
        out.extend_from_slice(&self.submitted.digits());
        out.extend_from_slice(&form[SUBMITTED + 10..DONE]);
        out.extend_from_slice(&self.done.digits());
        out.extend_from_slice(&form[DONE + 10..]);
    }
}

fn write_error(err: &[u8], width: usize, out: &mut Vec<u8>) {
    // Letters make it a word of the network's own, whose zeros may mean something.
    let is_number = err.iter().all(u8::is_ascii_digit);
    let spare = if is_number { err.len().saturating_sub(width) } else { 0 };
    let zeros = err.iter().take(spare).take_while(|digit| **digit == b'0').count();
    let err = &err[zeros..];
    out.extend(core::iter::repeat_n(b'0', width.saturating_sub(err.len())));
    out.extend_from_slice(err);
}

/// Octets of the message's text that a receipt repeats (SMPP 3.4 appendix B).
pub const TEXT_OCTETS_MAX: usize = 20;

fn beginning(text: &[u8]) -> &[u8] {
    let Some((mut beginning, [_, ..])) = text.split_at_checked(TEXT_OCTETS_MAX) else {
        return text;
    };
    while let [before @ .., ESCAPE] = beginning {
        beginning = before;
    }
    beginning
}

fn three(number: u16) -> [u8; 3] {
    let number = number.min(999);
    [number / 100, number / 10 % 10, number % 10].map(|digit| b'0' + digit as u8)
}

const KEY_ID: &[u8] = b"id:";
const MIDDLE: &[u8; 80] = b" sub:SSS dlvrd:DDD submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DDDDDDD err:";
const KEY_TEXT: &[u8] = b" text:";

const SUB: usize = 5;
const DLVRD: usize = 15;
const SUBMITTED: usize = 31;
const DONE: usize = 52;
const STAT: usize = 68;
