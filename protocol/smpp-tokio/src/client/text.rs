//! Texts instead of octets.

use smpp_wire::{DataCoding, DeliverSm, EsmClass, SubmitSm, Tag, Tlv, Tlvs};
use sms_text::receipt::{self, ReadReceipt, State};
use sms_text::{Numbering, Plan, ReferenceSize, TooLong, decode, decode_user_data, segment_by};

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
    /// session; [`submit_text_by`](Self::submit_text_by) does it in other ways.
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
        let reference = ReferenceSize::Octet(self.shared().next_reference());
        self.submit_text_by(message, text, &Plan::from(reference)).await
    }

    /// As [`submit_text`](Self::submit_text), by a plan of the caller's: national tables, numbers in TLVs, one
    /// message_payload, application ports. Needs the feature `text`.
    ///
    /// # Errors
    ///
    /// As [`submit_text`](Self::submit_text).
    pub async fn submit_text_by(
        &self,
        message: &SubmitSm<'_>,
        text: &str,
        plan: &Plan<'_>,
    ) -> Result<Vec<Result<Answer, RequestError>>, TooLong> {
        let parts = text_parts(message, text, plan)?;
        let messages: Vec<SubmitSm<'_>> = parts.iter().map(|part| part.message(message)).collect();
        Ok(self.submit_all(&messages).await)
    }
}

/// One part of a text, encoded.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TextPart {
    has_udh: bool,
    data_coding: DataCoding,
    short_message: Vec<u8>,
    /// The TLVs of the message, and the part's own.
    tlvs: Vec<u8>,
}

/// Encodes a text for a message, part by part. Needs the feature `text`.
///
/// # Errors
///
/// [`TooLong`]: no header can number so many parts, or no TLV holds so much.
pub fn text_parts(message: &SubmitSm<'_>, text: &str, plan: &Plan<'_>) -> Result<Vec<TextPart>, TooLong> {
    let segments = segment_by(text, plan)?;
    let has_udh = segments.has_udh();
    let data_coding = DataCoding(segments.encoding.data_coding());
    let mut numbers = segments.sar();
    let is_payload = plan.numbering == Numbering::Payload;
    let mut parts = Vec::with_capacity(segments.parts.len());
    for octets in &segments.parts {
        let mut part = TextPart { has_udh, data_coding, short_message: Vec::new(), tlvs: Vec::new() };
        part.take_over(&message.tlvs)?;
        match numbers.next() {
            Some(number) => {
                part.push(Tag::SAR_MSG_REF_NUM, &number.reference.to_be_bytes())?;
                part.push(Tag::SAR_TOTAL_SEGMENTS, &[number.total])?;
                part.push(Tag::SAR_SEGMENT_SEQNUM, &[number.sequence])?;
            }
            None if is_payload => part.push(Tag::MESSAGE_PAYLOAD, octets)?,
            None => {}
        }
        if !is_payload {
            part.short_message.clone_from(octets);
        }
        parts.push(part);
    }
    Ok(parts)
}

impl TextPart {
    /// The message that carries this part; all else is as in `message`.
    pub fn message<'a>(&'a self, message: &SubmitSm<'a>) -> SubmitSm<'a> {
        let esm_class = message.esm_class.without_udh();
        SubmitSm {
            esm_class: if self.has_udh { esm_class.with(EsmClass::UDH) } else { esm_class },
            data_coding: self.data_coding,
            short_message: &self.short_message,
            tlvs: Tlvs::read(&self.tlvs).0,
            ..*message
        }
    }

    /// Keeps the message's own TLVs, but for those that say what the part says.
    fn take_over(&mut self, tlvs: &Tlvs<'_>) -> Result<(), TooLong> {
        const OURS: [Tag; 4] =
            [Tag::MESSAGE_PAYLOAD, Tag::SAR_MSG_REF_NUM, Tag::SAR_TOTAL_SEGMENTS, Tag::SAR_SEGMENT_SEQNUM];
        tlvs.iter()
            .filter(|tlv| !OURS.contains(&tlv.tag))
            .try_for_each(|Tlv { tag, value }| self.push(tag, value))
    }

    fn push(&mut self, tag: Tag, value: &[u8]) -> Result<(), TooLong> {
        let too_long = |_| TooLong { parts: value.len().div_ceil(PART_OCTETS) };
        let length = u16::try_from(value.len()).map_err(too_long)?;
        self.tlvs.extend_from_slice(&tag.0.to_be_bytes());
        self.tlvs.extend_from_slice(&length.to_be_bytes());
        self.tlvs.extend_from_slice(value);
        Ok(())
    }
}

/// Octets of a part beside its header.
const PART_OCTETS: usize = 134;

/// The text of a message from a handset, without its user data header. Needs the feature `text`.
///
/// Total: octets that spell nothing are shown as such.
pub fn text_of(message: &DeliverSm<'_>) -> String {
    let (data_coding, user_data) = (message.data_coding.0, message.user_data());
    if message.esm_class.has_udh() {
        decode_user_data(data_coding, user_data)
    } else {
        decode(data_coding, user_data)
    }
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
