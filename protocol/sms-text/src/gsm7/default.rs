//! The default alphabet and its extension table (3GPP TS 23.038 §6.2.1).

/// The septet that announces a character of the extension table.
pub const ESCAPE: u8 = 0x1B;

/// Where a character stands: in the basic table, or behind an escape.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    Basic(u8),
    Extended(u8),
}

/// Where the default tables have `character`.
#[inline]
pub(super) fn place(character: char) -> Option<Place> {
    let code = u32::from(character);
    if let Some(&found) = LOW.get(code as usize) {
        return match found {
            NOWHERE => None,
            found if found & BEHIND_ESCAPE != 0 => Some(Place::Extended(found & !BEHIND_ESCAPE)),
            found => Some(Place::Basic(found)),
        };
    }
    if character == EURO.1 {
        return Some(Place::Extended(EURO.0));
    }
    (GREEK.start..GREEK.end).find(|&septet| BASIC[usize::from(septet)] == character).map(Place::Basic)
}

/// The basic table; NUL stands at the place of the escape.
#[rustfmt::skip]
pub(super) const BASIC: [char; 128] = [
    '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å',
    'Δ', '_', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', '\0', 'Æ', 'æ', 'ß', 'É',
    ' ', '!', '"', '#', '¤', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/',
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?',
    '¡', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O',
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§',
    '¿', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'ä', 'ö', 'ñ', 'ü', 'à',
];

/// The extension table: the septet after the escape, and its character. Carriage return 2 (0x0D) needs no row: it reads
/// as the basic one and is never written.
#[rustfmt::skip]
pub(super) const EXTENSION: [(u8, char); 10] = [
    (0x0A, '\u{c}'), (0x14, '^'), (0x28, '{'), (0x29, '}'), (0x2F, '\\'),
    (0x3C, '['), (0x3D, '~'), (0x3E, ']'), (0x40, '|'), EURO,
];

const EURO: (u8, char) = (0x65, '€');

/// Septets whose characters lie above U+00FF.
const GREEK: core::ops::Range<u8> = 0x10..0x1B;

const NOWHERE: u8 = 0xFF;
const BEHIND_ESCAPE: u8 = 0x80;

/// Septet by code point for U+0000 to U+00FF.
static LOW: [u8; 256] = low();

const fn low() -> [u8; 256] {
    let mut low = [NOWHERE; 256];
    let mut septet = 0;
    while septet < BASIC.len() {
        let code = BASIC[septet] as usize;
        if code < low.len() && septet != ESCAPE as usize {
            low[code] = septet as u8;
        }
        septet += 1;
    }
    let mut row = 0;
    while row < EXTENSION.len() {
        let (septet, character) = EXTENSION[row];
        if (character as usize) < low.len() {
            low[character as usize] = septet | BEHIND_ESCAPE;
        }
        row += 1;
    }
    low
}
