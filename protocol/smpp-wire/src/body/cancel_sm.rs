//! cancel_sm.

use crate::address::Address;
use crate::ids::CommandId;
use crate::limits;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// The wish to take back messages that are not delivered yet (SMPP 5.0 §4.5.1.1): the one with `message_id`, or where
/// that is empty all with these addresses and this `service_type`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct CancelSm<'a> {
    pub service_type: &'a [u8],
    pub message_id: &'a [u8],
    pub source: Address<'a>,
    pub destination: Address<'a>,
    /// No version defines one here; kept where a peer sends some.
    pub tlvs: Tlvs<'a>,
}

impl<'a> CancelSm<'a> {
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
        let message_id = r.c_string("message_id", limits::MESSAGE_ID)?;
        let source = r.address(&["source_addr_ton", "source_addr_npi", "source_addr"], limits::ADDRESS)?;
        let destination =
            r.last_address(&["dest_addr_ton", "dest_addr_npi", "destination_addr"], limits::ADDRESS)?;
        Ok(Self { service_type, message_id, source, destination, tlvs: r.tlvs() })
    }
}

impl Body for CancelSm<'_> {
    fn command_id(&self) -> CommandId {
        CommandId::CANCEL_SM
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self { service_type, message_id, source, destination, tlvs } = self;
        v.c_string("service_type", service_type, limits::SERVICE_TYPE)?;
        v.c_string("message_id", message_id, limits::MESSAGE_ID)?;
        v.address(&["source_addr_ton", "source_addr_npi", "source_addr"], source, limits::ADDRESS)?;
        v.address(&["dest_addr_ton", "dest_addr_npi", "destination_addr"], destination, limits::ADDRESS)?;
        v.tlvs(tlvs)
    }
}
