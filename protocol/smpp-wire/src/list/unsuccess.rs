//! The destinations that a submit_multi did not reach.

use super::entries::{Entry, List};
use crate::address::Address;
use crate::ids::CommandStatus;
use crate::limits;
use crate::malformed::Malformed;
use crate::read::{Mode, Reader};
use crate::unwritable::Unwritable;
use crate::visit::Visit;

/// Whom the message centre did not take a submit_multi for, 255 at most.
pub type Unsuccess<'a> = List<'a, Unsuccessful<'a>>;

/// One destination that was refused, and why (SMPP 5.0 §4.2.3.2).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Unsuccessful<'a> {
    pub address: Address<'a>,
    pub status: CommandStatus,
}

impl<'a> Entry<'a> for Unsuccessful<'a> {
    fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        Ok(Self {
            address: r.address(&["dest_addr_ton", "dest_addr_npi", "destination_addr"], limits::ADDRESS)?,
            status: CommandStatus(r.long("error_status_code")?),
        })
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        let Self { address, status } = self;
        v.address(&["dest_addr_ton", "dest_addr_npi", "destination_addr"], address, limits::ADDRESS)?;
        v.long("error_status_code", status.to(v.version()).0)
    }
}
