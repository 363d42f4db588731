//! How a message fared, within a query_msg_details_resp.

use core::fmt;

use super::query_sm_resp::QuerySmResp;
use crate::ids::MessageState;
use crate::limits;
use crate::malformed::Malformed;
use crate::read::{Generous, Mode, Reader, Silent};
use crate::unwritable::Unwritable;
use crate::visit::Visit;

/// How a message fared: octets just read, or what a query_sm_resp says, to write.
///
/// In two forms so that the rarest of all views does not make [`Pdu`](crate::Pdu) larger, which every other pays for.
#[derive(Clone, Copy)]
pub struct Fate<'a>(Form<'a>);

#[derive(Clone, Copy)]
enum Form<'a> {
    Raw(&'a [u8]),
    /// As [`Raw`](Self::Raw), read by the book.
    ByTheBook(&'a [u8]),
    Resp(&'a QuerySmResp<'a>),
}

impl<'a> Fate<'a> {
    /// Takes what is to be written.
    pub const fn of(resp: &'a QuerySmResp<'a>) -> Self {
        Self(Form::Resp(resp))
    }

    /// The fields: those of a query_sm_resp.
    pub fn fields(&self) -> QuerySmResp<'a> {
        match self.0 {
            Form::Raw(octets) => again(octets, Generous),
            Form::ByTheBook(octets) => again(octets, Silent),
            Form::Resp(resp) => *resp,
        }
    }

    /// Takes the rest of a body; what is missing there is empty or 0.
    pub(super) fn take<M: Mode>(r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        let octets = r.rest();
        // Read to be judged; from the octets it is read again.
        fields(r)?;
        Ok(Self(if M::STRICT { Form::ByTheBook(octets) } else { Form::Raw(octets) }))
    }

    pub(super) fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        let QuerySmResp { message_id, final_date, message_state, error_code, tlvs } = self.fields();
        v.c_string("message_id", message_id, limits::MESSAGE_ID_V3_3)?;
        v.time("final_date", final_date)?;
        v.octets(&["message_state", "error_code"], [message_state.0, error_code])?;
        v.tlvs(&tlvs)
    }
}

/// Reads octets that were read before in the same mode.
fn again<M: Mode>(octets: &[u8], mode: M) -> QuerySmResp<'_> {
    fields(&mut Reader::new(octets, mode)).unwrap_or_default()
}

fn fields<'a, M: Mode>(r: &mut Reader<'a, M>) -> Result<QuerySmResp<'a>, Malformed> {
    let message_id = r.unless_over(|r| r.c_string("message_id", limits::MESSAGE_ID_V3_3))?;
    let final_date = r.unless_over(|r| r.time("final_date"))?;
    let [message_state] = r.unless_over(|r| r.octets(&["message_state"]))?;
    let [error_code] = r.unless_over(|r| r.octets(&["error_code"]))?;
    let message_state = MessageState(message_state);
    Ok(QuerySmResp { message_id, final_date, message_state, error_code, tlvs: r.tlvs() })
}

impl Default for Fate<'_> {
    fn default() -> Self {
        Self(Form::Raw(&[]))
    }
}

/// The same fields, whichever form they are in.
impl PartialEq for Fate<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.fields() == other.fields()
    }
}

impl Eq for Fate<'_> {}

impl fmt::Debug for Fate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fields().fmt(f)
    }
}
