//! The two tables that spell a text in septets.

use super::default::{BASIC, ESCAPE, EXTENSION, Place, place};
use super::fault::BadGsm7;
use super::language::Language;
use crate::udh::{Meaning, elements};
use alloc::string::String;
use alloc::vec::Vec;

/// Which locking and which single shift table septets are read and written with; by default, those of the default
/// alphabet.
///
/// National tables are announced by elements 0x24 and 0x25 of each part's user data header (3GPP TS 23.040
/// §9.2.3.24.15): [`of_header`](Self::of_header) reads them, [`write_elements`](Self::write_elements) writes them.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Tables {
    /// Whose table takes the place of the default alphabet; a language without a locking shift table (Spanish) reads
    /// as `None`.
    pub locking: Option<Language>,
    /// Whose table stands behind the escape.
    pub shift: Option<Language>,
}

impl Tables {
    /// The default alphabet and its extension table.
    pub const DEFAULT: Self = Self { locking: None, shift: None };

    /// The tables that the elements of a user data header announce. The last element of a kind counts; an identifier
    /// that is not known means the default table.
    #[must_use]
    pub fn of_header(header: &[u8]) -> Self {
        let mut tables = Self::DEFAULT;
        for element in elements(header) {
            match element.meaning() {
                Meaning::SingleShift(id) => tables.shift = Language::from_id(id),
                Meaning::LockingShift(id) => tables.locking = Language::from_id(id),
                _ => {}
            }
        }
        tables
    }

    /// Octets that [`write_elements`](Self::write_elements) appends: 0, 3 or 6.
    #[must_use]
    pub fn element_octets(self) -> usize {
        self.languages().into_iter().flatten().count() * 3
    }

    /// Appends the header elements that announce these tables, none for the default ones.
    pub fn write_elements(self, out: &mut Vec<u8>) {
        for (tag, language) in [SINGLE_SHIFT, LOCKING_SHIFT].into_iter().zip(self.languages()) {
            if let Some(language) = language {
                out.extend_from_slice(&[tag, 1, language.id()]);
            }
        }
    }

    fn languages(self) -> [Option<Language>; 2] {
        [self.shift, self.locking]
    }

