//! SMPP PDUs as bytes: frames, views, commands, statuses and TLVs.
//!
//! [`cut`] takes one exact frame off a buffer by its `command_length`; [`FrameRef::view`] reads it into a
//! [`Pdu`], an enum of views that borrow, or the hot path calls [`SubmitSm::read`] and its like directly.
//! [`write_pdu`] appends a view to a buffer. Nothing here allocates but the buffer that is written to and
//! [`FrameRef::to_frame`].
//!
//! Generous in: what real peers send is read, and the rules it breaks are noted in [`Warnings`]. Strict
//! out: what no frame can carry is [`Unwritable`], and [`Body::check`] holds the rest against the book.
//! Numbers are newtypes that keep what they do not know; [`COMMANDS`], [`STATUSES`] and [`TAGS`] name the rest.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod address;
mod body;
mod frame;
mod header;
pub mod ids;
mod limits;
mod malformed;
mod nul;
mod read;
mod tlvs;
mod warnings;
mod write;

pub use address::{Address, NotAnAddress};
pub use body::{Bind, BindMode, BindResp, DeliverSm, DeliverSmResp, Pdu, SubmitSm, SubmitSmResp};
pub use frame::{BadLength, Frame, FrameRef, announced, cut};
pub use header::Header;
pub use ids::{
    COMMANDS, CommandId, CommandStatus, DataCoding, EsmClass, InterfaceVersion, Npi, RegisteredDelivery,
    STATUSES, TAGS, Tag, Ton,
};
pub use malformed::Malformed;
pub use tlvs::{Iter as TlvIter, Tlv, Tlvs};
pub use warnings::Warnings;
pub use write::{Body, Unwritable, write_header, write_pdu};
