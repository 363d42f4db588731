//! Frames: the exact octets of one PDU, cut by `command_length` before anything in them is read.

use alloc::vec::Vec;
use core::fmt;

use bytes::Bytes;

use crate::body::Pdu;
use crate::header::Header;
use crate::ids::{CommandId, CommandStatus};
use crate::malformed::Malformed;
use crate::unwritable::Unwritable;
use crate::warnings::Warnings;
use crate::write::{Body, write_header, write_pdu};

/// A `command_length` nothing can be cut by. The stream is lost: answer generic_nack with
/// [`INVALID_COMMAND_LENGTH`](CommandStatus::INVALID_COMMAND_LENGTH) and close (SMPP 5.0 §2.8).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BadLength {
    /// What the header says, in octets.
    pub length: u32,
    /// The `sequence_number` to answer with, where sixteen octets were there.
    pub sequence: Option<u32>,
}

impl fmt::Display for BadLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "command_length {} is out of range", self.length)
    }
}

impl core::error::Error for BadLength {}

/// Cuts the first frame off `input`; the next begins [`FrameRef::bytes`]`.len()` octets on. `Ok(None)`: not
/// all of it is there yet.
///
/// # Errors
///
/// [`BadLength`]: `command_length` is below 16 or above `length_max` octets; known from the fourth octet on.
#[inline]
pub fn cut(input: &[u8], length_max: usize) -> Result<Option<FrameRef<'_>>, BadLength> {
    let Some(octets) = input.first_chunk::<{ Header::LEN }>() else {
        return announced(input, length_max).map(|_| None);
    };
    let header = Header::read(octets);
    let length = header.command_length as usize;
    if length < Header::LEN || length > length_max {
        return Err(BadLength { length: header.command_length, sequence: Some(header.sequence_number) });
    }
    Ok(input.get(..length).map(|bytes| FrameRef { header, bytes }))
}

/// The octets the frame at the front of `input` will have; `None` before four octets are there.
///
/// # Errors
///
/// As [`cut`].
pub fn announced(input: &[u8], length_max: usize) -> Result<Option<usize>, BadLength> {
    let Some(octets) = input.first_chunk::<4>() else {
        return Ok(None);
    };
    let length = u32::from_be_bytes(*octets);
    if (length as usize) < Header::LEN || length as usize > length_max {
        let sequence = input.first_chunk().map(|octets| Header::read(octets).sequence_number);
        return Err(BadLength { length, sequence });
    }
    Ok(Some(length as usize))
}

/// A frame, lent from the buffer it was read into.
pub type FrameRef<'a> = Framed<&'a [u8]>;

/// A frame that is owned: the one owned form of a PDU.
pub type Frame = Framed<Bytes>;

/// The exact octets of one PDU, and its header; `B` holds them.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Framed<B> {
    header: Header,
    // Never shorter than a header.
    bytes: B,
}

impl<B> Framed<B> {
    #[inline]
    pub fn header(&self) -> Header {
        self.header
    }

    #[inline]
    pub fn id(&self) -> CommandId {
        self.header.command_id
    }

    #[inline]
    pub fn status(&self) -> CommandStatus {
        self.header.command_status
    }

    #[inline]
    pub fn sequence(&self) -> u32 {
        self.header.sequence_number
    }

    /// The rules the header breaks.
    #[inline]
    pub fn header_warnings(&self) -> Warnings {
        const SEQUENCE_MAX: u32 = 0x7FFF_FFFF;
        let Header { command_id, command_status, sequence_number, .. } = self.header;
        // generic_nack has sequence 0 where the offender's could not be read, and else echoes whatever that was.
        let in_range = (1..=SEQUENCE_MAX).contains(&sequence_number) || command_id == CommandId::GENERIC_NACK;
        Warnings::SEQUENCE_RANGE.when(!in_range)
            | Warnings::STATUS_IN_REQUEST.when(!command_id.is_response() && !command_status.is_ok())
    }
}

impl<'a> FrameRef<'a> {
    /// What follows the header.
    #[inline]
    pub fn body(&self) -> &'a [u8] {
        self.bytes.get(Header::LEN..).unwrap_or_default()
    }

    /// The whole PDU.
    #[inline]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// An owned copy.
    pub fn to_frame(&self) -> Frame {
        Frame { header: self.header, bytes: Bytes::copy_from_slice(self.bytes) }
    }

    /// Reads the body, and says which rules it and the header break.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: there is no view of this body. The session goes on; answer with its status.
    #[inline]
    pub fn view(&self) -> Result<(Pdu<'a>, Warnings), Malformed> {
        let (pdu, warnings) = Pdu::read(self.id(), self.body())?;
        Ok((pdu, warnings | self.header_warnings()))
    }
}

impl fmt::Debug for FrameRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} #{}, {} octets", self.id(), self.sequence(), self.bytes.len())?;
        if !self.status().is_ok() {
            write!(f, ", {}", self.status())?;
        }
        Ok(())
    }
}

impl Frame {
    /// Takes the exact octets of one PDU. `None`: `command_length` is not theirs.
    pub fn new(bytes: Bytes) -> Option<Self> {
        let header = Header::read(bytes.first_chunk()?);
        (header.command_length as usize == bytes.len()).then_some(Self { header, bytes })
    }

    /// Writes a PDU.
    ///
    /// # Errors
    ///
    /// As [`write_pdu`].
    pub fn write<B: Body>(status: CommandStatus, sequence: u32, body: &B) -> Result<Self, Unwritable> {
        let mut out = Vec::new();
        write_pdu(&mut out, status, sequence, body)?;
        Ok(Self::written(out, body.command_id(), status, sequence))
    }

    /// Writes a PDU that is a header alone.
    pub fn header_only(id: CommandId, status: CommandStatus, sequence: u32) -> Self {
        let mut out = Vec::with_capacity(Header::LEN);
        write_header(&mut out, id, status, sequence);
        Self::written(out, id, status, sequence)
    }

    fn written(out: Vec<u8>, id: CommandId, status: CommandStatus, sequence: u32) -> Self {
        let header = Header {
            // What is written is no longer than its length can say.
            command_length: out.len() as u32,
            command_id: id,
            command_status: status,
            sequence_number: sequence,
        };
        Self { header, bytes: Bytes::from(out) }
    }

    /// The same frame, lent.
    #[inline]
    pub fn as_ref(&self) -> FrameRef<'_> {
        FrameRef { header: self.header, bytes: &self.bytes }
    }

    /// What follows the header.
    pub fn body(&self) -> &[u8] {
        self.as_ref().body()
    }

    /// The whole PDU.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// As [`FrameRef::view`].
    ///
    /// # Errors
    ///
    /// As [`FrameRef::view`].
    pub fn view(&self) -> Result<(Pdu<'_>, Warnings), Malformed> {
        self.as_ref().view()
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_ref().fmt(f)
    }
}
