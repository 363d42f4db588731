//! Where the user data of a message is.

use crate::ids::Tag;
use crate::tlvs::Tlvs;

/// `short_message`, or where it is empty the `message_payload`.
pub(crate) fn user_data<'a>(short_message: &'a [u8], tlvs: &Tlvs<'a>) -> &'a [u8] {
    if short_message.is_empty()
        && let Some(payload) = tlvs.get(Tag::MESSAGE_PAYLOAD)
    {
        return payload.value;
    }
    short_message
}
