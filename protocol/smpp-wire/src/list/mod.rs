//! The lists within bodies: octets just read, or entries to write.

mod destination;
mod entries;
mod message_id;
mod unsuccess;

pub use destination::{Destination, Destinations};
pub use entries::{Iter, List};
pub use message_id::{MessageId, MessageIds};
pub use unsuccess::{Unsuccess, Unsuccessful};
