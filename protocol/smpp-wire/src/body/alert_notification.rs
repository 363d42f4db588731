//! alert_notification.

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

/// News that a handset can be reached again (SMPP 5.0 §4.1.3.1). It has no response.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct AlertNotification<'a> {
    /// The handset.
    pub source: Address<'a>,
    /// Who asked to be told, by `set_dpf` in a data_sm.
    pub esme: Address<'a>,
    /// `ms_availability_status`.
    pub tlvs: Tlvs<'a>,
}

impl<'a> AlertNotification<'a> {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: a field is missing, or a string has no end.
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        let source =
            r.address(&["source_addr_ton", "source_addr_npi", "source_addr"], limits::LONG_ADDRESS)?;
        let esme = r.last_address(&["esme_addr_ton", "esme_addr_npi", "esme_addr"], limits::LONG_ADDRESS)?;
        Ok(Self { source, esme, tlvs: r.tlvs() })
    }
}

impl Body for AlertNotification<'_> {
    fn command_id(&self) -> CommandId {
        CommandId::ALERT_NOTIFICATION
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self { source, esme, tlvs } = self;
        v.address(&["source_addr_ton", "source_addr_npi", "source_addr"], source, limits::LONG_ADDRESS)?;
        v.address(&["esme_addr_ton", "esme_addr_npi", "esme_addr"], esme, limits::LONG_ADDRESS)?;
        v.tlvs(tlvs)
    }
}
