//! The destinations of a submit_multi.

use super::entries::{Entry, List};
use crate::address::Address;
use crate::limits;
use crate::malformed::Malformed;
use crate::read::{Mode, Reader};
use crate::unwritable::Unwritable;
use crate::visit::Visit;

/// Whom a submit_multi is for, 255 at most (254 by 3.4).
pub type Destinations<'a> = List<'a, Destination<'a>>;

/// One destination (SMPP 5.0 §4.2.3.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Destination<'a> {
    /// `dest_flag` 1.
    Address(Address<'a>),
    /// `dest_flag` 2: the name of a distribution list that the message centre keeps.
    List(&'a [u8]),
}

impl Destination<'_> {
    const ADDRESS: u8 = 1;
    const LIST: u8 = 2;
}

impl<'a> Entry<'a> for Destination<'a> {
    fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        let [dest_flag] = r.octets(&["dest_flag"])?;
        match dest_flag {
            Self::ADDRESS => Ok(Self::Address(
                r.address(&["dest_addr_ton", "dest_addr_npi", "destination_addr"], limits::ADDRESS)?,
            )),
            Self::LIST => Ok(Self::List(r.c_string("dl_name", limits::LIST_NAME)?)),
            value => Err(Malformed::InvalidValue { field: "dest_flag", value: value.into() }),
        }
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        match self {
            Self::Address(address) => {
                v.octets(&["dest_flag"], [Self::ADDRESS])?;
                let fields = &["dest_addr_ton", "dest_addr_npi", "destination_addr"];
                v.address(fields, address, limits::ADDRESS)
            }
            Self::List(name) => {
                v.octets(&["dest_flag"], [Self::LIST])?;
                v.c_string("dl_name", name, limits::LIST_NAME)
            }
        }
    }
}
