//! query_sm and query_broadcast_sm: one body.

use crate::address::Address;
use crate::ids::CommandId;
use crate::limits;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// The question how a message fares (SMPP 5.0 §4.5.2.1).
pub type QuerySm<'a> = Query<'a, { CommandId::QUERY_SM.0 }>;

/// The question how a broadcast fares (SMPP 5.0 §4.6.1.1).
pub type QueryBroadcastSm<'a> = Query<'a, { CommandId::QUERY_BROADCAST_SM.0 }>;

/// A question about a message by its id; which of the two it is, `COMMAND` says.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Query<'a, const COMMAND: u32> {
    /// The message centre's own, from the response to the submission.
    pub message_id: &'a [u8],
    /// As in the submission; it must match.
    pub source: Address<'a>,
    pub tlvs: Tlvs<'a>,
}

impl<'a, const COMMAND: u32> Query<'a, COMMAND> {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: a field is missing, or a string has no end.
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        let message_id = r.c_string("message_id", limits::MESSAGE_ID)?;
        let source =
            r.last_address(&["source_addr_ton", "source_addr_npi", "source_addr"], limits::ADDRESS)?;
        Ok(Self { message_id, source, tlvs: r.tlvs() })
    }
}

impl<const COMMAND: u32> Body for Query<'_, COMMAND> {
    fn command_id(&self) -> CommandId {
        CommandId(COMMAND)
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        let Self { message_id, source, tlvs } = self;
        v.c_string("message_id", message_id, limits::MESSAGE_ID)?;
        v.address(&["source_addr_ton", "source_addr_npi", "source_addr"], source, limits::ADDRESS)?;
        v.tlvs(tlvs)
    }
}
