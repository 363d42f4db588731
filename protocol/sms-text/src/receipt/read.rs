//! The receipt text as carriers send it.

use super::scan::{Found, Key, is_blank, keys};
use super::state::State;
use crate::calendar::Stamp;

/// What a receipt says, word for word. A key that is missing is unknown, not an error.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ReadReceipt<'a> {
    /// The id, opaque: decimal, hexadecimal, a UUID, padded, with spaces inside; empty where the key stands alone.
    pub id: Option<&'a [u8]>,
    /// Short messages submitted.
    pub sub: Option<&'a [u8]>,
    /// Short messages delivered.
    pub dlvrd: Option<&'a [u8]>,
    /// When the message was submitted; [`submitted`](Self::submitted) reads it.
    pub submit_date: Option<&'a [u8]>,
    /// When it reached its state; [`done`](Self::done) reads it.
    pub done_date: Option<&'a [u8]>,
    /// Its state in the carrier's word; [`state`](Self::state) reads it.
    pub stat: Option<&'a [u8]>,
    /// The network's error: any characters, and the meaning is the carrier's.
    pub err: Option<&'a [u8]>,
    /// The beginning of the message, any octets.
    pub text: Option<&'a [u8]>,
}

impl<'a> ReadReceipt<'a> {
    /// The state; `None` where it is missing or a word of the carrier's own, which [`stat`](Self::stat) keeps.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        State::from_stat(self.stat?)
    }

    /// When the message was submitted, in the carrier's zone.
    #[must_use]
    pub fn submitted(&self) -> Option<Stamp> {
        Stamp::read(self.submit_date?)
    }

    /// When it reached its state, in the carrier's zone.
    #[must_use]
    pub fn done(&self) -> Option<Stamp> {
        Stamp::read(self.done_date?)
    }

    fn slot(&mut self, key: Key) -> &mut Option<&'a [u8]> {
        match key {
            Key::Id => &mut self.id,
            Key::Sub => &mut self.sub,
            Key::Dlvrd => &mut self.dlvrd,
            Key::SubmitDate => &mut self.submit_date,
            Key::DoneDate => &mut self.done_date,
            Key::Stat => &mut self.stat,
            Key::Err => &mut self.err,
            Key::Text => &mut self.text,
        }
    }
}

/// Reads a receipt text: any order, any case, any key missing. `None` where no key but `text` is there: such a text is
/// no receipt.
#[must_use]
pub fn read(octets: &[u8]) -> Option<ReadReceipt<'_>> {
    let receipt = read_fields(octets);
    let ReadReceipt { id, sub, dlvrd, submit_date, done_date, stat, err, text: _ } = receipt;
    [id, sub, dlvrd, submit_date, done_date, stat, err].iter().any(Option::is_some).then_some(receipt)
}

/// Reads the fields of a text that is known to be a receipt, as many as there are.
///
/// What follows the first `text:` is text, keys in it included; only an id or a stat that is missing before is
/// looked for there. The octets are those of the message without a header, in an alphabet that has ASCII in
/// its place (GSM 7-bit will do; decode UCS-2 first).
#[must_use]
pub fn read_fields(octets: &[u8]) -> ReadReceipt<'_> {
    read_in_order(octets).unwrap_or_else(|| read_in_any_order(octets))
}

/// The form of appendix B to the letter, in one pass; `None` for any deviation.
fn read_in_order(octets: &[u8]) -> Option<ReadReceipt<'_>> {
    let (id, rest) = word(octets.strip_prefix(b"id:")?)?;
    let (sub, rest) = word(rest.strip_prefix(b"sub:")?)?;
    let (dlvrd, rest) = word(rest.strip_prefix(b"dlvrd:")?)?;
    let (submit_date, rest) = word(rest.strip_prefix(b"submit date:")?)?;
    let (done_date, rest) = word(rest.strip_prefix(b"done date:")?)?;
    let (stat, rest) = word(rest.strip_prefix(b"stat:")?)?;
    let (err, rest) = word(rest.strip_prefix(b"err:")?)?;
    let text = rest.strip_prefix(b"text:").or_else(|| rest.strip_prefix(b"Text:"))?;
    Some(ReadReceipt {
        id: Some(id),
        sub: Some(sub),
        dlvrd: Some(dlvrd),
        submit_date: Some(submit_date),
        done_date: Some(done_date),
        stat: Some(stat),
        err: Some(err),
        text: Some(without_first_space(text)),
    })
}

/// A value up to its space, and what follows; `None` where a control or a colon comes first.
fn word(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = octets.iter().position(|&octet| octet <= b' ' || octet == b':')?;
    let (value, rest) = octets.split_at(end);
    Some((value, rest.strip_prefix(b" ")?))
}

fn read_in_any_order(octets: &[u8]) -> ReadReceipt<'_> {
    let mut receipt = ReadReceipt::default();
    let text = keys(octets).find(|found| found.key == Key::Text);
    let head = text.map_or(octets, |text| &octets[..text.start]);
    for Found { key, value, .. } in keys(head) {
        receipt.slot(key).get_or_insert(if key == Key::Id { spaced_value(value) } else { first_word(value) });
    }
    if let Some(text) = text {
        read_tail(without_first_space(&octets[text.value_start..]), &mut receipt);
    }
    receipt
}

/// The text, and in it an id and a stat that were missing before; the text ends where the first of them begins.
fn read_tail<'a>(tail: &'a [u8], receipt: &mut ReadReceipt<'a>) {
    let mut end = None;
    for Found { key, start, value, .. } in keys(tail) {
        if matches!(key, Key::Id | Key::Stat) && receipt.slot(key).is_none() {
            *receipt.slot(key) = Some(first_word(value));
            end.get_or_insert(start);
        }
    }
    receipt.text = Some(end.map_or(tail, |end| trimmed_end(&tail[..end])));
}

/// A value that may have spaces inside, unless an unknown key shows that it ends at the first.
fn spaced_value(octets: &[u8]) -> &[u8] {
    let value = trimmed_end(trimmed_start(octets));
    if value.contains(&b':') { first_word(octets) } else { value }
}

/// A value without spaces; empty where an unknown key follows at once.
fn first_word(octets: &[u8]) -> &[u8] {
    let value = trimmed_start(octets);
    let word = value.iter().position(|&octet| is_blank(octet)).map_or(value, |end| &value[..end]);
    if value.len() < octets.len() && word.contains(&b':') { &[] } else { word }
}

fn trimmed_start(octets: &[u8]) -> &[u8] {
    octets.iter().position(|&octet| !is_blank(octet)).map_or(&[], |start| &octets[start..])
}

fn trimmed_end(octets: &[u8]) -> &[u8] {
    octets.iter().rposition(|&octet| !is_blank(octet)).map_or(&[], |last| &octets[..=last])
}

fn without_first_space(text: &[u8]) -> &[u8] {
    text.strip_prefix(b" ").unwrap_or(text)
}
