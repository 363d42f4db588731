//! What a submit_sm brings to a phone.

use sms_text::{Concat, Spelling, concat_of, receipt::State, split_udh};

/// What a submit_sm brings to a phone, as it was on the wire.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival<'a> {
    /// The phone.
    pub to: &'a [u8],
    /// The sender: digits or a name.
    pub from: &'a [u8],
    pub data_coding: u8,
    /// Whether the user data begins with a header (esm_class 0x40).
    pub has_udh: bool,
    /// Concatenation by sar_* TLVs, where the sender used these.
    pub sar: Option<Concat>,
    pub user_data: &'a [u8],
    /// What the sender is told of it.
    pub state: State,
    /// The carrier's message id.
    pub id: u64,
}

impl<'a> Arrival<'a> {
    /// Which part of what this is, and its octets without the header. A broken header is shown as text.
    pub(super) fn part(&self) -> (Option<Concat>, &'a [u8]) {
        if !self.has_udh {
            return (self.sar, self.user_data);
        }
        let text = split_udh(self.user_data).map_or(self.user_data, |(_, text)| text);
        (concat_of(self.user_data).or(self.sar), text)
    }

    /// Octets without a header, read in the national tables that the header of this one announces.
    pub(super) fn text_of(&self, octets: &[u8]) -> String {
        let header = match split_udh(self.user_data) {
            Ok((header, _)) if self.has_udh => header,
            _ => &[],
        };
        Spelling::received(self.data_coding, header).decode(octets)
    }

    pub(super) fn number(&self) -> String {
        String::from_utf8_lossy(self.to).into_owned()
    }

    pub(super) fn sender(&self) -> String {
        String::from_utf8_lossy(self.from).into_owned()
    }
}
