//! SMPP PDUs as bytes: frames, views, commands, statuses and TLVs.
//!
//! [`cut`] takes one exact frame off a buffer by its `command_length`; [`FrameRef::view`] reads it into a
//! [`Pdu`], an enum of views that borrow, or the hot path calls [`SubmitSm::read`] and its like directly.
//! [`write_pdu`] appends a view to a buffer. Nothing here allocates but the buffer that is written to and
//! [`FrameRef::to_frame`].
//!
//! Every command of 3.3, 3.4 and 5.0 has a view; versions are a column of the tables and an argument of
//! [`Body::write`], not a second set of types.
//!
//! Generous in: what real peers send is read, and the rules it breaks are noted in [`Warnings`]. Strict
//! out: what no frame can carry is [`Unwritable`], and [`Body::check`] holds the rest against the book. The
//! [`strict`] module reads by the book as well, for tests and tools.
//! Numbers are newtypes that keep what they do not know; [`COMMANDS`], [`STATUSES`] and [`TAGS`] name the rest.

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
