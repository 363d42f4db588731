//! What `data_coding` 0 means to a peer: the default alphabet of a centre, which each understands in its own way.
//!
//! Within this centre 0 is always GSM 7-bit. What a peer means by 0 is said plainly when its message comes in
//! ([`inward`]: the octets stay), and said in its own way again when a message goes out to it ([`outward`]).

use sms_text::{Encoding, latin1, split_udh, ucs2};

use crate::message::Message;

/// What `data_coding` 0 means to an account or a link.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Alphabet {
    /// GSM 7-bit, one septet an octet.
    #[default]
    Gsm,
    /// ISO 8859-1.
    Latin1,
    /// ASCII, which is IA5.
    Ascii,
}

impl Alphabet {
    /// All alphabets, as configured.
    pub const NAMES: [(&'static str, Self); 3] =
        [("gsm", Self::Gsm), ("latin1", Self::Latin1), ("ascii", Self::Ascii)];

    fn encoding(self) -> Encoding {
        match self {
            Self::Gsm => Encoding::Gsm7,
            Self::Latin1 => Encoding::Latin1,
            Self::Ascii => Encoding::Ascii,
        }
    }

    /// The octets of a text; `None` where a character has no place here.
    fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Gsm => sms_text::gsm7::encode(text),
            Self::Latin1 => latin1::encode(text),
            Self::Ascii => text.is_ascii().then(|| text.as_bytes().to_vec()),
        }
    }
}

/// `data_coding`: the default alphabet of the centre.
const DEFAULT: u8 = 0;
/// `esm_class`: the user data begins with a header.
const UDHI: u8 = 0x40;

/// The `data_coding` that says to everyone what a peer with this default alphabet said.
#[inline]
pub fn inward(data_coding: u8, alphabet: Alphabet) -> u8 {
    if data_coding == DEFAULT { alphabet.encoding().data_coding() } else { data_coding }
}

/// The message as a peer with this default alphabet reads it.
///
/// A text in GSM 7-bit is spelt anew: in the peer's alphabet, or in UCS-2 where a character has no place there, so that
/// nothing is lost. A text in the peer's own alphabet is called 0, as the peer calls it. All others stay as they are, and
/// so does a text behind a header that names a national table, or that cannot be read.
#[inline]
pub fn outward<'a>(message: &Message<'a>, alphabet: Alphabet, scratch: &'a mut Vec<u8>) -> Message<'a> {
    if alphabet == Alphabet::Gsm {
        return *message;
    }
    if message.data_coding == alphabet.encoding().data_coding() {
        return Message { data_coding: DEFAULT, ..*message };
    }
    if message.data_coding != DEFAULT {
        return *message;
    }
    respelt(message, alphabet, scratch)
}

fn respelt<'a>(message: &Message<'a>, alphabet: Alphabet, scratch: &'a mut Vec<u8>) -> Message<'a> {
    let header_len = match message.esm_class & UDHI != 0 {
        false => 0,
        true => match split_udh(message.user_data) {
            Ok((header, _)) if !names_a_national_table(header) => header.len() + 1,
            _ => return *message,
        },
    };
    let (header, octets) = message.user_data.split_at(header_len);
    // The alphabets agree on most texts, and then the octets stay.
    if octets.iter().all(|octet| is_shared(*octet)) {
        return *message;
    }
    let text = Encoding::Gsm7.decode(octets);
    let (data_coding, spelt) = match alphabet.encode(&text) {
        Some(octets) => (DEFAULT, octets),
        None => (Encoding::Ucs2.data_coding(), ucs2::encode(&text)),
    };
    scratch.clear();
    scratch.extend_from_slice(header);
    scratch.extend_from_slice(&spelt);
    Message { data_coding, user_data: scratch, ..*message }
}

/// Whether an octet means the same in all alphabets here.
fn is_shared(octet: u8) -> bool {
    matches!(octet, b'\n' | b'\r' | b' '..=b'#' | b'%'..=b'?' | b'A'..=b'Z' | b'a'..=b'z')
}