    /// The septets of `text`, one an octet, or `None` where a character is in neither table.
    #[must_use]
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(text.len() + 8);
        self.encode_into(text, &mut out).then_some(out)
    }

    /// Appends the septets of `text` to `out`; `false`, and `out` as it was, where a character is in neither table.
    pub fn encode_into(self, text: &str, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        for character in text.chars() {
            match self.place(character) {
                Some(Place::Basic(septet)) => out.push(septet),
                Some(Place::Extended(septet)) => out.extend_from_slice(&[ESCAPE, septet]),
                None => {
                    out.truncate(start);
                    return false;
                }
            }
        }
        true
    }

    /// The text of unpacked septets. Total: a lone escape at the end, an escape after an escape, or a place without a
    /// character reads as a space; an unknown extension as the basic character at that place (TS 23.038 §6.2.1.1); an
    /// octet above 0x7F as U+FFFD.
    #[must_use]
    pub fn decode(self, octets: &[u8]) -> String {
        let mut text = String::with_capacity(octets.len());
        text.extend(self.characters(octets).map(|(character, _)| character));
        text
    }

    /// The characters of unpacked septets as [`decode`](Self::decode) reads them, each with the octets it takes, 1 or 2.
    pub fn characters(self, octets: &[u8]) -> impl Iterator<Item = (char, usize)> {
        let basic = self.basic();
        let mut rest = octets.iter().copied();
        core::iter::from_fn(move || {
            let octet = rest.next()?;
            if octet != ESCAPE {
                return Some((shown(basic, octet), 1));
            }
            let Some(octet) = rest.next() else { return Some((' ', 1)) };
            Some((self.extended(octet).unwrap_or_else(|| shown(basic, octet)), 2))
        })
    }

    /// Whether [`decode`](Self::decode) gives exactly what was sent.
    ///
    /// # Errors
    ///
    /// [`BadGsm7`]: the first place where it would have to guess.
    pub fn check(self, octets: &[u8]) -> Result<(), BadGsm7> {
        let basic = self.basic();
        let mut rest = octets.iter().copied().enumerate();
        while let Some((at, octet)) = rest.next() {
            if octet == ESCAPE {
                let (at, octet) = rest.next().ok_or(BadGsm7::LoneEscape)?;
                self.extended(octet).ok_or(BadGsm7::UnknownExtension { at })?;
                continue;
            }
            match basic.get(usize::from(octet)) {
                None => return Err(BadGsm7::InvalidOctet { at }),
                Some(&NOTHING) => return Err(BadGsm7::Unassigned { at }),
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Septets that `text` takes (two for a character behind an escape), or `None` where one is in neither table.
    #[must_use]
    pub fn septets(self, text: &str) -> Option<usize> {
        text.chars().map(|character| self.septets_of(character)).sum()
    }

    /// Septets that one character takes: 1, 2, or `None` where it is in neither table.
    #[must_use]
    pub fn septets_of(self, character: char) -> Option<usize> {
        self.place(character).map(|place| match place {
            Place::Basic(_) => 1,
            Place::Extended(_) => 2,
        })
    }

    /// The first character that is in neither table, with its position in characters, counted from 0.
    #[must_use]
    pub fn first_unrepresentable(self, text: &str) -> Option<(usize, char)> {
        text.chars().enumerate().find(|&(_, character)| self.place(character).is_none())
    }

    #[inline]
    fn place(self, character: char) -> Option<Place> {
        match (self, place(character)) {
            // As most texts are.
            (Self { locking: None, .. }, Some(Place::Basic(septet))) => Some(Place::Basic(septet)),
            (Self::DEFAULT, default) => default,
            (_, default) => self.national_place(character, default),
        }
    }

    /// The locking table's place comes first, as one septet is less than two.
    fn national_place(self, character: char, default: Option<Place>) -> Option<Place> {
        let locking = self.locking.and_then(Language::locking);
        let basic = match locking {
            None => default.filter(|place| matches!(place, Place::Basic(_))),
            Some(table) => septet_of(table, character).map(Place::Basic),
        };
        basic.or_else(|| match (self.shift, default) {
            // Sources dispute its place there: read, never written.
            (Some(Language::Telugu), Some(_)) if character == '€' => None,
            // Every single shift table contains the default one.
            (_, Some(Place::Extended(septet))) => Some(Place::Extended(septet)),
            (shift, _) => {
                let mut rows = extension(shift);
                rows.find(|(_, own)| *own == character).map(|&(septet, _)| Place::Extended(septet))
            }
        })
    }

    fn basic(self) -> &'static [char; 128] {
        static DEFAULT: [char; 128] = BASIC;
        self.locking.and_then(Language::locking).unwrap_or(&DEFAULT)
    }

    fn extended(self, septet: u8) -> Option<char> {
        let mut rows = EXTENSION.iter().chain(extension(self.shift));
        rows.find(|(place, _)| *place == septet).map(|&(_, character)| character)
    }
}

/// What a single shift table has beside the default one.
fn extension(shift: Option<Language>) -> impl Iterator<Item = &'static (u8, char)> {
    shift.into_iter().flat_map(|language| language.shift().into_iter().flatten())
}

fn septet_of(table: &[char; 128], character: char) -> Option<u8> {
    if character == NOTHING {
        return None;
    }
    // Most tables have digits and small letters where ASCII has them.
    let same = u8::try_from(character).ok().filter(|&code| table.get(usize::from(code)) == Some(&character));
    same.or_else(|| u8::try_from(table.iter().position(|&own| own == character)?).ok())
}

fn shown(table: &[char; 128], octet: u8) -> char {
    match table.get(usize::from(octet)) {
        None => char::REPLACEMENT_CHARACTER,
        Some(&NOTHING) => ' ',
        Some(&character) => character,
    }
}

/// Stands in a table where it has no character.
const NOTHING: char = '\0';

const SINGLE_SHIFT: u8 = 0x24;
const LOCKING_SHIFT: u8 = 0x25;
