//! Characters that word processors put in, and the plain ones that fit GSM 7-bit instead.

use alloc::string::String;

/// What a reader would take for `character` as well, spelled in GSM 7-bit; `None` where nothing would do.
#[must_use]
pub fn plain_form(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}' | '\u{2032}' | '\u{00B4}' | '\u{0060}' => "'",
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' | '\u{2033}' | '\u{00AB}' | '\u{00BB}' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '\u{2026}' => "...",
        '\u{2022}' | '\u{00B7}' => "*",
        '\u{2039}' => "<",
        '\u{203A}' => ">",
        '\u{00A0}' | '\u{2002}'..='\u{200A}' | '\u{202F}' | '\u{0009}' => " ",
        // Nothing to see: zero-width space, word joiner, soft hyphen, byte order mark. (The other joiners shape
        // Arabic, Indic scripts and emoji, none of which fits GSM 7-bit anyway.)
        '\u{200B}' | '\u{2060}' | '\u{00AD}' | '\u{FEFF}' => "",
        _ => return None,
    })
}

/// `text` with each such character in its plain form, or `None` where there is none to replace.
#[must_use]
pub fn plain(text: &str) -> Option<String> {
    text.chars().any(|character| plain_form(character).is_some()).then(|| {
        let mut plain = String::with_capacity(text.len());
        for character in text.chars() {
            match plain_form(character) {
                Some(form) => plain.push_str(form),
                None => plain.push(character),
            }
        }
        plain
    })
}
