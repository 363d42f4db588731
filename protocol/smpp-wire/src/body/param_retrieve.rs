//! param_retrieve and its response, of 3.3 alone.

use crate::ids::CommandId;
use crate::limits;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// The question what a setting of the message centre is (SMPP 3.3).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ParamRetrieve<'a> {
    pub param_name: &'a [u8],
    /// No version defines one here; kept where a peer sends some.
    pub tlvs: Tlvs<'a>,
}

impl<'a> ParamRetrieve<'a> {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: `param_name` is missing or has no end.
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        let param_name = r.last_c_string("param_name", limits::PARAM_NAME)?;
        Ok(Self { param_name, tlvs: r.tlvs() })
    }
}

impl Body for ParamRetrieve<'_> {
    fn command_id(&self) -> CommandId {
        CommandId::PARAM_RETRIEVE
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self { param_name, tlvs } = self;
        v.c_string("param_name", param_name, limits::PARAM_NAME)?;
        v.tlvs(tlvs)
    }
}

/// The answer to a param_retrieve (SMPP 3.3).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ParamRetrieveResp<'a> {
    pub param_value: &'a [u8],
    /// No version defines one here; kept where a peer sends some.
    pub tlvs: Tlvs<'a>,
}

impl<'a> ParamRetrieveResp<'a> {
    /// Reads a body, which may be empty.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: `param_value` has no end.
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        let param_value = r.first_of_response("param_value", limits::PARAM_VALUE)?;
        Ok(Self { param_value, tlvs: r.tlvs() })
    }
}

impl Body for ParamRetrieveResp<'_> {
    fn command_id(&self) -> CommandId {
        CommandId::PARAM_RETRIEVE_RESP
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self { param_value, tlvs } = self;
        v.c_string("param_value", param_value, limits::PARAM_VALUE)?;
        v.tlvs(tlvs)
    }
}
