//! Texts instead of octets.

use smpp_wire::{DataCoding, DeliverSm, EsmClass, SubmitSm, Tag};
use sms_text::receipt::{self, ReadReceipt, State};
use sms_text::{ReferenceSize, Segments, Spelling, TooLong, segment, split_udh};

use crate::client::answer::Answer;
use crate::client::handle::Client;
use crate::client::login::Transmits;
use crate::error::RequestError;

impl<M: Transmits> Client<M> {
    /// Sends a text as as many short messages as it takes, in the smallest encoding that spells it, and waits for
    /// their answers. All else is as in `message`; what it says of text and coding is replaced. Needs the feature
    /// `text`.
    ///
    /// Parts are numbered by a user data header with a reference of one octet, another one for each text of the
    /// session.
    ///
    /// # Errors
    ///
    /// [`TooLong`]: nothing was sent, as no header can number so many parts. Each part has its own result, as
    /// [`submit_all`](Client::submit_all) gives it.
    ///
    /// # Cancel safety
    ///
    /// As [`submit_all`](Client::submit_all): some parts may have left.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use smpp_tokio::{Client, Transmitter, wire::SubmitSm};
    /// # async fn demo(centre: Client<Transmitter>) -> Result<(), Box<dyn std::error::Error>> {
    /// let to = SubmitSm { destination: "385911234567".try_into()?, ..Default::default() };
    /// for part in centre.submit_text(&to, "Dobar dan! 👋").await? {
    ///     println!("{}", part?.message_id()?);
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn submit_text(
        &self,
        message: &SubmitSm<'_>,
        text: &str,
    ) -> Result<Vec<Result<Answer, RequestError>>, TooLong> {
        let segments = segment(text, ReferenceSize::Octet(self.shared().next_reference()))?;
        let parts: Vec<SubmitSm<'_>> = text_parts(message, &segments).collect();
        Ok(self.submit_all(&parts).await)
    }
}

/// The messages that carry the parts of a text; all else is as in `message`. Needs the feature `text`.
pub fn text_parts<'a>(message: &SubmitSm<'a>, segments: &'a Segments) -> impl Iterator<Item = SubmitSm<'a>> {
    let esm_class =
        if segments.has_udh() { message.esm_class.with(EsmClass::UDH) } else { message.esm_class };
    let data_coding = DataCoding(segments.encoding.data_coding());
    let message = *message;
    segments.parts.iter().map(move |part| SubmitSm { esm_class, data_coding, short_message: part, ..message })
}

/// The text of a message from a handset, without its user data header. Needs the feature `text`.
///
/// Total: octets that spell nothing are shown as such.
pub fn text_of(message: &DeliverSm<'_>) -> String {
    let user_data = message.user_data();
    let (header, text) = match split_udh(user_data) {
        Ok(parts) if message.esm_class.has_udh() => parts,
        _ => (&[][..], user_data),
    };
    Spelling::received(message.data_coding.0, header).decode(text)
}

/// What a deliver_sm says of the fate of a message of ours.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Receipt<'a> {
    /// The peer's id of the message: `receipted_message_id`, or else the text's. Compare with care: many a peer writes
    /// it in hexadecimal digits here and in decimal ones there.
    pub id: Option<&'a [u8]>,
    /// The message's state: `message_state`, or else the text's.
    pub state: Option<State>,
    /// The text, read; nothing where it is no receipt's.
    pub text: Option<ReadReceipt<'a>>,
}

/// The receipt in a deliver_sm: `None` where its esm_class says that it is something else. Needs the feature `text`.
///
/// The TLVs are asked first and the text second (SMPP 5.0 §4.8.4.47 and §4.8.4.38).
pub fn receipt_of<'a>(message: &DeliverSm<'a>) -> Option<Receipt<'a>> {
    let class = message.esm_class;
    if !class.is_receipt() && !class.is_intermediate_notification() {
        return None;
    }
    let text = receipt::read(message.user_data());
    let id = message.tlvs.get(Tag::RECEIPTED_MESSAGE_ID).map(|tlv| tlv.c_string());
    let code = message.tlvs.get(Tag::MESSAGE_STATE).and_then(|tlv| tlv.integer());
    let state = code.and_then(|code| State::from_code(u8::try_from(code).ok()?));
    Some(Receipt { id: id.or_else(|| text?.id), state: state.or_else(|| text?.state()), text })
}
