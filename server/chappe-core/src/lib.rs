//! The nouns and verdicts of a message centre, without clock, socket, task or file.
//!
//! Nouns: [`Message`], [`Account`], [`Link`], [`Route`], [`Reason`]. Verdicts: [`admission`] (may it enter, and by
//! which links), [`lifecycle`] (what a receipt changes and who hears of it), [`retry`] (what a carrier's answer means).
//! Time is an argument everywhere.

#![forbid(unsafe_code)]

mod account;
mod address;
pub mod admission;
pub mod alphabet;
mod id;
mod id_style;
pub mod lifecycle;
mod link;
mod long;
mod message;
pub mod parts;
mod party;
mod policy;
mod rate;
mod reason;
mod receipts;
pub mod retry;
mod route;
mod short_id;
pub mod split;
mod time;
pub mod tlvs;

pub use account::{Account, Sources};
pub use address::{Address, AddressBuf};
pub use alphabet::Alphabet;
pub use id::{IdKey, MessageId, NotAnId};
pub use id_style::{IdStyle, IdText};
pub use link::{InDoubt, Link, LinkMode, Version};
pub use long::{Long, LongForm, LongReceipt};
pub use message::{Class, Malformed, Message};
pub use party::{AccountId, LinkId};
pub use policy::Policy;
pub use rate::{Bucket, Rate};
pub use reason::{Blame, Reason};
pub use receipts::{Dates, ReceiptForm, ReceiptsTo};
pub use route::{Route, Routes, Target};
pub use short_id::ShortIds;
pub use time::Timestamp;
