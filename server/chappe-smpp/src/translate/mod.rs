//! The only place that knows both PDU and [`Message`](chappe_core::Message).
//!
//! Inwards a PDU's view becomes a view of a message that borrows the same octets; outwards a message's view becomes a
//! PDU's view, with what has to be composed (a TLV list, a receipt's text) in a scratch that is reused.

mod address;
mod deliver;
mod heard;
mod long;
mod quote;
mod receipt;
mod scratch;
mod status;
mod submit;
mod time;
mod tlvs;

pub(crate) use deliver::deliver_sm;
pub(crate) use heard::{CarrierReceipt, Heard, heard};
pub(crate) use receipt::{Ending, News, receipt};
pub(crate) use scratch::Scratch;
pub(crate) use status::status;
pub(crate) use submit::{Carriage, Habits, submission, submit_sm};
