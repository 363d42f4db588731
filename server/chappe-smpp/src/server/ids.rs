//! How a session writes the ids of messages.

use chappe_core::{IdStyle, IdText, MessageId, ShortIds};
use smpp_wire::InterfaceVersion;

/// The form of an id on one session: the account's, or a short one where the session's version has no room for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ids {
    style: IdStyle,
    short: Option<ShortIds>,
}

impl Ids {
    /// For a session of this version, under a store whose ids are these.
    pub(super) fn of(version: InterfaceVersion, id: impl Fn(u64) -> MessageId) -> Self {
        let short = (!version.has_tlvs()).then(|| ShortIds::of(id));
        Self { style: IdStyle::default(), short }
    }

    /// The account writes ids like this from here on.
    pub(super) fn set_style(&mut self, style: IdStyle) {
        self.style = style;
    }

    /// The id of a message.
    #[inline]
    pub(super) fn text(&self, id: MessageId, sequence: u64) -> IdText {
        match &self.short {
            None => self.style.text(id),
            Some(short) => short.text(sequence),
        }
    }
}
