//! What a text will cost before it is sent: encoding, parts, room left, and the character to blame.

use crate::encoding::Encoding;
use crate::{gsm7, typography};

/// The facts about a text that an editor shows while it is typed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Preview {
    /// GSM 7-bit where each character has a place there, else UCS-2.
    pub encoding: Encoding,
    /// Short messages it takes; 1 for an empty text. More than 255 cannot be sent.
    pub parts: usize,
    /// Units the text takes: septets in GSM 7-bit, UTF-16 units in UCS-2.
    pub units_used: usize,
    /// Units each part holds: 160 or 70 alone, 153 or 67 as one of several (152 or 66 with a 16-bit reference).
    pub units_per_part: usize,
    /// Units used in the last part.
    pub units_in_last_part: usize,
    /// The first character without a place in GSM 7-bit, and its position in characters from 0; `None` in GSM 7-bit.
    pub why_ucs2: Option<(usize, char)>,
    /// What could stand for that character; [`typography::plain`] replaces all such.
    pub replacement: Option<&'static str>,
}

impl Preview {
    /// Units of all parts together, used or not.
    #[must_use]
    pub fn units_max(&self) -> usize {
        self.units_per_part * self.parts
    }

    /// Units that can be added before the next part begins (a character of two units may not fit the last one).
    #[must_use]
    pub fn units_left(&self) -> usize {
        self.units_per_part - self.units_in_last_part
    }
}

/// Counts the parts of `text`, for parts with an 8-bit reference.
#[must_use]
pub fn preview(text: &str) -> Preview {
    preview_behind(text, 6)
}

/// Counts the parts of `text`, for parts behind a header of `header_octets` (6 or 7 for concatenation).
#[must_use]
pub fn preview_behind(text: &str, header_octets: usize) -> Preview {
    let why_ucs2 = gsm7::first_unrepresentable(text);
    let (encoding, units_of): (_, fn(char) -> usize) = match why_ucs2 {
        None => (Encoding::Gsm7, |character| gsm7::septets_of(character).unwrap_or(0)),
        Some(_) => (Encoding::Ucs2, char::len_utf16),
    };
    let units_used = text.chars().map(units_of).sum();
    let alone = room(encoding, 0);
    let replacement = why_ucs2.and_then(|(_, character)| typography::plain_form(character));
    if units_used <= alone {
        let (parts, units_per_part, units_in_last_part) = (1, alone, units_used);
        return Preview {
            encoding,
            parts,
            units_used,
            units_per_part,
            units_in_last_part,
            why_ucs2,
            replacement,
        };
    }
    let units_per_part = room(encoding, header_octets);
    let (mut parts, mut units_in_last_part) = (1, 0);
    for units in text.chars().map(units_of) {
        if units_in_last_part + units > units_per_part {
            parts += 1;
            units_in_last_part = 0;
        }
        units_in_last_part += units;
    }
    Preview { encoding, parts, units_used, units_per_part, units_in_last_part, why_ucs2, replacement }
}

/// Units that a short message of 140 octets holds behind a header of `header_octets`.
pub(crate) fn room(encoding: Encoding, header_octets: usize) -> usize {
    let octets = SHORT_MESSAGE_OCTETS.saturating_sub(header_octets);
    match encoding {
        Encoding::Gsm7 => octets * 8 / 7,
        Encoding::Ucs2 => octets / 2,
        _ => octets,
    }
}

/// Octets of one short message on the air (3GPP TS 23.040 §9.2.3.24).
const SHORT_MESSAGE_OCTETS: usize = 140;
