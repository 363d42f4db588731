//! submit_sm.

use alloc::vec::Vec;

use super::user_data::user_data;
use crate::address::Address;
use crate::ids::{CommandId, DataCoding, EsmClass, RegisteredDelivery};
use crate::limits;
use crate::malformed::Malformed;
use crate::read::Reader;
use crate::tlvs::Tlvs;
use crate::warnings::Warnings;
use crate::write::{self, Body, Unwritable};

/// A message from an ESME to the message centre (SMPP 5.0 §4.2.1.1).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct SubmitSm<'a> {
    pub service_type: &'a [u8],
    pub source: Address<'a>,
    pub destination: Address<'a>,
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

impl<'a> SubmitSm<'a> {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: a field is missing, a string has no end, or `sm_length` reaches past the body.
    #[inline(always)]
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        let r = &mut Reader::new(body);
        // In the order of SMPP 5.0 §4.2.1.1; neighbours of one octet share a bounds check.
        let service_type = r.c_string("service_type", limits::SERVICE_TYPE)?;
        let source = r.address(&["source_addr_ton", "source_addr_npi", "source_addr"], limits::ADDRESS)?;
        let destination =
            r.address(&["dest_addr_ton", "dest_addr_npi", "destination_addr"], limits::ADDRESS)?;
        let [esm_class, protocol_id, priority_flag] =
            r.octets(&["esm_class", "protocol_id", "priority_flag"])?;
        let schedule_delivery_time = r.c_string("schedule_delivery_time", limits::TIME)?;
        let validity_period = r.c_string("validity_period", limits::TIME)?;
        let [registered_delivery, replace_if_present_flag, data_coding, sm_default_msg_id, sm_length] = r
            .octets(&[
                "registered_delivery",
                "replace_if_present_flag",
                "data_coding",
                "sm_default_msg_id",
                "sm_length",
            ])?;
        let message = Self {
            service_type,
            source,
            destination,
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
        };
        Ok((message, r.warnings()))
    }

    /// The user data, wherever the peer put it: the `message_payload` TLV, or where there is none (or an
    /// empty one) `short_message`. No peer may send both (SMPP 5.0 §4.8.4.36); of those that do, most mean the
    /// payload.
    pub fn user_data(&self) -> &'a [u8] {
        user_data(self.short_message, &self.tlvs)
    }
}

impl Body for SubmitSm<'_> {
    #[inline]
    fn command_id(&self) -> CommandId {
        CommandId::SUBMIT_SM
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self {
            service_type,
            source,
            destination,
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
        let sm_length = write::sm_length(short_message)?;
        write::c_string(out, "service_type", service_type)?;
        write::address(out, "source_addr", source)?;
        write::address(out, "destination_addr", destination)?;
        out.extend_from_slice(&[esm_class.0, *protocol_id, *priority_flag]);
        write::c_string(out, "schedule_delivery_time", schedule_delivery_time)?;
        write::c_string(out, "validity_period", validity_period)?;
        out.extend_from_slice(&[
            registered_delivery.0,
            *replace_if_present_flag,
            data_coding.0,
            *sm_default_msg_id,
            sm_length,
        ]);
        out.extend_from_slice(short_message);
        write::tlvs(out, tlvs)
    }

    fn check(&self) -> Result<(), Unwritable> {
        write::fits("service_type", self.service_type, limits::SERVICE_TYPE)?;
        write::fits("source_addr", self.source.digits, limits::ADDRESS)?;
        write::fits("destination_addr", self.destination.digits, limits::ADDRESS)?;
        write::fits("schedule_delivery_time", self.schedule_delivery_time, limits::TIME)?;
        write::fits("validity_period", self.validity_period, limits::TIME)?;
        write::at_most("short_message", self.short_message, limits::SHORT_MESSAGE_V3_4)?;
        write::tiles(&self.tlvs)
    }
}
