//! submit_multi_resp.

use crate::ids::CommandId;
use crate::limits;
use crate::list::Unsuccess;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// The answer to a submit_multi (SMPP 5.0 §4.2.3.2).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct SubmitMultiResp<'a> {
    pub message_id: &'a [u8],
    /// Whom the message was not taken for; all others it was.
    pub unsuccess: Unsuccess<'a>,
    pub tlvs: Tlvs<'a>,
}

impl<'a> SubmitMultiResp<'a> {
    /// Reads a body, which may be empty or end after `message_id`.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: a string has no end, or the list is cut short.
    pub fn read(body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, Self::take)
    }

    pub(crate) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        if r.is_empty() {
            return Ok(Self::default());
        }
        let message_id = r.first_of_several("message_id", limits::MESSAGE_ID)?;
        let [no_unsuccess] = r.unless_over(|r| r.octets(&["no_unsuccess"]))?;
        let unsuccess = Unsuccess::take(r, "unsuccess_sme", no_unsuccess)?;
        Ok(Self { message_id, unsuccess, tlvs: r.tlvs() })
    }
}

impl Body for SubmitMultiResp<'_> {
    fn command_id(&self) -> CommandId {
        CommandId::SUBMIT_MULTI_RESP
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self { message_id, unsuccess, tlvs } = self;
        v.c_string("message_id", message_id, limits::MESSAGE_ID)?;
        v.octets(&["no_unsuccess"], [unsuccess.announced("unsuccess_sme")?])?;
        unsuccess.visit(v, "unsuccess_sme")?;
        v.tlvs(tlvs)
    }
}
