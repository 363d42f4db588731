//! data_sm.

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

/// A message either way, with all but its addresses in TLVs (SMPP 5.0 §4.2.2.1).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct DataSm<'a> {
    pub service_type: &'a [u8],
    pub source: Address<'a>,
    pub destination: Address<'a>,
    pub esm_class: EsmClass,
    pub registered_delivery: RegisteredDelivery,
    pub data_coding: DataCoding,
    /// The text is in `message_payload`.
    pub tlvs: Tlvs<'a>,
}

impl<'a> DataSm<'a> {
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
        let source =
            r.address(&["source_addr_ton", "source_addr_npi", "source_addr"], limits::LONG_ADDRESS)?;
        let destination =
            r.address(&["dest_addr_ton", "dest_addr_npi", "destination_addr"], limits::LONG_ADDRESS)?;
        let [esm_class, registered_delivery, data_coding] =
            r.octets(&["esm_class", "registered_delivery", "data_coding"])?;
        Ok(Self {
            service_type,
            source,
            destination,
            esm_class: EsmClass(esm_class),
            registered_delivery: RegisteredDelivery(registered_delivery),
            data_coding: DataCoding(data_coding),
            tlvs: r.tlvs(),
        })
    }

    /// The `message_payload`; empty where there is none.
    pub fn user_data(&self) -> &'a [u8] {
        self.tlvs.user_data(&[])
    }

    /// The user data taken apart: header, text, and which part of how many it is.
    pub fn content(&self) -> Content<'a> {
        Content::read(self.esm_class, &[], &self.tlvs)
    }
}

impl Body for DataSm<'_> {
    fn command_id(&self) -> CommandId {
        CommandId::DATA_SM
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self { service_type, source, destination, esm_class, registered_delivery, data_coding, tlvs } =
            self;
        v.c_string("service_type", service_type, limits::SERVICE_TYPE)?;
        v.address(&["source_addr_ton", "source_addr_npi", "source_addr"], source, limits::LONG_ADDRESS)?;
        v.address(
            &["dest_addr_ton", "dest_addr_npi", "destination_addr"],
            destination,
            limits::LONG_ADDRESS,
        )?;
        v.octets(
            &["esm_class", "registered_delivery", "data_coding"],
            [esm_class.0, registered_delivery.to(v.version()).0, data_coding.0],
        )?;
        v.tlvs(tlvs)
    }
}
