//! SMPP PDUs as bytes: frames, views, commands, statuses and TLVs of 3.3, 3.4 and 5.0.
//!
//! ```
//! use smpp_wire::{Address, CommandStatus, Pdu, SubmitSm, SubmitSmResp, Tag, TlvBuf, TlvValue, cut, write_pdu};
//!
//! // Write.
//! let mut tlvs = TlvBuf::new();
//! tlvs.push(Tag::USER_MESSAGE_REFERENCE, TlvValue::Integer(7))?;
//! let message = SubmitSm {
//!     source: Address::try_from("ACME")?,
//!     destination: Address::try_from("+385911234567")?,
//!     short_message: b"hello",
//!     tlvs: tlvs.as_tlvs(),
//!     ..Default::default()
//! };
//! let mut buffer = Vec::new();
//! write_pdu(&mut buffer, CommandStatus::OK, 1, &message)?;
//! write_pdu(&mut buffer, CommandStatus::OK, 9, &SubmitSmResp { message_id: b"4711", ..Default::default() })?;
//!
//! // Read: a frame of at most 70,000 octets after the other, each into a view.
//! let mut rest = &buffer[..];
//! while let Some(frame) = cut(rest, 70_000)? {
//!     rest = &rest[frame.bytes().len()..];
//!     match frame.view() {
//!         Ok((Pdu::SubmitSm(message), _)) => {
//!             assert_eq!(message.user_data(), b"hello");
//!             assert_eq!(message.tlvs.value(Tag::USER_MESSAGE_REFERENCE), Some(TlvValue::Integer(7)));
//!         }
//!         Ok((other, warnings)) => println!("{other:?} {warnings}"),
//!         Err(malformed) => println!("answer {}: {malformed}", malformed.status()),
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Reading.** [`cut`] takes one exact frame off a buffer by its `command_length`, so that nothing in a body can reach
//! beyond it. [`FrameRef::view`] reads it into a [`Pdu`], an enum of views that borrow; the hot path calls
//! [`SubmitSm::read`] and its like. Generous in: what real peers send is read, and the rules it breaks are noted in
//! [`Warnings`]; what user data and TLVs break is said when asked ([`Pdu::content_warnings`]). A body that cannot be read
//! is [`Malformed`], which knows the status to answer with.
//!
//! **Writing.** [`write_pdu`] appends a view to a buffer, [`write_pdu_for`] as a peer of a version knows it. Strict out:
//! what no frame can carry is [`Unwritable`], and [`Body::check`] holds the rest against the book. Any command of a
//! vendor's is a [`Body`] by naming its fields.
//!
//! **By the book.** [`strict`] reads as a strict peer would, for tests and tools, and [`Body::fields`] names every field
//! as the specification does.
//!
//! Nothing here allocates but the buffer that is written to and [`FrameRef::to_frame`]. Every command has a view;
//! versions are a column of the tables and an argument of [`Body::write`], not a second set of types. Numbers are
//! newtypes that keep what they do not know; [`COMMANDS`], [`STATUSES`], [`TAGS`] and
//! [`VALUES`](ids::VALUES) name the rest.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod address;
mod body;
mod check;
mod content;
mod field;
mod frame;
mod header;
pub mod ids;
mod limits;
mod list;
mod malformed;
mod name;
mod nul;
mod read;
pub mod strict;
mod tlv_value;
mod tlvs;
mod unwritable;
mod visit;
mod warnings;
mod write;
mod writer;

pub use address::{Address, NotAnAddress};
pub use body::{
    AlertNotification, Bare, Bind, BindMode, BindResp, BroadcastSm, BroadcastSmResp, CancelBroadcastSm,
    CancelBroadcastSmResp, CancelSm, CancelSmResp, DataSm, DataSmResp, DeliverSm, DeliverSmResp, EnquireLink,
    EnquireLinkResp, Fate, GenericNack, MessageResp, Other, Outbind, ParamRetrieve, ParamRetrieveResp, Pdu,
    Query, QueryBroadcastSm, QueryBroadcastSmResp, QueryLastMsgs, QueryLastMsgsResp, QueryMsgDetails,
    QueryMsgDetailsResp, QuerySm, QuerySmResp, ReplaceSm, ReplaceSmResp, ShortMessage, SubmitMulti,
    SubmitMultiResp, SubmitSm, SubmitSmResp, Unbind, UnbindResp,
};
pub use content::{Content, Segment};
pub use field::{Entries, Field};
pub use frame::{BadLength, Frame, FrameRef, Framed, announced, cut};
pub use header::Header;
pub use ids::{
    COMMANDS, CommandId, CommandStatus, DataCoding, EsmClass, InterfaceVersion, MessageState, Npi,
    RegisteredDelivery, STATUSES, TAGS, Tag, Ton,
};
pub use list::{
    Destination, Destinations, Iter as ListIter, List, MessageId, MessageIds, Unsuccess, Unsuccessful,
};
pub use malformed::Malformed;
pub use tlv_value::{TlvBuf, TlvValue};
pub use tlvs::{Iter as TlvIter, Tlv, Tlvs};
pub use unwritable::Unwritable;
pub use visit::Visit;
pub use warnings::Warnings;
pub use write::{Body, write_header, write_pdu, write_pdu_for};
