//! The peer's answer to a request.

use smpp_wire::{CommandStatus, Frame, SubmitSmResp};

use crate::error::NoId;

/// What the peer answered, for better or worse.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(crate) status: CommandStatus,
    pub(crate) frame: Frame,
}

impl Answer {
    /// How the request fared.
    pub fn status(&self) -> CommandStatus {
        self.status
    }

    /// The response as it came.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The id under which the peer keeps the message, as text.
    ///
    /// # Errors
    ///
    /// The message was refused, or the answer cannot be read.
    pub fn message_id(&self) -> Result<std::borrow::Cow<'_, str>, NoId> {
        if !self.status.is_ok() {
            return Err(NoId::Refused(self.status));
        }
        let (resp, _) = SubmitSmResp::read(self.frame.body()).map_err(NoId::Malformed)?;
        Ok(String::from_utf8_lossy(resp.message_id))
    }
}
