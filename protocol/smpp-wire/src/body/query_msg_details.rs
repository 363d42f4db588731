//! query_msg_details and its response, of 3.3 alone.

use super::fate::Fate;
use super::short_message::sm_length;
use crate::address::Address;
use crate::ids::{CommandId, DataCoding, RegisteredDelivery};
use crate::limits;
use crate::list::Destinations;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// The question for a whole message (SMPP 3.3).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct QueryMsgDetails<'a> {
    pub message_id: &'a [u8],
    /// As in the submission; it must match.
    pub source: Address<'a>,
    /// How many octets of the text are wanted; none follow.
    pub sm_length: u8,
    /// No version defines one here; kept where a peer sends some.
    pub tlvs: Tlvs<'a>,
}

impl<'a> QueryMsgDetails<'a> {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: a field is missing, or a string has no end.
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        let message_id = r.c_string("message_id", limits::MESSAGE_ID_V3_3)?;
        let source = r.address(&["source_addr_ton", "source_addr_npi", "source_addr"], limits::ADDRESS)?;
        let [sm_length] = r.octets(&["sm_length"])?;
        Ok(Self { message_id, source, sm_length, tlvs: r.tlvs() })
    }
}

impl Body for QueryMsgDetails<'_> {
    fn command_id(&self) -> CommandId {
        CommandId::QUERY_MSG_DETAILS
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self { message_id, source, sm_length, tlvs } = self;
        v.c_string("message_id", message_id, limits::MESSAGE_ID_V3_3)?;
        v.address(&["source_addr_ton", "source_addr_npi", "source_addr"], source, limits::ADDRESS)?;
        v.octets(&["sm_length"], [*sm_length])?;
        v.tlvs(tlvs)
    }
}

/// The answer to a query_msg_details (SMPP 3.3): the submission, and how it fared.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct QueryMsgDetailsResp<'a> {
    pub service_type: &'a [u8],
    pub source: Address<'a>,
    pub destinations: Destinations<'a>,
    pub protocol_id: u8,
    pub priority_flag: u8,
    pub schedule_delivery_time: &'a [u8],
    pub validity_period: &'a [u8],
    pub registered_delivery: RegisteredDelivery,
    pub data_coding: DataCoding,
    /// At most 160 octets.
    pub short_message: &'a [u8],
    /// How it fared, and the TLVs of a peer that sends some, although 3.3 has none.
    pub fate: Fate<'a>,
}

impl<'a> QueryMsgDetailsResp<'a> {
    /// Reads a body, which may be empty or, as refusals have it, one NUL.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: a field is missing, a string has no end, or `sm_length` reaches past the body.
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        if r.is_empty() || r.is_one_nul() {
            return Ok(Self::default());
        }
        let service_type = r.c_string("service_type", limits::SERVICE_TYPE)?;
        let source = r.address(&["source_addr_ton", "source_addr_npi", "source_addr"], limits::ADDRESS)?;
        let [number_of_dests] = r.octets(&["number_of_dests"])?;
        let destinations = Destinations::take(r, "dest_address", number_of_dests)?;
        let [protocol_id, priority_flag] = r.octets(&["protocol_id", "priority_flag"])?;
        let schedule_delivery_time = r.time("schedule_delivery_time")?;
        let validity_period = r.time("validity_period")?;
        let [registered_delivery, data_coding, sm_length] =
            r.octets(&["registered_delivery", "data_coding", "sm_length"])?;
        Ok(Self {
            service_type,
            source,
            destinations,
            protocol_id,
            priority_flag,
            schedule_delivery_time,
            validity_period,
            registered_delivery: RegisteredDelivery(registered_delivery),
            data_coding: DataCoding(data_coding),
            short_message: r.sized("short_message", sm_length)?,
            fate: Fate::take(r)?,
        })
    }
}

impl Body for QueryMsgDetailsResp<'_> {
    fn command_id(&self) -> CommandId {
        CommandId::QUERY_MSG_DETAILS_RESP
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self {
            service_type,
            source,
            destinations,
            protocol_id,
            priority_flag,
            schedule_delivery_time,
            validity_period,
            registered_delivery,
            data_coding,
            short_message,
            fate,
        } = self;
        let sm_length = sm_length(short_message)?;
        v.c_string("service_type", service_type, limits::SERVICE_TYPE)?;
        v.address(&["source_addr_ton", "source_addr_npi", "source_addr"], source, limits::ADDRESS)?;
        v.octets(&["number_of_dests"], [destinations.announced("dest_address")?])?;
        destinations.visit(v, "dest_address")?;
        v.octets(&["protocol_id", "priority_flag"], [*protocol_id, *priority_flag])?;
        v.time("schedule_delivery_time", schedule_delivery_time)?;
        v.time("validity_period", validity_period)?;
        v.octets(
            &["registered_delivery", "data_coding", "sm_length"],
            [registered_delivery.to(v.version()).0, data_coding.0, sm_length],
        )?;
        v.sized("short_message", short_message, limits::SHORT_MESSAGE_V3_3)?;
        fate.visit(v)
    }
}