fn names_a_national_table(header: &[u8]) -> bool {
    const SINGLE_SHIFT: u8 = 0x24;
    const LOCKING_SHIFT: u8 = 0x25;
    sms_text::udh::elements(header).any(|element| matches!(element.tag, SINGLE_SHIFT | LOCKING_SHIFT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(data_coding: u8, user_data: &[u8]) -> Message<'_> {
        Message { data_coding, user_data, ..Message::default() }
    }

    #[test]
    fn what_a_peer_calls_0_is_called_by_its_name_here() {
        for (data_coding, alphabet, named) in [
            (0, Alphabet::Gsm, 0),
            (0, Alphabet::Latin1, 3),
            (0, Alphabet::Ascii, 1),
            (8, Alphabet::Latin1, 8),
            (0xF0, Alphabet::Latin1, 0xF0),
        ] {
            assert_eq!(inward(data_coding, alphabet), named, "{data_coding:#x} {alphabet:?}");
        }
    }

    #[test]
    fn a_peer_reads_what_was_meant() {
        type Coded = (u8, &'static [u8]);
        let cases: [(Alphabet, Coded, Coded); 11] = [
            (Alphabet::Gsm, (0, b"\x05\x1be"), (0, b"\x05\x1be")),
            (Alphabet::Gsm, (3, b"\xe9"), (3, b"\xe9")),
            (Alphabet::Latin1, (0, b"hello"), (0, b"hello")),
            // é, @ and a brace behind an escape.
            (Alphabet::Latin1, (0, b"caf\x05 \x00 \x1b\x28"), (0, b"caf\xe9 @ {")),
            (Alphabet::Latin1, (3, b"caf\xe9"), (0, b"caf\xe9")),
            // The euro has no place in Latin-1.
            (Alphabet::Latin1, (0, b"\x1be1"), (8, b"\x20\xac\x001")),
            (Alphabet::Latin1, (8, b"\0h"), (8, b"\0h")),
            (Alphabet::Latin1, (1, b"h"), (1, b"h")),
            (Alphabet::Ascii, (0, b"a\x00b"), (0, b"a@b")),
            (Alphabet::Ascii, (0, b"\x05"), (8, b"\0\xe9")),
            (Alphabet::Ascii, (1, b"h"), (0, b"h")),
        ];
        for (alphabet, (data_coding, user_data), expected) in cases {
            let mut scratch = Vec::new();
            let message = text(data_coding, user_data);
            let read = outward(&message, alphabet, &mut scratch);
            assert_eq!((read.data_coding, read.user_data), expected, "{alphabet:?} {message:?}");
        }
    }

    #[test]
    fn the_octets_that_are_shared_mean_the_same_everywhere() {
        for octet in (0..=u8::MAX).filter(|octet| is_shared(*octet)) {
            let read = Encoding::Gsm7.decode(&[octet]);
            assert_eq!(
                [Encoding::Latin1, Encoding::Ascii].map(|other| other.decode(&[octet])),
                [&*read, &*read]
            );
        }
    }

    #[test]
    fn a_header_stays_and_a_national_table_is_not_undone() {
        let mut scratch = Vec::new();
        let part = Message { esm_class: UDHI, ..text(0, &[5, 0, 3, 9, 2, 1, 0x05]) };
        let read = outward(&part, Alphabet::Latin1, &mut scratch);
        assert_eq!((read.data_coding, read.user_data), (0, &[5, 0, 3, 9, 2, 1, 0xe9][..]));
        for user_data in [&[3, 0x25, 1, 1, 0x05][..], &[9, 0, 3]] {
            let message = Message { esm_class: UDHI, ..text(0, user_data) };
            assert_eq!(outward(&message, Alphabet::Latin1, &mut Vec::new()), message);
        }
    }

    #[test]
    fn a_text_comes_back_as_it_went() {
        for (_, alphabet) in Alphabet::NAMES {
            let message = text(inward(0, alphabet), b"caf\x65 {}");
            let mut scratch = Vec::new();
            let back = outward(&message, alphabet, &mut scratch);
            assert_eq!((back.data_coding, back.user_data), (0, message.user_data), "{alphabet:?}");
        }
    }
}
