//! The typed bodies: views that borrow, their fields in wire order.

mod bind;
mod deliver_sm;
mod message_resp;
mod pdu;
mod submit_sm;
mod user_data;

pub use bind::{Bind, BindMode, BindResp};
pub use deliver_sm::DeliverSm;
pub use message_resp::{DeliverSmResp, SubmitSmResp};
pub use pdu::Pdu;
pub use submit_sm::SubmitSm;
