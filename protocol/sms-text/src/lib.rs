//! Text of short messages: alphabets, user data headers, segments, receipts and times.
//!
//! Text goes in, octets come out, and back again. The crate knows no PDU, no clock and no socket: an octet slice is
//! what SMPP calls `short_message` or `message_payload`, and `now` is an argument. It needs no `std`, only `alloc`.
//!
//! Reading is total: whatever a peer sent, there is a text to show, and nothing panics. Writing is strict: what cannot
//! be said exactly is refused.
//!
//! # A tour
//!
//! **What will it cost?** [`preview()`] tells encoding, parts and room left, and the character that makes a text UCS-2.
//!
//! ```
//! use sms_text::{Encoding, preview};
//!
//! let cost = preview("It’s 5 €");
//! assert_eq!((cost.encoding, cost.parts, cost.units_left()), (Encoding::Ucs2, 1, 62));
//! assert_eq!((cost.why_ucs2, cost.replacement), (Some((2, '’')), Some("'")));
//! ```
//!
//! **Sending.** [`segment()`] encodes a text as small as it goes and cuts it where no reader notices; [`segment_by`] takes
//! a [`Plan`] with national languages, application ports, SAR numbers beside the parts, or one piece for
//! `message_payload`.
//!
//! ```
//! use sms_text::{Encoding, Plan, ReferenceSize, gsm7::Language, segment, segment_by};
//!
//! let hello = segment("hello €", ReferenceSize::Octet(1))?;
//! assert_eq!((hello.encoding, hello.has_udh()), (Encoding::Gsm7, false));
//! assert_eq!(hello.parts, [b"hello \x1b\x65"]);
//!
//! // Half the parts of UCS-2, where the phones know Turkish.
//! let plan = Plan { languages: &[Language::Turkish], ..Plan::default() };
//! let turkish = segment_by("Günaydın, bugün hava çok güzel, değil mi? Şimdi çıkıyorum, akşama görüşürüz.", &plan)?;
//! assert_eq!((turkish.encoding, turkish.parts.len(), turkish.has_udh()), (Encoding::Gsm7, 1, true));
//! # Ok::<(), sms_text::TooLong>(())
//! ```
//!
//! **Receiving.** [`decode`] reads the text that a `data_coding` spells, [`decode_user_data`] one behind a header;
//! [`DataCodingScheme`] takes the octet apart: class, indication, compression. [`split_udh`] cuts off the header,
//! [`concat_of`] and [`ports_of`] read what it says, and a [`Joiner`] puts the parts together in whatever order they
//! come.
//!
//! ```
//! use sms_text::{Joiner, concat_of, decode, split_udh};
//!
//! let mut joiner = Joiner::new(1000, 600_000);
//! let now_ms = 0;
//! let mut whole = None;
//! for part in [&b"\x05\x00\x03\x2a\x02\x02world"[..], b"\x05\x00\x03\x2a\x02\x01hello "] {
//!     let (_, text) = split_udh(part)?;
//!     let concat = concat_of(part).expect("a part");
//!     whole = joiner.push("385911234567", concat, text, now_ms);
//! }
//! assert_eq!(whole.map(|octets| decode(0, &octets)).as_deref(), Some("hello world"));
//! # Ok::<(), sms_text::BadUdh>(())
//! ```
//!
//! **Receipts.** [`receipt::read`] takes whatever carriers make of SMPP 3.4 appendix B, a [`receipt::Profile`] knows what
//! one of them means by it, and [`receipt::Receipt`] writes the form to the letter.
//!
//! ```
//! use sms_text::receipt::{self, State};
//!
//! let told = receipt::read(b"STAT:delivered ID:00Ab donedate:20260301123059 err:0").expect("a receipt");
//! assert_eq!((told.id, told.state()), (Some(&b"00Ab"[..]), Some(State::Delivered)));
//! assert_eq!(told.done().map(|stamp| stamp.to_string()).as_deref(), Some("2026-03-01T12:30:59"));
//! ```
//!
//! **Times.** [`Time`] reads `schedule_delivery_time` and `validity_period`; [`Span`] and [`receipt::Stamp`] write them.
//!
//! ```
//! use sms_text::{Span, Time};
//!
//! let Some(Time::Relative(span)) = Time::read(b"000007000000000R") else { panic!("seven days") };
//! assert_eq!(span, Span { days: 7, ..Span::default() });
//! assert_eq!(Time::read(b"070927233429848+").and_then(Time::utc).map(|utc| utc.to_string()).as_deref(),
//!     Some("2007-09-27T11:34:29"));
//! ```
//!
//! # Units
//!
//! Texts count in *units*: septets in GSM 7-bit, UTF-16 units in UCS-2, else octets. Lengths of user data are octets as
//! they travel in a PDU, where a septet takes a whole one; 140 octets on the air hold 160 septets. References, totals and
//! sequences are numbers of parts. Milliseconds are those of the caller's clock.
//!
//! # Errors
//!
//! [`TooLong`]: more parts than can be numbered; cut the text, or send a payload. [`BadUdh`]: no header where one was
//! announced; show the octets. [`BadTime`], [`gsm7::BadGsm7`]: what a strict reader refuses; the lenient ones give
//! `None` or read over it. `Option` where there is one reason only: a character without a place, a date that is none.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod ascii;
mod calendar;
pub mod cyrillic;
mod data_coding;
pub mod encoding;
pub mod gsm7;
pub mod hebrew;
pub mod join;
pub mod latin1;
pub mod packed;
pub mod pieces;
mod plan;
pub mod preview;
pub mod receipt;
pub mod segment;
mod spelling;
pub mod time;
pub mod typography;
pub mod ucs2;
pub mod udh;

pub use calendar::Century;
pub use data_coding::{Coding, DataCodingScheme, MessageClass, Waiting, decode, decode_user_data};
pub use encoding::{Encoding, encode_smallest};
pub use gsm7::{Language, Tables};
pub use join::{Incomplete, Joiner};
pub use pieces::{Whole, cut, pieces};
pub use plan::{Numbering, Plan};
pub use preview::{Preview, preview};
pub use segment::{Segments, TooLong, segment, segment_by};
pub use spelling::{Spelling, smallest};
pub use time::{BadTime, Span, Time};
pub use udh::{BadUdh, Concat, Ports, ReferenceSize, concat_of, ports_of, split_udh};
