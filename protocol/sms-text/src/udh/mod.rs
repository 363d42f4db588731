//! The user data header in front of a text (3GPP TS 23.040 §9.2.3.24): its elements, and concatenation.

mod concat;
mod element;
mod meaning;
mod ports;
mod read;
mod write;

pub use concat::{Concat, ReferenceSize};
pub use element::{Element, Elements, elements, elements_beside_concat};
pub use meaning::{Indication, Meaning};
pub use ports::Ports;
pub use read::{BadUdh, concat_of, ports_of, split_udh};
pub(crate) use write::HeaderWriter;
pub use write::write_user_data;
