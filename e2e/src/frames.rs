//! The bodies that tests speak: binds, submit_sm and deliver_sm.

use crate::frame::{Frame, id};

/// What a bind asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    Transmitter,
    Receiver,
    Transceiver,
}

/// A bind with interface version 3.4 (SMPP 3.4 §4.1).
#[must_use]
pub fn bind(mode: Mode, sequence: u32, system_id: &str, password: &str) -> Frame {
    bind_of(0x34, mode, sequence, system_id, password)
}

/// A bind with this interface version.
#[must_use]
pub fn bind_of(version: u8, mode: Mode, sequence: u32, system_id: &str, password: &str) -> Frame {
    let id = match mode {
        Mode::Transmitter => id::BIND_TRANSMITTER,
        Mode::Receiver => id::BIND_RECEIVER,
        Mode::Transceiver => id::BIND_TRANSCEIVER,
    };
    let mut body = Vec::new();
    text(&mut body, system_id);
    text(&mut body, password);
    text(&mut body, "");
    body.extend([version, 0, 0]);
    text(&mut body, "");
    Frame::request(id, sequence, body)
}

/// What a bind says, as far as tests look at it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Bound {
    pub id: u32,
    pub system_id: String,
    pub password: String,
    pub system_type: String,
    pub version: u8,
    pub address_range: String,
}

impl Bound {
    /// Reads a bind; none where it ends too early.
    #[must_use]
    pub fn read(frame: &Frame) -> Option<Self> {
        let mut rest = frame.body.as_slice();
        let mut bound = Self { id: frame.id, system_id: take_text(&mut rest)?, ..Self::default() };
        bound.password = take_text(&mut rest)?;
        bound.system_type = take_text(&mut rest)?;
        bound.version = take(&mut rest, 3)?[0];
        bound.address_range = take_text(&mut rest)?;
        Some(bound)
    }
}

/// An outbind (SMPP 3.4 §4.1.7).
#[must_use]
pub fn outbind(sequence: u32, system_id: &str, password: &str) -> Frame {
    let mut body = Vec::new();
    text(&mut body, system_id);
    text(&mut body, password);
    Frame::request(id::OUTBIND, sequence, body)
}

/// The fields of submit_sm and deliver_sm that tests look at.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Message {
    pub service_type: String,
    pub source: String,
    pub destination: String,
    pub esm_class: u8,
    /// As the wire has it (SMPP 3.4 §7.1.1), or empty.
    pub validity_period: String,
    pub registered_delivery: u8,
    pub data_coding: u8,
    pub short_message: Vec<u8>,
    /// The TLVs as they came, unread.
    pub tlvs: Vec<u8>,
}

impl Message {
    /// A text in the default alphabet; ASCII letters, digits and blanks mean the same in all of them.
    #[must_use]
    pub fn text(source: &str, destination: &str, text: &str) -> Self {
        Self {
            source: source.to_owned(),
            destination: destination.to_owned(),
            short_message: text.as_bytes().to_vec(),
            ..Self::default()
        }
    }

    /// The same, with a receipt asked for in every final state.
    #[must_use]
    pub fn with_receipt(self) -> Self {
        Self { registered_delivery: 1, ..self }
    }

    /// The body of a submit_sm or deliver_sm (SMPP 3.4 §4.4.1, §4.6.1).
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(64 + self.short_message.len());
        text(&mut body, &self.service_type);
        body.extend([1, 1]);
        text(&mut body, &self.source);
        body.extend([1, 1]);
        text(&mut body, &self.destination);
        body.extend([self.esm_class, 0, 0]);
        text(&mut body, "");
        text(&mut body, &self.validity_period);
        body.extend([self.registered_delivery, 0, self.data_coding, 0]);
        body.push(u8::try_from(self.short_message.len()).unwrap_or(u8::MAX));
        body.extend_from_slice(&self.short_message);
        body.extend_from_slice(&self.tlvs);
        body
    }

    #[must_use]
    pub fn submit(&self, sequence: u32) -> Frame {
        Frame::request(id::SUBMIT_SM, sequence, self.body())
    }

    #[must_use]
    pub fn deliver(&self, sequence: u32) -> Frame {
        Frame::request(id::DELIVER_SM, sequence, self.body())
    }

    /// Reads the body of a submit_sm or deliver_sm; none where it ends too early.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        let mut rest = body;
        let mut message = Self { service_type: take_text(&mut rest)?, ..Self::default() };
        take(&mut rest, 2)?;
        message.source = take_text(&mut rest)?;
        take(&mut rest, 2)?;
        message.destination = take_text(&mut rest)?;
        message.esm_class = take(&mut rest, 3)?[0];
        take_text(&mut rest)?;
        message.validity_period = take_text(&mut rest)?;
        let flags = take(&mut rest, 4)?;
        (message.registered_delivery, message.data_coding) = (flags[0], flags[2]);
        let length = take(&mut rest, 1)?[0];
        message.short_message = take(&mut rest, usize::from(length))?.to_vec();
        message.tlvs = rest.to_vec();
        Some(message)
    }

    /// The octets as text, for messages that are ASCII.
    #[must_use]
    pub fn as_text(&self) -> String {
        String::from_utf8_lossy(&self.short_message).into_owned()
    }

    /// Whether the esm_class says that this is a receipt (SMPP 3.4 §5.2.12).
    #[must_use]
    pub fn is_receipt(&self) -> bool {
        self.esm_class & 0x3c == 0x04
    }
}

/// The text of a receipt for `remote_id` (SMPP 3.4 appendix B).
#[must_use]
pub fn receipt_text(remote_id: &str, stat: &str) -> String {
    format!(
        "id:{remote_id} sub:001 dlvrd:001 submit date:2611230911 done date:2611230911 stat:{stat} err:000 text:"
    )
}

fn text(body: &mut Vec<u8>, text: &str) {
    body.extend_from_slice(text.as_bytes());
    body.push(0);
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(taken)
}

fn take_text(rest: &mut &[u8]) -> Option<String> {
    let length = rest.iter().position(|octet| *octet == 0)?;
    let taken = take(rest, length + 1)?;
    Some(String::from_utf8_lossy(&taken[..length]).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame;

    #[test]
    fn a_message_survives_the_wire() {
        let sent = Message::text("ACME", "385911234567", "hi").with_receipt();
        let mut bytes = sent.submit(7).to_bytes();
        let whole = bytes.len();
        bytes.extend_from_slice(&[0, 0, 0, 20]);
        let (frames, used) = frame::cut(&bytes).expect("a whole frame and a beginning");
        assert_eq!((frames.len(), used), (1, whole));
        assert_eq!(Message::read(&frames[0].body), Some(sent));
    }

    #[test]
    fn a_length_below_the_header_is_an_error() {
        assert!(frame::cut(&[0, 0, 0, 15, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 1]).is_err());
    }
}
