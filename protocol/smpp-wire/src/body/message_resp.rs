//! submit_sm_resp and deliver_sm_resp: a message id and TLVs.

use alloc::vec::Vec;

use crate::ids::CommandId;
use crate::limits;
use crate::malformed::Malformed;
use crate::read::Reader;
use crate::tlvs::Tlvs;
use crate::warnings::Warnings;
use crate::write::{self, Body, Unwritable};

/// The answer to a submit_sm (SMPP 5.0 §4.2.1.2).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct SubmitSmResp<'a> {
    /// The message centre's own; empty where the response has no body, as refusals often have not.
    pub message_id: &'a [u8],
    pub tlvs: Tlvs<'a>,
}

impl<'a> SubmitSmResp<'a> {
    /// Reads a body, which may be empty.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: `message_id` has no end.
    #[inline(always)]
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        let (message_id, tlvs, warnings) = read(body)?;
        Ok((Self { message_id, tlvs }, warnings))
    }
}

impl Body for SubmitSmResp<'_> {
    #[inline]
    fn command_id(&self) -> CommandId {
        CommandId::SUBMIT_SM_RESP
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>) -> Result<(), Unwritable> {
        let Self { message_id, tlvs } = self;
        write::c_string(out, "message_id", message_id)?;
        write::tlvs(out, tlvs)
    }

    fn check(&self) -> Result<(), Unwritable> {
        write::fits("message_id", self.message_id, limits::MESSAGE_ID)?;
        write::tiles(&self.tlvs)
    }
}

/// The answer to a deliver_sm (SMPP 5.0 §4.3.1.2).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct DeliverSmResp<'a> {
    /// Unused: empty when we write.
    pub message_id: &'a [u8],
    pub tlvs: Tlvs<'a>,
}

impl<'a> DeliverSmResp<'a> {
    /// Reads a body, which may be empty.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: `message_id` has no end.
    #[inline(always)]
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        let (message_id, tlvs, warnings) = read(body)?;
        Ok((Self { message_id, tlvs }, warnings))
    }
}

impl Body for DeliverSmResp<'_> {
    #[inline]
    fn command_id(&self) -> CommandId {
        CommandId::DELIVER_SM_RESP
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>) -> Result<(), Unwritable> {
        let Self { message_id, tlvs } = self;
        write::c_string(out, "message_id", message_id)?;
        write::tlvs(out, tlvs)
    }

    fn check(&self) -> Result<(), Unwritable> {
        write::fits("message_id", self.message_id, limits::MESSAGE_ID)?;
        write::tiles(&self.tlvs)
    }
}

#[inline(always)]
fn read(body: &[u8]) -> Result<(&[u8], Tlvs<'_>, Warnings), Malformed> {
    let r = &mut Reader::new(body);
    let message_id = r.first_of_response("message_id", limits::MESSAGE_ID)?;
    let tlvs = r.tlvs();
    Ok((message_id, tlvs, r.warnings()))
}
