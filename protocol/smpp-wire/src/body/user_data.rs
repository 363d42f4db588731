//! Where the user data of a message is.

use crate::ids::Tag;
use crate::tlvs::Tlvs;

/// The `message_payload`, or where there is none the `short_message`.
pub(crate) fn user_data<'a>(short_message: &'a [u8], tlvs: &Tlvs<'a>) -> &'a [u8] {
    match tlvs.get(Tag::MESSAGE_PAYLOAD) {
        Some(payload) if !payload.value.is_empty() => payload.value,
        _ => short_message,
    }
}
