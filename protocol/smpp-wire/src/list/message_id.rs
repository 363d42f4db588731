//! The ids that a query_last_msgs_resp lists.

use super::entries::{Entry, List};
use crate::limits;
use crate::malformed::Malformed;
use crate::read::{Mode, Reader};
use crate::unwritable::Unwritable;
use crate::visit::Visit;

/// The latest messages, newest first, 100 at most by 3.3.
pub type MessageIds<'a> = List<'a, MessageId<'a>>;

/// One message (SMPP 3.3, query_last_msgs_resp).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct MessageId<'a>(pub &'a [u8]);

impl<'a> Entry<'a> for MessageId<'a> {
    fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        r.c_string("message_id", limits::MESSAGE_ID_V3_3).map(Self)
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        v.c_string("message_id", self.0, limits::MESSAGE_ID_V3_3)
    }
}
