//! The receipt text as we send it.

use super::date::Minute;
use super::state::State;
use alloc::vec::Vec;

/// A receipt to write. Every value is valid; numbers beyond 999 are written as 999.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Receipt<'a> {
    /// The id the message was accepted under.
    pub id: &'a [u8],
    /// Short messages submitted.
    pub sub: u16,
    /// Short messages delivered.
    pub dlvrd: u16,
    /// When the message was accepted.
    pub submitted: Minute,
    /// When it reached its state.
    pub done: Minute,
    /// The state it reached.
    pub state: State,
    /// The network's error, digits as a rule; padded with zeros to three. Empty means none: `000`.
    pub err: &'a [u8],
    /// The beginning of the message, of which at most [`TEXT_OCTETS_MAX`] octets are written.
    pub text: &'a [u8],
}

impl Receipt<'_> {
    /// Appends the text to `out`.
    pub fn write(&self, out: &mut Vec<u8>) {
        let Self { id, sub, dlvrd, submitted, done, state, err, text } = *self;
        let text = text.get(..TEXT_OCTETS_MAX).unwrap_or(text);
        out.reserve(KEY_ID.len() + id.len() + MIDDLE.len() + err.len().max(3) + KEY_TEXT.len() + text.len());
        out.extend_from_slice(KEY_ID);
        out.extend_from_slice(id);
        out.extend_from_slice(&middle(sub, dlvrd, submitted, done, state));
        out.extend_from_slice(&b"000"[err.len().min(3)..]);
        out.extend_from_slice(err);
        out.extend_from_slice(KEY_TEXT);
        out.extend_from_slice(text);
    }
}

/// Octets of the message's text that a receipt repeats (SMPP 3.4 appendix B).
pub const TEXT_OCTETS_MAX: usize = 20;

/// Everything between id and err has a fixed place: a copy of the form, filled in.
fn middle(sub: u16, dlvrd: u16, submitted: Minute, done: Minute, state: State) -> [u8; MIDDLE.len()] {
    let mut form = *MIDDLE;
    form[SUB..SUB + 3].copy_from_slice(&three(sub));
    form[DLVRD..DLVRD + 3].copy_from_slice(&three(dlvrd));
    form[SUBMITTED..SUBMITTED + 10].copy_from_slice(&submitted.digits());
    form[DONE..DONE + 10].copy_from_slice(&done.digits());
    form[STAT..STAT + 7].copy_from_slice(state.stat().as_bytes());
    form
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
