//! The beginning of a message, as its receipt repeats it.

use chappe_core::Message;
use smpp_wire::EsmClass;
use sms_text::receipt::TEXT_OCTETS_MAX;
use sms_text::{Encoding, Spelling};

/// At most 20 characters of ASCII: what every reader of a receipt can show, whatever alphabet the message was in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Quote {
    octets: [u8; TEXT_OCTETS_MAX],
    length: usize,
}

/// Octets that spell 20 characters in every alphabet: four each, as a surrogate pair has.
const SPELLING_MAX: usize = 4 * TEXT_OCTETS_MAX;
/// Stands for a character that ASCII does not have.
const UNKNOWN: u8 = b'?';

impl Quote {
    /// Quotes the text behind its header. What is no text is not quoted.
    pub(super) fn of(message: &Message<'_>) -> Self {
        let (header, text) = match message.user_data {
            [length, rest @ ..] if EsmClass(message.esm_class).has_udh() => {
                rest.split_at_checked(usize::from(*length)).unwrap_or_default()
            }
            text => (&[][..], text),
        };
        let spelling = Spelling::received(message.data_coding, header);
        match spelling.encoding {
            Encoding::Binary => Self::default(),
            Encoding::Ucs2 => Self::spelt(spelling, text),
            // A language's own alphabet has letters where ASCII has signs.
            _ if spelling.tables.locking.is_some() => Self::spelt(spelling, text),
            _ => {
                let quote = text.get(..TEXT_OCTETS_MAX).unwrap_or(text);
                // As most are: the alphabets of one octet a character agree on these.
                if quote.iter().all(|octet| matches!(octet, b' '..=b'~')) {
                    Self::copied(quote)
                } else {
                    Self::spelt(spelling, text)
                }
            }
        }
    }

    /// The octets to write.
    pub(super) fn octets(&self) -> &[u8] {
        &self.octets[..self.length]
    }

    fn copied(text: &[u8]) -> Self {
        let mut quote = Self::default();
        quote.octets[..text.len()].copy_from_slice(text);
        quote.length = text.len();
        quote
    }

    fn spelt(spelling: Spelling, text: &[u8]) -> Self {
        let mut quote = Self::default();
        let text = spelling.decode(text.get(..SPELLING_MAX).unwrap_or(text));
        for (place, character) in quote.octets.iter_mut().zip(text.chars()) {
            *place = match character {
                ' '..='~' => u8::try_from(character).unwrap_or(UNKNOWN),
                character if character.is_whitespace() => b' ',
                _ => UNKNOWN,
            };
            quote.length += 1;
        }
        quote
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(message: Message<'_>) -> String {
        String::from_utf8(Quote::of(&message).octets().to_vec()).unwrap()
    }

    #[test]
    fn the_first_twenty_characters_are_readable_in_every_alphabet() {
        let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
        let cases: [(u8, Vec<u8>, &str); 10] = [
            (0, b"hello, this is a rather long text".to_vec(), "hello, this is a rat"),
            (0, b"hi".to_vec(), "hi"),
            // @ and the braces of GSM 7-bit, a line break, and a letter that ASCII does not have.
            (0, b"a\x00b\x1b\x28c\x1b\x29\nd\x05".to_vec(), "a@b{c} d?"),
            (0, b"0123456789012345678\x1be and more".to_vec(), "0123456789012345678?"),
            (3, b"caf\xe9".to_vec(), "caf?"),
            (8, wide("Zdravo svijete, kako ste?"), "Zdravo svijete, kako"),
            (8, wide("\u{10d}a\u{1f600}b"), "?a?b"),
            (8, b"\0h\0".to_vec(), "h?"),
            (4, b"binary".to_vec(), ""),
            (0, Vec::new(), ""),
        ];
        for (data_coding, user_data, quote) in cases {
            let message = Message { data_coding, user_data: &user_data, ..Message::default() };
            assert_eq!(quoted(message), quote, "{user_data:?}");
        }
    }

    #[test]
    fn a_header_is_not_text() {
        let message = Message { esm_class: 0x40, ..Message::default() };
        assert_eq!(quoted(Message { user_data: &[1, 0, b'h', b'i'], ..message }), "hi");
        assert_eq!(quoted(Message { user_data: &[9, 0], ..message }), "");
        // The Hindi locking table: its digits and small letters are those of ASCII, its signs are letters.
        assert_eq!(quoted(Message { user_data: &[3, 0x25, 1, 6, b'o', b'k', b'$'], ..message }), "ok?");
    }
}
