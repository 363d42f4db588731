//! The languages that have tables of their own.

use super::national::{
    bengali, gujarati, hindi, indic, kannada, malayalam, oriya, portuguese, punjabi, spanish, tamil, telugu,
    turkish, urdu,
};

/// A language with national tables, by its identifier in the header (3GPP TS 23.038 §6.2.1.2.4).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Language {
    Turkish = 1,
    /// Has a single shift table only.
    Spanish = 2,
    Portuguese = 3,
    Bengali = 4,
    Gujarati = 5,
    Hindi = 6,
    Kannada = 7,
    Malayalam = 8,
    Oriya = 9,
    Punjabi = 10,
    Tamil = 11,
    Telugu = 12,
    Urdu = 13,
}

impl Language {
    /// All languages, by identifier.
    pub const ALL: [Self; 13] = [
        Self::Turkish,
        Self::Spanish,
        Self::Portuguese,
        Self::Bengali,
        Self::Gujarati,
        Self::Hindi,
        Self::Kannada,
        Self::Malayalam,
        Self::Oriya,
        Self::Punjabi,
        Self::Tamil,
        Self::Telugu,
        Self::Urdu,
    ];

    /// The identifier, 1 to 13.
    #[must_use]
    pub fn id(self) -> u8 {
        self as u8
    }

    /// The language of an identifier; `None` for 0, which is the default alphabet, and for reserved ones, which read as
    /// it (TS 23.038 §6.2.1.2.4).
    #[must_use]
    pub fn from_id(id: u8) -> Option<Self> {
        Self::ALL.get(usize::from(id.checked_sub(1)?)).copied()
    }

    /// The English name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Turkish => "Turkish",
            Self::Spanish => "Spanish",
            Self::Portuguese => "Portuguese",
            Self::Bengali => "Bengali",
            Self::Gujarati => "Gujarati",
            Self::Hindi => "Hindi",
            Self::Kannada => "Kannada",
            Self::Malayalam => "Malayalam",
            Self::Oriya => "Oriya",
            Self::Punjabi => "Punjabi",
            Self::Tamil => "Tamil",
            Self::Telugu => "Telugu",
            Self::Urdu => "Urdu",
        }
    }

    /// Whether it has a locking shift table, too: all but Spanish.
    #[must_use]
    pub fn has_locking(self) -> bool {
        self.locking().is_some()
    }

    /// The locking shift table: a character for each septet, NUL where it has none.
    pub(super) fn locking(self) -> Option<&'static [char; 128]> {
        Some(match self {
            Self::Turkish => &turkish::LOCKING,
            Self::Spanish => return None,
            Self::Portuguese => &portuguese::LOCKING,
            Self::Bengali => &bengali::LOCKING,
            Self::Gujarati => &gujarati::LOCKING,
            Self::Hindi => &hindi::LOCKING,
            Self::Kannada => &kannada::LOCKING,
            Self::Malayalam => &malayalam::LOCKING,
            Self::Oriya => &oriya::LOCKING,
            Self::Punjabi => &punjabi::LOCKING,
            Self::Tamil => &tamil::LOCKING,
            Self::Telugu => &telugu::LOCKING,
            Self::Urdu => &urdu::LOCKING,
        })
    }

    /// What the single shift table has beside the default extension table: what it shares with its kin, and its own.
    pub(super) fn shift(self) -> [&'static [(u8, char)]; 2] {
        let own: &[(u8, char)] = match self {
            Self::Turkish => &turkish::SHIFT,
            Self::Spanish => &spanish::SHIFT,
            Self::Portuguese => &portuguese::SHIFT,
            Self::Bengali => &bengali::SHIFT,
            Self::Gujarati => &gujarati::SHIFT,
            Self::Hindi => &hindi::SHIFT,
            Self::Kannada => &kannada::SHIFT,
            Self::Malayalam => &malayalam::SHIFT,
            Self::Oriya => &oriya::SHIFT,
            Self::Punjabi => &punjabi::SHIFT,
            Self::Tamil => &tamil::SHIFT,
            Self::Telugu => &telugu::SHIFT,
            Self::Urdu => &urdu::SHIFT,
        };
        let kin: &[(u8, char)] = if self >= Self::Bengali { &indic::SHIFT } else { &[] };
        [kin, own]
    }
}
