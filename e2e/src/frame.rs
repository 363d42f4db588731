//! One SMPP PDU as bytes, made and read by hand.

/// Command ids (SMPP 3.4 §5.1.2.1).
pub mod id {
    pub const GENERIC_NACK: u32 = 0x8000_0000;
    pub const BIND_RECEIVER: u32 = 0x0000_0001;
    pub const BIND_TRANSMITTER: u32 = 0x0000_0002;
    pub const SUBMIT_SM: u32 = 0x0000_0004;
    pub const SUBMIT_SM_RESP: u32 = 0x8000_0004;
    pub const DELIVER_SM: u32 = 0x0000_0005;
    pub const DELIVER_SM_RESP: u32 = 0x8000_0005;
    pub const OUTBIND: u32 = 0x0000_000B;
    pub const BIND_RECEIVER_RESP: u32 = 0x8000_0001;
    pub const BIND_TRANSMITTER_RESP: u32 = 0x8000_0002;
    pub const UNBIND: u32 = 0x0000_0006;
    pub const UNBIND_RESP: u32 = 0x8000_0006;
    pub const BIND_TRANSCEIVER: u32 = 0x0000_0009;
    pub const BIND_TRANSCEIVER_RESP: u32 = 0x8000_0009;
    pub const ENQUIRE_LINK: u32 = 0x0000_0015;
    pub const ENQUIRE_LINK_RESP: u32 = 0x8000_0015;
}

/// The bit that makes a command id that of a response.
pub const RESPONSE: u32 = 0x8000_0000;

/// The header of every PDU: length, id, status, sequence number.
pub const HEADER: usize = 16;

/// A PDU with its length left to [`to_bytes`](Self::to_bytes).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Frame {
    pub id: u32,
    pub status: u32,
    pub sequence: u32,
    pub body: Vec<u8>,
}

impl Frame {
    /// A request with this body.
    #[must_use]
    pub fn request(id: u32, sequence: u32, body: Vec<u8>) -> Self {
        Self { id, status: 0, sequence, body }
    }

    /// The response to this request.
    #[must_use]
    pub fn response(&self, status: u32, body: Vec<u8>) -> Self {
        Self { id: self.id | RESPONSE, status, sequence: self.sequence, body }
    }

    /// As it goes over the wire.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + self.body.len());
        self.write(&mut bytes);
        bytes
    }

    /// Appends the PDU to `bytes`.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        let length = u32::try_from(HEADER + self.body.len()).unwrap_or(u32::MAX);
        for number in [length, self.id, self.status, self.sequence] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(&self.body);
    }

    /// The first C-octet string of the body: the message id of a submit_sm_resp.
    #[must_use]
    pub fn first_text(&self) -> String {
        let text = self.body.split(|octet| *octet == 0).next().unwrap_or_default();
        String::from_utf8_lossy(text).into_owned()
    }
}

/// The TLVs of a body, from where its mandatory fields end: tag and value, in order.
#[must_use]
pub fn tlvs(mut octets: &[u8]) -> Vec<(u16, Vec<u8>)> {
    let mut tlvs = Vec::new();
    while let Some((&[t, a, g, s], rest)) = octets.split_first_chunk::<4>() {
        let Some((value, rest)) = rest.split_at_checked(usize::from(u16::from_be_bytes([g, s]))) else {
            break;
        };
        tlvs.push((u16::from_be_bytes([t, a]), value.to_vec()));
        octets = rest;
    }
    tlvs
}

/// A TLV as the wire has it.
#[must_use]
pub fn tlv(tag: u16, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    [&tag.to_be_bytes(), &length.to_be_bytes(), value].concat()
}

/// The whole frames at the start of `bytes`, and how many octets they take.
///
/// # Errors
///
/// A length that no frame can have.
pub fn cut(bytes: &[u8]) -> Result<(Vec<Frame>, usize), String> {
    let mut frames = Vec::new();
    let mut used = 0;
    while let Some((frame, length)) = first(&bytes[used..])? {
        frames.push(frame);
        used += length;
    }
    Ok((frames, used))
}

fn first(bytes: &[u8]) -> Result<Option<(Frame, usize)>, String> {
    if bytes.len() < HEADER {
        return Ok(None);
    }
    let number = |at: usize| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let length = number(0) as usize;
    if !(HEADER..=FRAME_OCTETS_MAX).contains(&length) {
        return Err(format!("a frame of {length} octets"));
    }
    if bytes.len() < length {
        return Ok(None);
    }
    let body = bytes[HEADER..length].to_vec();
    Ok(Some((Frame { id: number(4), status: number(8), sequence: number(12), body }, length)))
}

const FRAME_OCTETS_MAX: usize = 100_000;
