//! outbind.

use crate::ids::CommandId;
use crate::limits;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// A message centre's wish that the ESME bind (SMPP 5.0 §4.1.1.7). It has no response: the ESME binds, or closes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Outbind<'a> {
    /// The message centre's own.
    pub system_id: &'a [u8],
    pub password: &'a [u8],
    /// No version defines one here; kept where a peer sends some.
    pub tlvs: Tlvs<'a>,
}

impl<'a> Outbind<'a> {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: `system_id` has no end, or `password` is missing.
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        Ok(Self {
            system_id: r.c_string("system_id", limits::SYSTEM_ID)?,
            password: r.last_c_string("password", limits::PASSWORD)?,
            tlvs: r.tlvs(),
        })
    }
}

impl Body for Outbind<'_> {
    fn command_id(&self) -> CommandId {
        CommandId::OUTBIND
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self { system_id, password, tlvs } = self;
        v.c_string("system_id", system_id, limits::SYSTEM_ID)?;
        v.c_string("password", password, limits::PASSWORD)?;
        v.tlvs(tlvs)
    }
}
