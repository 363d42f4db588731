//! GSM 7-bit (3GPP TS 23.038 §6.2.1): the default alphabet with its extension table and the national tables of 13
//! languages, unpacked: one septet an octet, top bit zero, as SMPP carries it. [`packed`](crate::packed) packs them.
//!
//! The functions here speak the default alphabet; [`Tables`] has the same ones for any pair of tables.

mod default;
mod fault;
mod language;
mod national;
mod plain;
mod tables;

pub use default::ESCAPE;
pub use fault::BadGsm7;
pub use language::Language;
pub use plain::{check, decode, encode, encode_into, first_unrepresentable, septets, septets_of};
pub use tables::Tables;
