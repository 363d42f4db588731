//! submit_sm and deliver_sm: one body.

use crate::address::Address;
use crate::content::Content;
use crate::ids::{CommandId, DataCoding, EsmClass, RegisteredDelivery};
use crate::limits;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// A message from an ESME to the message centre (SMPP 5.0 §4.2.1.1).
pub type SubmitSm<'a> = ShortMessage<'a, { CommandId::SUBMIT_SM.0 }>;

/// A message or a receipt from the message centre to an ESME (SMPP 5.0 §4.3.1.1).
pub type DeliverSm<'a> = ShortMessage<'a, { CommandId::DELIVER_SM.0 }>;

/// What a submit_sm and a deliver_sm say alike; which of the two it is, `COMMAND` says.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ShortMessage<'a, const COMMAND: u32> {
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

impl<'a, const COMMAND: u32> ShortMessage<'a, COMMAND> {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: a field is missing, a string has no end, or `sm_length` reaches past the body.
    #[inline(always)]
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    #[inline(always)]
    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        // In the order of SMPP 5.0 §4.2.1.1; neighbours of one octet share a bounds check.
        let service_type = r.c_string("service_type", limits::SERVICE_TYPE)?;
        let source = r.address(&["source_addr_ton", "source_addr_npi", "source_addr"], limits::ADDRESS)?;
        let destination =
            r.address(&["dest_addr_ton", "dest_addr_npi", "destination_addr"], limits::ADDRESS)?;
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
        })
    }

    /// The user data, wherever the peer put it: the `message_payload` TLV, or where there is none (or an
    /// empty one) `short_message`. No peer may send both (SMPP 5.0 §4.8.4.36); of those that do, most mean the
    /// payload.
    pub fn user_data(&self) -> &'a [u8] {
        self.tlvs.user_data(self.short_message)
    }

    /// The user data taken apart: header, text, and which part of how many it is.
    pub fn content(&self) -> Content<'a> {
        Content::read(self.esm_class, self.short_message, &self.tlvs)
    }
}

impl<const COMMAND: u32> Body for ShortMessage<'_, COMMAND> {
    #[inline]
    fn command_id(&self) -> CommandId {
        CommandId(COMMAND)
    }

    #[inline]
    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
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
        let sm_length = sm_length(short_message)?;
        v.c_string("service_type", service_type, limits::SERVICE_TYPE)?;
        v.address(&["source_addr_ton", "source_addr_npi", "source_addr"], source, limits::ADDRESS)?;
        v.address(&["dest_addr_ton", "dest_addr_npi", "destination_addr"], destination, limits::ADDRESS)?;
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

/// The octet that announces a `short_message`.
#[inline]
pub(super) fn sm_length(short_message: &[u8]) -> Result<u8, Unwritable> {
    let octets = short_message.len();
    u8::try_from(octets).map_err(|_| Unwritable::TooLong { field: "short_message", octets, max: 255 })
}
