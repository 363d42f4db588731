//! replace_sm.

use super::short_message::sm_length;
use crate::address::Address;
use crate::ids::{CommandId, RegisteredDelivery};
use crate::limits;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// The wish to put another text into a message that is not delivered yet (SMPP 5.0 §4.5.3.1). The coding stays that of
/// the message.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ReplaceSm<'a> {
    pub message_id: &'a [u8],
    /// As in the submission; it must match.
    pub source: Address<'a>,
    pub schedule_delivery_time: &'a [u8],
    pub validity_period: &'a [u8],
    pub registered_delivery: RegisteredDelivery,
    pub sm_default_msg_id: u8,
    /// At most 255 octets (254 by 3.4).
    pub short_message: &'a [u8],
    /// 5.0's `message_payload`.
    pub tlvs: Tlvs<'a>,
}

impl<'a> ReplaceSm<'a> {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: a field is missing, a string has no end, or `sm_length` reaches past the body.
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        let message_id = r.c_string("message_id", limits::MESSAGE_ID)?;
        let source = r.address(&["source_addr_ton", "source_addr_npi", "source_addr"], limits::ADDRESS)?;
        let schedule_delivery_time = r.time("schedule_delivery_time")?;
        let validity_period = r.time("validity_period")?;
        let [registered_delivery, sm_default_msg_id, sm_length] =
            r.octets(&["registered_delivery", "sm_default_msg_id", "sm_length"])?;
        Ok(Self {
            message_id,
            source,
            schedule_delivery_time,
            validity_period,
            registered_delivery: RegisteredDelivery(registered_delivery),
            sm_default_msg_id,
            short_message: r.sized("short_message", sm_length)?,
            tlvs: r.tlvs(),
        })
    }

    /// The user data, wherever the peer put it; see [`SubmitSm::user_data`](crate::SubmitSm::user_data).
    pub fn user_data(&self) -> &'a [u8] {
        self.tlvs.user_data(self.short_message)
    }
}

impl Body for ReplaceSm<'_> {
    fn command_id(&self) -> CommandId {
        CommandId::REPLACE_SM
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self {
            message_id,
            source,
            schedule_delivery_time,
            validity_period,
            registered_delivery,
            sm_default_msg_id,
            short_message,
            tlvs,
        } = self;
        let sm_length = sm_length(short_message)?;
        v.c_string("message_id", message_id, limits::MESSAGE_ID)?;
        v.address(&["source_addr_ton", "source_addr_npi", "source_addr"], source, limits::ADDRESS)?;
        v.time("schedule_delivery_time", schedule_delivery_time)?;
        v.time("validity_period", validity_period)?;
        v.octets(
            &["registered_delivery", "sm_default_msg_id", "sm_length"],
            [registered_delivery.to(v.version()).0, *sm_default_msg_id, sm_length],
        )?;
        v.sized("short_message", short_message, limits::SHORT_MESSAGE_V3_4)?;
        v.tlvs(tlvs)
    }
}
