//! A long text that its link takes in parts only.

use sms_text::{Encoding, segment, split_udh};

use crate::long::LongForm;
use crate::message::Message;
use crate::parts::part_of;
use crate::reason::Reason;

/// `esm_class`: the user data begins with a header.
const UDHI: u8 = 0x40;
/// Octets of one short message on the air (3GPP TS 23.040 §9.2.3.24), and what they hold in septets.
const OCTETS: usize = 140;
const SEPTETS: usize = 160;

/// The user data of the parts that a message has to leave in over a link that takes long ones like this: 2 to 255, each
/// with a header that carries `reference`. `None` where it leaves as it is: it is short, a part already, or the link
/// takes it whole.
///
/// Each part is the message with its own user data and `esm_class` 0x40 ([`as_part`]).
///
/// # Errors
///
/// [`Reason::InvalidLength`]: more than 255 parts.
pub fn split(message: &Message<'_>, form: LongForm, reference: u16) -> Result<Option<Vec<Vec<u8>>>, Reason> {
    if matches!(form, LongForm::AsIs | LongForm::Payload) || message.user_data.len() <= OCTETS {
        return Ok(None);
    }
    let encoding = Encoding::of_data_coding(message.data_coding);
    let has_header = message.esm_class & UDHI != 0;
    if part_of(message).is_some()
        || (encoding == Encoding::Gsm7 && !has_header && message.user_data.len() <= SEPTETS)
    {
        return Ok(None);
    }
    let (header, text) = match has_header {
        true => split_udh(message.user_data).map_err(|_| Reason::InvalidEsmClass)?,
        false => (&[][..], message.user_data),
    };
    let parts = segment::split(encoding, header, text, reference).map_err(|_| Reason::InvalidLength)?;
    Ok((parts.len() > 1).then_some(parts))
}

/// One part of a message that was split.
pub fn as_part<'a>(message: &Message<'a>, user_data: &'a [u8]) -> Message<'a> {
    Message { esm_class: message.esm_class | UDHI, user_data, ..*message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(user_data: &[u8]) -> Message<'_> {
        Message { user_data, ..Message::default() }
    }

    #[test]
    fn only_a_long_text_is_split_and_only_for_a_link_that_takes_no_whole_one() {
        let (long, short) = ([b'x'; 400], [b'x'; 160]);
        for (user_data, data_coding, form, parts) in [
            (&long[..], 0, LongForm::Udh, Some(3)),
            (&long, 0, LongForm::Sar, Some(3)),
            (&long, 0, LongForm::AsIs, None),
            (&long, 0, LongForm::Payload, None),
            (&long, 8, LongForm::Udh, Some(3)),
            (&long, 4, LongForm::Udh, Some(3)),
            (&short, 0, LongForm::Udh, None),
            (&short, 8, LongForm::Udh, Some(2)),
            (&short[..140], 8, LongForm::Udh, None),
        ] {
            let message = Message { data_coding, ..text(user_data) };
            let split = split(&message, form, 7).unwrap();
            assert_eq!(split.map(|parts| parts.len()), parts, "{} {data_coding} {form:?}", user_data.len());
        }
    }

    #[test]
    fn the_parts_say_which_they_are_and_hold_the_whole_text() {
        let long: Vec<u8> = (0..400).map(|n| b'a' + u8::try_from(n % 26).unwrap()).collect();
        let message = Message { tlvs: &[2, 4, 0, 2, 0, 42], registered_delivery: 1, ..text(&long) };
        let parts = split(&message, LongForm::Udh, 300).unwrap().unwrap();
        let mut joined = Vec::new();
        for (user_data, number) in parts.iter().zip(1..) {
            let part = as_part(&message, user_data);
            let of = part_of(&part).unwrap();
            assert_eq!((of.reference, of.number, of.total), (300, number, 3));
            assert_eq!((part.tlvs, part.registered_delivery), (message.tlvs, 1));
            joined.extend_from_slice(split_udh(user_data).unwrap().1);
        }
        assert_eq!(joined, long);
    }

    #[test]
    fn a_part_is_not_split_again_and_what_cannot_be_numbered_is_refused() {
        let mut part = vec![5, 0, 3, 9, 2, 1];
        part.resize(200, b'x');
        let part = Message { esm_class: UDHI, ..text(&part) };
        assert_eq!(split(&part, LongForm::Udh, 7), Ok(None));
        let endless = vec![b'x'; 60_000];
        assert_eq!(split(&text(&endless), LongForm::Udh, 7), Err(Reason::InvalidLength));
    }
}
