//! Where a text may be cut.

use crate::spelling::Spelling;
use alloc::string::String;
use alloc::vec::Vec;
use core::iter;
use unicode_segmentation::UnicodeSegmentation;

/// What stays in one part. Escape pairs and surrogate pairs always do.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Whole {
    /// What a reader takes for one character: a letter with its marks, an emoji of several code points (UAX #29,
    /// extended grapheme clusters). One that is longer than a part is cut between its code points.
    #[default]
    Clusters,
    /// Each code point for itself.
    CodePoints,
}

/// Cuts `text` into pieces that each take at most `room` units as `spelling` spells them; an empty text gives none.
///
/// A piece takes more only where a single code point does. What the spelling has no place for takes no room.
pub fn pieces(text: &str, spelling: Spelling, room: usize, whole: Whole) -> impl Iterator<Item = &str> {
    let stretch = |character: char| Stretch {
        length: character.len_utf8(),
        units: spelling.units_of(character).unwrap_or(0),
    };
    let characters = text.chars().map(|character| (character, stretch(character))).collect();
    let mut rest = text;
    lengths(characters, room, whole).map(move |length| {
        let (piece, left) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = left;
        piece
    })
}

/// Cuts encoded text into pieces of at most `octets_max` octets; empty text gives none.
///
/// A piece is longer only where a single code point is.
pub fn cut(
    spelling: Spelling,
    octets: &[u8],
    octets_max: usize,
    whole: Whole,
) -> impl Iterator<Item = &[u8]> {
    let stretch = |octets: usize| Stretch { length: octets, units: octets };
    let characters = spelling
        .characters(octets)
        .into_iter()
        .map(|(character, octets)| (character, stretch(octets)))
        .collect();
    let mut rest = octets;
    lengths(characters, octets_max, whole).map(move |length| {
        let (piece, left) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        rest = left;
        piece
    })
}

/// A stretch that is not cut.
#[derive(Clone, Copy, Debug, Default)]
struct Stretch {
    /// In what is cut.
    length: usize,
    /// What it takes of the room of a piece.
    units: usize,
}

/// How long the longest pieces are that hold whole stretches and take at most `room`, or one stretch.
fn lengths(characters: Vec<(char, Stretch)>, room: usize, whole: Whole) -> impl Iterator<Item = usize> {
    let mut stretches = stretches(characters, room, whole).into_iter().peekable();
    iter::from_fn(move || {
        let Stretch { mut length, mut units } = stretches.next()?;
        while let Some(next) = stretches.next_if(|next| units + next.units <= room) {
            length += next.length;
            units += next.units;
        }
        Some(length)
    })
}

fn stretches(characters: Vec<(char, Stretch)>, room: usize, whole: Whole) -> Vec<Stretch> {
    if whole == Whole::CodePoints || characters.iter().all(|&(character, _)| is_alone(character)) {
        return characters.into_iter().map(|(_, stretch)| stretch).collect();
    }
    let text: String = characters.iter().map(|(character, _)| character).collect();
    let mut stretches = Vec::with_capacity(characters.len());
    let mut rest = characters.as_slice();
    for cluster in text.graphemes(true) {
        let (own, left) = rest.split_at(cluster.chars().count().min(rest.len()));
        rest = left;
        let sum = own.iter().fold(Stretch::default(), |sum, (_, stretch)| Stretch {
            length: sum.length + stretch.length,
            units: sum.units + stretch.units,
        });
        if sum.units <= room {
            stretches.push(sum);
        } else {
            stretches.extend(own.iter().map(|(_, stretch)| *stretch));
        }
    }
    stretches
}

/// Whether a code point makes no cluster with others of this kind, as most letters: what spares a search for clusters.
fn is_alone(character: char) -> bool {
    match character {
        '\r' => false,
        ..'\u{300}' => true,
        _ => ALONE.iter().any(|(first, last)| (*first..=*last).contains(&character)),
    }
}

/// Greek and Cyrillic up to its combining signs; the rest of Cyrillic, Armenian and Hebrew up to its points; currency
/// signs; Kana up to its combining marks, and from there on; the ideographs.
const ALONE: [(char, char); 6] = [
    ('\u{370}', '\u{482}'),
    ('\u{48A}', '\u{590}'),
    ('\u{20A0}', '\u{20CF}'),
    ('\u{3040}', '\u{3098}'),
    ('\u{309B}', '\u{30FF}'),
    ('\u{4E00}', '\u{9FFF}'),
];

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn what_stands_alone_makes_no_cluster_with_anything_that_does() {
        let alone: String = ('\0'..=char::MAX).filter(|&character| is_alone(character)).collect();
        assert_eq!(alone.graphemes(true).count(), alone.chars().count());
        for other in ["a", "\n", "€", "©", "ж", "字"] {
            let text: String =
                alone.chars().flat_map(|character| [character.to_string(), other.into()]).collect();
            assert_eq!(text.graphemes(true).count(), 2 * alone.chars().count(), "{other}");
        }
    }
}
