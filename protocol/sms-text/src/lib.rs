//! Text of short messages: alphabets, user data headers, segments and receipts.
//!
//! Text goes in, octets come out, and back again. The crate knows no PDU, no clock and no socket: an octet
//! slice is what SMPP calls `short_message` or `message_payload`, and `now` is an argument.
//!
//! Reading is total: whatever a peer sent, there is a text to show, and nothing panics. Writing is strict:
//! what cannot be said exactly is refused.
//!
//! ```
//! use sms_text::{Encoding, ReferenceSize, segment};
//!
//! let hello = segment("hello €", ReferenceSize::Octet(1)).unwrap();
//! assert_eq!(hello.encoding, Encoding::Gsm7);
//! assert_eq!(hello.parts, [b"hello \x1b\x65"]);
//! ```
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod ascii;
pub mod encoding;
pub mod gsm7;
pub mod join;
pub mod latin1;
pub mod packed;
pub mod preview;
pub mod receipt;
pub mod segment;
pub mod time;
pub mod typography;
pub mod ucs2;
pub mod udh;

pub use encoding::{Encoding, decode, encode_smallest};
pub use join::{Incomplete, Joiner};
pub use preview::{Preview, preview};
pub use segment::{Segments, TooLong, segment};
pub use time::{Span, Time};
pub use udh::{BadUdh, Concat, ReferenceSize, concat_of, split_udh};
