//! What a deliver_sm says, for those who print it.

use smpp_wire::{DeliverSm, Tag};
use sms_text::receipt::{self, State};

/// A receipt as it was sent; TLVs count more than text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Receipt {
    pub(crate) id: String,
    /// `None` where it is a word of the sender's own: see `stat`.
    pub(crate) state: Option<State>,
    /// The state as the text writes it, or as its TLV means it.
    pub(crate) stat: String,
    pub(crate) err: String,
}

impl Receipt {
    /// `None` for a message from a phone.
    pub(crate) fn of(message: &DeliverSm<'_>) -> Option<Self> {
        let class = message.esm_class;
        if !class.is_receipt() && !class.is_intermediate_notification() {
            return None;
        }
        let text = receipt::read(message.user_data()).unwrap_or_default();
        let id = message.tlvs.get(Tag::RECEIPTED_MESSAGE_ID).map(|tlv| tlv.c_string());
        let code = message.tlvs.get(Tag::MESSAGE_STATE).and_then(|tlv| tlv.integer());
        let state = code.and_then(|code| State::from_code(u8::try_from(code).ok()?)).or(text.state());
        let word = state.map_or_else(|| text.stat.unwrap_or(b"UNKNOWN"), |state| state.stat().as_bytes());
        Some(Self {
            id: printable(&String::from_utf8_lossy(id.or(text.id).unwrap_or_default())),
            state,
            stat: printable(&String::from_utf8_lossy(word)),
            err: printable(&String::from_utf8_lossy(text.err.unwrap_or(b"000"))),
        })
    }
}

/// A text of the network without what could command a terminal.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_command(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Control characters, and those that turn the direction of writing.
fn is_command(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_the_network_commands_the_terminal() {
        assert_eq!(printable("a\x1b[31mb\r\nđ€"), "a\\u{1b}[31mb\\r\\nđ€");
        assert_eq!(printable("\u{202e}evil"), "\\u{202e}evil");
    }
}
