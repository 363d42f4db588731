//! How one text is spelt: its encoding and, in GSM 7-bit, its tables; and which spelling takes the least room.

use crate::encoding::Encoding;
use crate::gsm7::{Language, Tables};
use crate::ucs2;
use alloc::string::String;
use alloc::vec::Vec;
use core::iter;

/// An encoding with the tables it uses.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Spelling {
    /// The encoding.
    pub encoding: Encoding,
    /// The tables of GSM 7-bit; of no meaning in another encoding.
    pub tables: Tables,
}

impl From<Encoding> for Spelling {
    /// GSM 7-bit in the default alphabet, and every other encoding as it is.
    fn from(encoding: Encoding) -> Self {
        Self { encoding, tables: Tables::DEFAULT }
    }
}

impl From<Tables> for Spelling {
    /// GSM 7-bit in these tables.
    fn from(tables: Tables) -> Self {
        Self { encoding: Encoding::Gsm7, tables }
    }
}

impl Spelling {
    /// The octets of `text`; `None` where a character has no place.
    #[must_use]
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self.encoding {
            Encoding::Gsm7 => self.tables.encode(text),
            encoding => encoding.encode(text),
        }
    }

    /// The text of `octets`. Total.
    #[must_use]
    pub fn decode(self, octets: &[u8]) -> String {
        self.encoding.decode_with(self.tables, octets)
    }

    /// Units that one character takes: septets (1 or 2) in GSM 7-bit, UTF-16 units (1 or 2) in UCS-2, else octets.
    /// `None` where GSM 7-bit has no place for it; whether another encoding has one is not asked.
    #[must_use]
    pub fn units_of(self, character: char) -> Option<usize> {
        match self.encoding {
            Encoding::Gsm7 => self.tables.septets_of(character),
            Encoding::Ucs2 => Some(character.len_utf16()),
            _ => Some(1),
        }
    }

    /// Units that `text` takes.
    #[must_use]
    pub fn units(self, text: &str) -> Option<usize> {
        text.chars().map(|character| self.units_of(character)).sum()
    }

    /// The characters of `octets`, each with the octets it takes; what is no text is a U+FFFD an octet. Total.
    #[must_use]
    pub fn characters(self, octets: &[u8]) -> Vec<(char, usize)> {
        match self.encoding {
            Encoding::Gsm7 => self.tables.characters(octets).collect(),
            Encoding::Ucs2 => ucs2::characters(octets).collect(),
            Encoding::Binary => octets.iter().map(|_| (char::REPLACEMENT_CHARACTER, 1)).collect(),
            encoding => encoding.decode(octets).chars().map(|character| (character, 1)).collect(),
        }
    }

    /// Octets that the header elements of the tables take: 0, 3 or 6.
    #[must_use]
    pub fn element_octets(self) -> usize {
        if self.encoding == Encoding::Gsm7 { self.tables.element_octets() } else { 0 }
    }
}

/// The spelling in which `text` takes the least room: GSM 7-bit in the default alphabet where that has every character;
/// else in the tables of one of `languages` where these take fewer parts, or fewer octets, than UCS-2; else UCS-2.
///
/// Name only languages whose tables the phones at the other end know: one that does not shows the text wrong. Without
/// any, the choice is between the default alphabet and UCS-2.
#[must_use]
pub fn smallest(text: &str, languages: &[Language]) -> Spelling {
    let default = Spelling::from(Tables::DEFAULT);
    if default.units(text).is_some() {
        return default;
    }
    let candidates = languages.iter().flat_map(|&language| tables_of(language)).map(Spelling::from);
    // Of equals the first counts: UCS-2 is known to every phone.
    iter::once(Spelling::from(Encoding::Ucs2))
        .chain(candidates)
        .filter_map(|spelling| Some((size(spelling, text)?, spelling)))
        .min_by_key(|&(size, _)| size)
        .map_or(Encoding::Ucs2.into(), |(_, spelling)| spelling)
}

/// The pairs of tables of one language: either alone, and both.
fn tables_of(language: Language) -> impl Iterator<Item = Tables> {
    let own = Some(language);
    let shift = Tables { locking: None, shift: own };
    let locking = [Tables { locking: own, shift: None }, Tables { locking: own, shift: own }];
    iter::once(shift).chain(locking.into_iter().filter(move |_| language.has_locking()))
}

/// Parts (as many as the units alone ask for) and octets on the air, headers included.
fn size(spelling: Spelling, text: &str) -> Option<(usize, usize)> {
    let units = spelling.units(text)?;
    let elements = spelling.element_octets();
    let alone = if elements > 0 { 1 + elements } else { 0 };
    let (parts, header) = match spelling.encoding.room(alone) {
        room if units <= room => (1, alone),
        _ => {
            let header = elements + CONCAT_HEADER_OCTETS;
            (units.div_ceil(spelling.encoding.room(header)), header)
        }
    };
    let unit_bits = if spelling.encoding == Encoding::Gsm7 { 7 } else { 8 * spelling.encoding.unit_octets() };
    Some((parts, parts * header + (units * unit_bits).div_ceil(8)))
}

/// Octets of a header of concatenation alone, with a reference of one octet.
const CONCAT_HEADER_OCTETS: usize = 6;
