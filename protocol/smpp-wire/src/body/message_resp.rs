//! The responses that are a message id and TLVs.

use crate::ids::CommandId;
use crate::limits;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// The answer to a submit_sm (SMPP 5.0 §4.2.1.2).
pub type SubmitSmResp<'a> = MessageResp<'a, { CommandId::SUBMIT_SM_RESP.0 }>;

/// The answer to a deliver_sm (SMPP 5.0 §4.3.1.2). Its id is unused: empty when we write.
pub type DeliverSmResp<'a> = MessageResp<'a, { CommandId::DELIVER_SM_RESP.0 }>;

/// The answer to a data_sm (SMPP 5.0 §4.2.2.2); a refusal may tell why in TLVs.
pub type DataSmResp<'a> = MessageResp<'a, { CommandId::DATA_SM_RESP.0 }>;

/// The answer to a broadcast_sm (SMPP 5.0 §4.4.1.2); its TLVs name the areas that failed.
pub type BroadcastSmResp<'a> = MessageResp<'a, { CommandId::BROADCAST_SM_RESP.0 }>;

/// The answer to a query_broadcast_sm (SMPP 5.0 §4.6.1.3); its TLVs tell how each area fared.
pub type QueryBroadcastSmResp<'a> = MessageResp<'a, { CommandId::QUERY_BROADCAST_SM_RESP.0 }>;

/// A response that is a message id and TLVs; which one it is, `COMMAND` says.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct MessageResp<'a, const COMMAND: u32> {
    /// The message centre's own; empty where the response has no body, as refusals often have not.
    pub message_id: &'a [u8],
    pub tlvs: Tlvs<'a>,
}

impl<'a, const COMMAND: u32> MessageResp<'a, COMMAND> {
    /// Reads a body, which may be empty.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: `message_id` has no end.
    #[inline(always)]
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    #[inline(always)]
    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        Ok(Self { message_id: r.first_of_response("message_id", limits::MESSAGE_ID)?, tlvs: r.tlvs() })
    }
}

impl<const COMMAND: u32> Body for MessageResp<'_, COMMAND> {
    #[inline]
    fn command_id(&self) -> CommandId {
        CommandId(COMMAND)
    }

    #[inline]
    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        let Self { message_id, tlvs } = self;
        v.c_string("message_id", message_id, limits::MESSAGE_ID)?;
        v.tlvs(tlvs)
    }
}
