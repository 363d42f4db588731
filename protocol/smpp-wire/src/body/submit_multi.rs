//! submit_multi.

use super::short_message::{SubmitSm, sm_length};
use crate::address::Address;
use crate::content::Content;
use crate::ids::{CommandId, DataCoding, EsmClass, RegisteredDelivery};
use crate::limits;
use crate::list::Destinations;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// A message to many (SMPP 5.0 §4.2.3.1).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct SubmitMulti<'a> {
    pub service_type: &'a [u8],
    pub source: Address<'a>,
    pub destinations: Destinations<'a>,
    pub esm_class: EsmClass,
    pub protocol_id: u8,
    pub priority_flag: u8,
    pub schedule_delivery_time: &'a [u8],
    pub validity_period: &'a [u8],
    pub registered_delivery: RegisteredDelivery,
    pub replace_if_present_flag: u8,
    pub data_coding: DataCoding,
    pub sm_default_msg_id: u8,
    /// At most 255 octets (254 by 3.4).
    pub short_message: &'a [u8],
    pub tlvs: Tlvs<'a>,
}

impl<'a> SubmitMulti<'a> {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: a field is missing, a string has no end, a `dest_flag` is neither 1 nor 2, or `sm_length`
    /// reaches past the body.
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        let service_type = r.c_string("service_type", limits::SERVICE_TYPE)?;
        let source = r.address(&["source_addr_ton", "source_addr_npi", "source_addr"], limits::ADDRESS)?;
        let [number_of_dests] = r.octets(&["number_of_dests"])?;
        let destinations = Destinations::take(r, "dest_address", number_of_dests)?;
        let [esm_class, protocol_id, priority_flag] =
            r.octets(&["esm_class", "protocol_id", "priority_flag"])?;
        let schedule_delivery_time = r.time("schedule_delivery_time")?;
        let validity_period = r.time("validity_period")?;
        let [registered_delivery, replace_if_present_flag, data_coding, sm_default_msg_id, sm_length] = r
            .octets(&[
                "registered_delivery",
                "replace_if_present_flag",
                "data_coding",
                "sm_default_msg_id",
                "sm_length",
            ])?;
        Ok(Self {
            service_type,
            source,
            destinations,
            esm_class: EsmClass(esm_class),
            protocol_id,
            priority_flag,
            schedule_delivery_time,
            validity_period,
            registered_delivery: RegisteredDelivery(registered_delivery),
            replace_if_present_flag,
            data_coding: DataCoding(data_coding),
            sm_default_msg_id,
            short_message: r.sized("short_message", sm_length)?,
            tlvs: r.tlvs(),
        })
    }

    /// The user data, wherever the peer put it; see [`SubmitSm::user_data`](crate::SubmitSm::user_data).
    pub fn user_data(&self) -> &'a [u8] {
        self.tlvs.user_data(self.short_message)
    }

    /// The user data taken apart: header, text, and which part of how many it is.
    pub fn content(&self) -> Content<'a> {
        Content::read(self.esm_class, self.short_message, &self.tlvs)
    }

    /// The message as it goes to one of its destinations.
    pub fn to(&self, destination: Address<'a>) -> SubmitSm<'a> {
        SubmitSm {
            service_type: self.service_type,
            source: self.source,
            destination,
            esm_class: self.esm_class,
            protocol_id: self.protocol_id,
            priority_flag: self.priority_flag,
            schedule_delivery_time: self.schedule_delivery_time,
            validity_period: self.validity_period,
            registered_delivery: self.registered_delivery,
            replace_if_present_flag: self.replace_if_present_flag,
            data_coding: self.data_coding,
            sm_default_msg_id: self.sm_default_msg_id,
            short_message: self.short_message,
            tlvs: self.tlvs,
        }
    }
}

impl Body for SubmitMulti<'_> {
    fn command_id(&self) -> CommandId {
        CommandId::SUBMIT_MULTI
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self {
            service_type,
            source,
            destinations,
            esm_class,
            protocol_id,
            priority_flag,
            schedule_delivery_time,
            validity_period,
            registered_delivery,
            replace_if_present_flag,
            data_coding,
            sm_default_msg_id,
            short_message,
            tlvs,
        } = self;
        let sm_length = sm_length(short_message)?;
        v.c_string("service_type", service_type, limits::SERVICE_TYPE)?;
        v.address(&["source_addr_ton", "source_addr_npi", "source_addr"], source, limits::ADDRESS)?;
        v.octets(&["number_of_dests"], [destinations.announced("dest_address")?])?;
        destinations.visit(v, "dest_address")?;
        v.octets(
            &["esm_class", "protocol_id", "priority_flag"],
            [esm_class.0, *protocol_id, *priority_flag],
        )?;
        v.time("schedule_delivery_time", schedule_delivery_time)?;
        v.time("validity_period", validity_period)?;
        v.octets(
            &[
                "registered_delivery",
                "replace_if_present_flag",
                "data_coding",
                "sm_default_msg_id",
                "sm_length",
            ],
            [
                registered_delivery.to(v.version()).0,
                *replace_if_present_flag,
                data_coding.0,
                *sm_default_msg_id,
                sm_length,
            ],
        )?;
        v.sized("short_message", short_message, limits::SHORT_MESSAGE_V3_4)?;
        v.tlvs(tlvs)
    }
}
