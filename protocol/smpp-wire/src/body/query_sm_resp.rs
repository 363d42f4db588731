//! query_sm_resp.

use crate::ids::{CommandId, MessageState};
use crate::limits;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// How a message fares (SMPP 5.0 §4.5.2.2).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct QuerySmResp<'a> {
    pub message_id: &'a [u8],
    /// When the message reached its final state: an absolute time, twelve digits of local time from some message
    /// centres of 3.3 and 3.4, or empty.
    pub final_date: &'a [u8],
    pub message_state: MessageState,
    /// The network's own number, 0 if all is well.
    pub error_code: u8,
    pub tlvs: Tlvs<'a>,
}

impl<'a> QuerySmResp<'a> {
    /// Reads a body, which may be empty or end after any field.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: a string has no end.
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        if r.is_empty() {
            return Ok(Self::default());
        }
        let message_id = r.first_of_several("message_id", limits::MESSAGE_ID)?;
        let final_date = r.unless_over(|r| r.time("final_date"))?;
        let [message_state] = r.unless_over(|r| r.octets(&["message_state"]))?;
        let [error_code] = r.unless_over(|r| r.octets(&["error_code"]))?;
        Ok(Self {
            message_id,
            final_date,
            message_state: MessageState(message_state),
            error_code,
            tlvs: r.tlvs(),
        })
    }
}

impl Body for QuerySmResp<'_> {
    fn command_id(&self) -> CommandId {
        CommandId::QUERY_SM_RESP
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self { message_id, final_date, message_state, error_code, tlvs } = self;
        v.c_string("message_id", message_id, limits::MESSAGE_ID)?;
        v.time("final_date", final_date)?;
        v.octets(&["message_state", "error_code"], [message_state.0, *error_code])?;
        v.tlvs(tlvs)
    }
}
