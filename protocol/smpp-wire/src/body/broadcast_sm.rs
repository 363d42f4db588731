//! broadcast_sm.

use crate::address::Address;
use crate::ids::{CommandId, DataCoding};
use crate::limits;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// A message to all handsets of an area (SMPP 5.0 §4.4.1.1).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct BroadcastSm<'a> {
    pub service_type: &'a [u8],
    pub source: Address<'a>,
    /// Empty, or the id of the broadcast to replace.
    pub message_id: &'a [u8],
    pub priority_flag: u8,
    pub schedule_delivery_time: &'a [u8],
    pub validity_period: &'a [u8],
    pub replace_if_present_flag: u8,
    pub data_coding: DataCoding,
    pub sm_default_msg_id: u8,
    /// Four must be here: `broadcast_area_identifier` (one an area), `broadcast_content_type`, `broadcast_rep_num`
    /// and `broadcast_frequency_interval`. The text is in `message_payload`.
    pub tlvs: Tlvs<'a>,
}

impl<'a> BroadcastSm<'a> {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: a field is missing, or a string has no end.
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        let service_type = r.c_string("service_type", limits::SERVICE_TYPE)?;
        let source = r.address(&["source_addr_ton", "source_addr_npi", "source_addr"], limits::ADDRESS)?;
        let message_id = r.c_string("message_id", limits::MESSAGE_ID)?;
        let [priority_flag] = r.octets(&["priority_flag"])?;
        let schedule_delivery_time = r.time("schedule_delivery_time")?;
        let validity_period = r.time("validity_period")?;
        let [replace_if_present_flag, data_coding, sm_default_msg_id] =
            r.octets(&["replace_if_present_flag", "data_coding", "sm_default_msg_id"])?;
        Ok(Self {
            service_type,
            source,
            message_id,
            priority_flag,
            schedule_delivery_time,
            validity_period,
            replace_if_present_flag,
            data_coding: DataCoding(data_coding),
            sm_default_msg_id,
            tlvs: r.tlvs(),
        })
    }

    /// The `message_payload`; empty where there is none.
    pub fn user_data(&self) -> &'a [u8] {
        self.tlvs.user_data(&[])
    }
}

impl Body for BroadcastSm<'_> {
    fn command_id(&self) -> CommandId {
        CommandId::BROADCAST_SM
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self {
            service_type,
            source,
            message_id,
            priority_flag,
            schedule_delivery_time,
            validity_period,
            replace_if_present_flag,
            data_coding,
            sm_default_msg_id,
            tlvs,
        } = self;
        v.c_string("service_type", service_type, limits::SERVICE_TYPE)?;
        v.address(&["source_addr_ton", "source_addr_npi", "source_addr"], source, limits::ADDRESS)?;
        v.c_string("message_id", message_id, limits::MESSAGE_ID)?;
        v.octets(&["priority_flag"], [*priority_flag])?;
        v.time("schedule_delivery_time", schedule_delivery_time)?;
        v.time("validity_period", validity_period)?;
        v.octets(
            &["replace_if_present_flag", "data_coding", "sm_default_msg_id"],
            [*replace_if_present_flag, data_coding.0, *sm_default_msg_id],
        )?;
        v.tlvs(tlvs)
    }
}
