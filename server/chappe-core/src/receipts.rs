//! How an account hears of its messages.

pub use sms_text::receipt::Dates;

use crate::id_style::IdStyle;

/// The text of the receipts that an account gets (BEHAVIOUR §3).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ReceiptForm {
    /// Also the form of the id in the answer to a submit, and of every id the account asks about.
    pub id: IdStyle,
    /// Digits of `err`, 1 to 4; 3 unless set.
    pub err_width: u8,
    pub dates: Dates,
}

impl Default for ReceiptForm {
    fn default() -> Self {
        Self { id: IdStyle::default(), err_width: 3, dates: Dates::default() }
    }
}

/// Which receivers of an account get its receipts and inbound messages.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum ReceiptsTo {
    /// Any whose `address_range` matches, the least loaded first.
    #[default]
    Any,
    /// The bind that submitted the message while it is bound and receives, else any.
    Submitter,
    /// The same one for the same correspondent: others that go change nothing, one that comes takes over its share.
    Sticky,
}
