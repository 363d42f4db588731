//! Finds the keys of a receipt text, however they are written.

/// A key of the receipt text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Key {
    Id,
    Sub,
    Dlvrd,
    SubmitDate,
    DoneDate,
    Stat,
    Err,
    Text,
}

/// A key, where it stands, and what follows it up to the next key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'a> {
    pub(super) key: Key,
    /// Where the key begins.
    pub(super) start: usize,
    /// Where its value begins, after the colon.
    pub(super) value_start: usize,
    pub(super) value: &'a [u8],
}

/// The keys in `octets` in the order they stand there; one pass, from colon to colon.
pub(super) fn keys(octets: &[u8]) -> impl Iterator<Item = Found<'_>> {
    let colons = octets.iter().enumerate().filter(|&(_, &octet)| octet == b':').map(|(colon, _)| colon);
    let mut keys = colons
        .filter_map(|colon| {
            let (key, start) = key_at_end_of(&octets[..colon])?;
            Some((key, start, colon + 1))
        })
        .peekable();
    core::iter::from_fn(move || {
        let (key, start, value_start) = keys.next()?;
        let value = match keys.peek() {
            Some(&(_, next, _)) => before_word(octets.get(value_start..next).unwrap_or_default()),
            None => octets.get(value_start..).unwrap_or_default(),
        };
        Some(Found { key, start, value_start, value })
    })
}

/// What stands before a key, without the beginning of a longer word (`x-` of `x-id`) whose end the key is.
fn before_word(octets: &[u8]) -> &[u8] {
    let blank = octets.iter().rposition(|&octet| is_blank(octet));
    blank.map_or(octets, |blank| &octets[..=blank])
}

/// White space, or the NUL that some peers leave at the end.
pub(super) fn is_blank(octet: u8) -> bool {
    octet.is_ascii_whitespace() || octet == 0
}

/// The key that `before` (what stands before a colon) ends with, and where it begins.
fn key_at_end_of(before: &[u8]) -> Option<(Key, usize)> {
    let (key, ahead) = WORDS
        .iter()
        .find_map(|&(word, key)| Some((key, strip_word(before, word)?)))
        .or_else(|| date_key(strip_word(before, b"date")?))?;
    let is_whole_word = match (key, ahead.last()) {
        (_, None) => true,
        (Key::Text, Some(&octet)) => !octet.is_ascii_alphanumeric() && octet != b'_',
        (_, Some(&octet)) => !octet.is_ascii_alphabetic(),
    };
    is_whole_word.then_some((key, ahead.len()))
}

/// `submit date`, `submit_date` or `submitdate`, and the same of `done date`.
fn date_key(before: &[u8]) -> Option<(Key, &[u8])> {
    let before = before.strip_suffix(b" ").or_else(|| before.strip_suffix(b"_")).unwrap_or(before);
    match strip_word(before, b"submit") {
        Some(ahead) => Some((Key::SubmitDate, ahead)),
        None => strip_word(before, b"done").map(|ahead| (Key::DoneDate, ahead)),
    }
}

fn strip_word<'a>(octets: &'a [u8], word: &[u8]) -> Option<&'a [u8]> {
    let (ahead, end) = octets.split_at_checked(octets.len().checked_sub(word.len())?)?;
    end.eq_ignore_ascii_case(word).then_some(ahead)
}

const WORDS: [(&[u8], Key); 6] = [
    (b"id", Key::Id),
    (b"sub", Key::Sub),
    (b"dlvrd", Key::Dlvrd),
    (b"stat", Key::Stat),
    (b"err", Key::Err),
    (b"text", Key::Text),
];
