//! Every codec at the same octets.

mod cases;
mod clock;
#[path = "../../../protocol/smpp-wire/benches/codec/floor.rs"]
mod floor;
mod floor_work;
mod ours;
mod pdus;
mod rusmpp_borrowed;
mod rusmpp_owned;
mod smpp34_work;
mod smpp_codec_work;
mod timing;

pub use timing::{count, names, time};
