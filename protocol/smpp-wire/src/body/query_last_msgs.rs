//! query_last_msgs and its response, of 3.3 alone.

use crate::address::Address;
use crate::ids::CommandId;
use crate::limits;
use crate::list::MessageIds;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// The question for the latest messages from an address (SMPP 3.3).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct QueryLastMsgs<'a> {
    pub source: Address<'a>,
    /// How many, 100 at most.
    pub num_messages: u8,
    /// No version defines one here; kept where a peer sends some.
    pub tlvs: Tlvs<'a>,
}

impl<'a> QueryLastMsgs<'a> {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: a field is missing, or a string has no end.
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        let source = r.address(&["source_addr_ton", "source_addr_npi", "source_addr"], limits::ADDRESS)?;
        let [num_messages] = r.octets(&["num_messages"])?;
        Ok(Self { source, num_messages, tlvs: r.tlvs() })
    }
}

impl Body for QueryLastMsgs<'_> {
    fn command_id(&self) -> CommandId {
        CommandId::QUERY_LAST_MSGS
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self { source, num_messages, tlvs } = self;
        v.address(&["source_addr_ton", "source_addr_npi", "source_addr"], source, limits::ADDRESS)?;
        v.octets(&["num_messages"], [*num_messages])?;
        v.tlvs(tlvs)
    }
}

/// The answer to a query_last_msgs (SMPP 3.3).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct QueryLastMsgsResp<'a> {
    pub message_ids: MessageIds<'a>,
    /// No version defines one here; kept where a peer sends some.
    pub tlvs: Tlvs<'a>,
}

impl<'a> QueryLastMsgsResp<'a> {
    /// Reads a body, which may be empty.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: an id has no end, or the list is cut short.
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        if r.is_empty() {
            return Ok(Self::default());
        }
        let [number_msgs] = r.octets(&["number_msgs"])?;
        let message_ids = MessageIds::take(r, "message_details", number_msgs)?;
        Ok(Self { message_ids, tlvs: r.tlvs() })
    }
}

impl Body for QueryLastMsgsResp<'_> {
    fn command_id(&self) -> CommandId {
        CommandId::QUERY_LAST_MSGS_RESP
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self { message_ids, tlvs } = self;
        v.octets(&["number_msgs"], [message_ids.announced("message_details")?])?;
        message_ids.visit(v, "message_details")?;
        v.tlvs(tlvs)
    }
}
