//! The peer's answer to a request.

use std::borrow::Cow;
use std::fmt;

use smpp_wire::{CommandId, CommandStatus, FrameRef, Malformed, Pdu, SubmitSmResp, Warnings};

use crate::error::NoId;

/// Octets of a body that are kept without an allocation: the id of a message and some TLVs.
const INLINE_MAX: usize = 46;

/// What the peer answered, for better or worse.
#[derive(Clone)]
pub struct Answer {
    id: CommandId,
    status: CommandStatus,
    body: Body,
}

#[derive(Clone)]
enum Body {
    Inline { length: u8, octets: [u8; INLINE_MAX] },
    Heap(Box<[u8]>),
}

impl Answer {
    pub(crate) fn of(frame: FrameRef<'_>) -> Self {
        Self { id: frame.id(), status: frame.status(), body: Body::of(frame.body()) }
    }

    /// A generic_nack, which has no body.
    pub(crate) fn nack(status: CommandStatus) -> Self {
        Self { id: CommandId::GENERIC_NACK, status, body: Body::of(&[]) }
    }

    /// The response's command: generic_nack where the peer could not read the request.
    pub fn id(&self) -> CommandId {
        self.id
    }

    /// How the request fared.
    pub fn status(&self) -> CommandStatus {
        self.status
    }

    /// The response's body as it came.
    pub fn body(&self) -> &[u8] {
        match &self.body {
            Body::Inline { length, octets } => &octets[..usize::from(*length)],
            Body::Heap(octets) => octets,
        }
    }

    /// The response, read: what a query_sm_resp says of the message, which destinations of a submit_multi were
    /// refused, and so on.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: there is no view of the body; the status stands all the same.
    pub fn view(&self) -> Result<(Pdu<'_>, Warnings), Malformed> {
        Pdu::read(self.id, self.body())
    }

    /// The id under which the peer keeps the message, as text.
    ///
    /// # Errors
    ///
    /// The message was refused, or the answer cannot be read.
    pub fn message_id(&self) -> Result<Cow<'_, str>, NoId> {
        if !self.status.is_ok() {
            return Err(NoId::Refused(self.status));
        }
        // Every response that names a message begins with its id.
        let (resp, _) = SubmitSmResp::read(self.body()).map_err(NoId::Malformed)?;
        Ok(String::from_utf8_lossy(resp.message_id))
    }
}

impl Body {
    #[inline]
    fn of(body: &[u8]) -> Self {
        match u8::try_from(body.len()) {
            Ok(length) if body.len() <= INLINE_MAX => {
                let mut octets = [0; INLINE_MAX];
                octets[..body.len()].copy_from_slice(body);
                Self::Inline { length, octets }
            }
            _ => Self::Heap(body.into()),
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} octets, {}", self.id, self.body().len(), self.status)
    }
}
