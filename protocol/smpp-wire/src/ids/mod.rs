//! The numbers of the protocol: each a newtype that keeps what it does not know, the large ones with a table.

mod codes;
mod command;
mod older;
mod status;
mod tag;
mod values;

pub use codes::{DataCoding, EsmClass, InterfaceVersion, MessageState, Npi, RegisteredDelivery, Ton};
pub use command::{COMMANDS, Command, CommandId, Sent, Side, State};
pub use status::{Class, CommandStatus, Retry, STATUSES, Status};
pub use tag::{TAGS, Tag, TagFacts, TlvKind};
pub use values::{VALUES, Values, value_name};
