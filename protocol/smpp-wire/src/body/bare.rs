//! The commands without fields, which may still carry TLVs.

use crate::ids::CommandId;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// A PDU that could not be understood (SMPP 5.0 §4.1.4.1); the status says why.
pub type GenericNack<'a> = Bare<'a, { CommandId::GENERIC_NACK.0 }>;

/// A request to end the session (SMPP 5.0 §4.1.1.8).
pub type Unbind<'a> = Bare<'a, { CommandId::UNBIND.0 }>;

/// The answer to an unbind (SMPP 5.0 §4.1.1.9).
pub type UnbindResp<'a> = Bare<'a, { CommandId::UNBIND_RESP.0 }>;

/// The question whether the peer is there (SMPP 5.0 §4.1.2.1).
pub type EnquireLink<'a> = Bare<'a, { CommandId::ENQUIRE_LINK.0 }>;

/// The answer to an enquire_link (SMPP 5.0 §4.1.2.2).
pub type EnquireLinkResp<'a> = Bare<'a, { CommandId::ENQUIRE_LINK_RESP.0 }>;

/// The answer to a cancel_sm (SMPP 5.0 §4.5.1.2).
pub type CancelSmResp<'a> = Bare<'a, { CommandId::CANCEL_SM_RESP.0 }>;

/// The answer to a replace_sm (SMPP 5.0 §4.5.3.2).
pub type ReplaceSmResp<'a> = Bare<'a, { CommandId::REPLACE_SM_RESP.0 }>;

/// The answer to a cancel_broadcast_sm (SMPP 5.0 §4.6.2.3).
pub type CancelBroadcastSmResp<'a> = Bare<'a, { CommandId::CANCEL_BROADCAST_SM_RESP.0 }>;

/// A command that is TLVs alone, usually none at all; which one it is, `COMMAND` says.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Bare<'a, const COMMAND: u32> {
    /// 5.0's `congestion_state` on a response.
    pub tlvs: Tlvs<'a>,
}

impl<'a, const COMMAND: u32> Bare<'a, COMMAND> {
    /// Reads a body, which should be empty or TLVs; anything else there is noted and ignored.
    ///
    /// # Errors
    ///
    /// None: whatever is there can be ignored.
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        Ok(Self { tlvs: r.tlvs() })
    }
}

impl<const COMMAND: u32> Body for Bare<'_, COMMAND> {
    fn command_id(&self) -> CommandId {
        CommandId(COMMAND)
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        v.tlvs(&self.tlvs)
    }
}
