//! What a text will cost before it is sent: encoding, parts, room left, and the character to blame.

use crate::encoding::Encoding;
use crate::gsm7::{self, Tables};
use crate::pieces::{Whole, pieces};
use crate::plan::Plan;
use crate::spelling::{Spelling, smallest};
use crate::typography;

/// The facts about a text that an editor shows while it is typed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Preview {
    /// GSM 7-bit where each character has a place there, else UCS-2.
    pub encoding: Encoding,
    /// The tables of GSM 7-bit: national ones only where the plan allows some.
    pub tables: Tables,
    /// Short messages it takes; 1 for an empty text. More than 255 cannot be sent.
    pub parts: usize,
    /// Units the text takes: septets in GSM 7-bit, UTF-16 units in UCS-2.
    pub units_used: usize,
    /// Units each part holds: 160 or 70 alone, 153 or 67 as one of several (152 or 66 with a 16-bit reference), less
    /// where a header says more.
    pub units_per_part: usize,
    /// Units used in the last part.
    pub units_in_last_part: usize,
    /// The first character without a place in the default alphabet, and its position in characters from 0; `None` in
    /// GSM 7-bit.
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
        self.units_per_part.saturating_sub(self.units_in_last_part)
    }
}

/// Counts the parts of `text`, for parts with an 8-bit reference.
#[must_use]
pub fn preview(text: &str) -> Preview {
    preview_by(text, &Plan::default())
}

/// Counts the parts of `text` as `plan` cuts it; of a text for `message_payload`, those that the centre will make.
#[must_use]
pub fn preview_by(text: &str, plan: &Plan<'_>) -> Preview {
    let spelling = plan.spelling(text);
    let rooms = [plan.header_alone(spelling), plan.header_numbered(spelling)]
        .map(|header| spelling.encoding.room(header));
    counted(text, spelling, rooms, plan.whole)
}

/// Counts the parts of `text`, for parts behind a header of `header_octets` (6 or 7 for concatenation).
#[must_use]
pub fn preview_behind(text: &str, header_octets: usize) -> Preview {
    let spelling = smallest(text, &[]);
    let rooms = [0, header_octets].map(|header| spelling.encoding.room(header));
    counted(text, spelling, rooms, Whole::Clusters)
}

fn counted(text: &str, spelling: Spelling, [alone, numbered]: [usize; 2], whole: Whole) -> Preview {
    let Spelling { encoding, tables } = spelling;
    let is_ucs2 = encoding == Encoding::Ucs2;
    let why_ucs2 = if is_ucs2 { gsm7::first_unrepresentable(text) } else { None };
    let units_of = |text: &str| spelling.units(text).unwrap_or(0);
    let units_used = units_of(text);
    let mut preview = Preview {
        encoding,
        tables,
        parts: 1,
        units_used,
        units_per_part: alone,
        units_in_last_part: units_used,
        why_ucs2,
        replacement: why_ucs2.and_then(|(_, character)| typography::plain_form(character)),
    };
    if units_used > alone {
        preview.parts = 0;
        preview.units_per_part = numbered;
        for piece in pieces(text, spelling, numbered, whole) {
            preview.parts += 1;
            preview.units_in_last_part = units_of(piece);
        }
    }
    preview
}
