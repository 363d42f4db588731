//! Reading and writing by the book, for tests and tools: what a strict peer would make of a PDU.
//!
//! ```
//! use smpp_wire::strict::{self, FaultKind};
//!
//! let octets = b"\x00\x00\x00\x11\x80\x00\x00\x15\x00\x00\x00\x00\x00\x00\x00\x01\x00";
//! let frame = strict::cut(octets)?;
//! assert!(frame.view().is_ok());
//! let fault = strict::read(frame).unwrap_err();
//! assert_eq!(fault.kind, FaultKind::TrailingOctets);
//! assert_eq!(fault.to_string(), "trailing_octets at 1 left");
//! # Ok::<(), smpp_wire::strict::Fault>(())
//! ```

use core::fmt;

use crate::body::Pdu;
use crate::check::{Checker, fit};
use crate::field::Field;
use crate::frame::{self, FrameRef};
use crate::ids::{Tag, TlvKind};
use crate::malformed::Malformed;
use crate::read::{Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::warnings::Warnings;
use crate::write::Body;

/// The octets of the longest PDU that [`cut`] takes.
pub const LENGTH_MAX: usize = 1 << 20;

/// Why a PDU is not by the book.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Fault {
    pub kind: FaultKind,
    pub field: Place,
}

/// What kind of fault it is, in the order a reader meets them.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum FaultKind {
    /// Not all of the PDU is there.
    Incomplete,
    /// `command_length` is below 16 or above [`LENGTH_MAX`].
    InvalidCommandLength,
    UnknownCommandId,
    CStringUnterminated,
    /// The body ends before a field.
    BodyTruncated,
    /// `sm_length` reaches past the body.
    SmLengthOverrun,
    /// The length of a TLV reaches past the body.
    TlvLengthOverrun,
    /// One to three octets are left.
    TrailingOctets,
    /// A field on which the next ones depend has no value it may have.
    InvalidValue,
}

impl FaultKind {
    /// `body_truncated` and so on.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Incomplete => "incomplete",
            Self::InvalidCommandLength => "invalid_command_length",
            Self::UnknownCommandId => "unknown_command_id",
            Self::CStringUnterminated => "cstring_unterminated",
            Self::BodyTruncated => "body_truncated",
            Self::SmLengthOverrun => "sm_length_overrun",
            Self::TlvLengthOverrun => "tlv_length_overrun",
            Self::TrailingOctets => "trailing_octets",
            Self::InvalidValue => "invalid_value",
        }
    }
}

/// Where in the PDU.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    Header,
    /// A field of the body, by the specification's name.
    Field(&'static str),
    Tlv(Tag),
    /// So many octets before the end.
    Left(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => f.write_str("the header"),
            Self::Field(name) => f.write_str(name),
            Self::Tlv(tag) => write!(f, "0x{:04X}", tag.0),
            Self::Left(octets) => write!(f, "{octets} left"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.kind.name(), self.field)
    }
}

impl core::error::Error for Fault {}

/// A rule that is broken although the PDU can be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Notice {
    pub kind: NoticeKind,
    /// The field, or the TLV by its name.
    pub field: &'static str,
}

/// Which rule it is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum NoticeKind {
    CStringTooLong,
    /// A time that has neither none nor sixteen characters.
    CStringBadSize,
    TlvBadLength,
    TlvCStringUnterminated,
    StatusInRequest,
    SequenceNumberRange,
}

impl NoticeKind {
    /// `cstring_too_long` and so on.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CStringTooLong => "cstring_too_long",
            Self::CStringBadSize => "cstring_bad_size",
            Self::TlvBadLength => "tlv_bad_length",
            Self::TlvCStringUnterminated => "tlv_cstring_unterminated",
            Self::StatusInRequest => "status_in_request",
            Self::SequenceNumberRange => "sequence_number_range",
        }
    }
}

/// `cstring_too_long:service_type`.
impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.name(), self.field)
    }
}

/// What a strict reader meets on its way through a PDU.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// A field of the body. An entry of a list is not told of by itself.
    Field(&'static str, Field<'a>),
    Notice(Notice),
}

/// Cuts the first frame off `octets`.
///
/// # Errors
///
/// [`FaultKind::Incomplete`] or [`FaultKind::InvalidCommandLength`].
pub fn cut(octets: &[u8]) -> Result<FrameRef<'_>, Fault> {
    let fault = |kind| Fault { kind, field: Place::Header };
    match frame::cut(octets, LENGTH_MAX) {
        Ok(Some(frame)) => Ok(frame),
        Ok(None) => Err(fault(FaultKind::Incomplete)),
        Err(_) => Err(fault(FaultKind::InvalidCommandLength)),
    }
}

/// Reads a PDU, and takes nothing that the specification does not have: of the rest, the first fault.
///
/// # Errors
///
/// Any [`Fault`] but those of [`cut`].
pub fn read(frame: FrameRef<'_>) -> Result<Pdu<'_>, Fault> {
    read_each(frame, &mut |_| {})
}

/// As [`read`], and calls `each` with every field that is read and every rule that is broken, as it is met.
///
/// # Errors
///
/// As [`read`].
pub fn read_each<'a>(frame: FrameRef<'a>, each: &mut dyn FnMut(Seen<'_>)) -> Result<Pdu<'a>, Fault> {
    if frame.id().command().is_none() {
        return Err(Fault { kind: FaultKind::UnknownCommandId, field: Place::Header });
    }
    let is_absent = frame.id().is_response() && frame.body().is_empty();
    let pdu = if is_absent {
        // An empty body is read as empty fields; that they are not there is seen by their silence.
        Pdu::take(frame.id(), &mut Reader::new(&[], Strict { each: &mut |_| {} }))?
    } else {
        Pdu::take(frame.id(), &mut Reader::new(frame.body(), Strict { each }))?
    };
    read_tlvs(&pdu.tlvs(), each)?;
    let warnings = frame.header_warnings();
    for (flag, kind, field) in [
        (Warnings::STATUS_IN_REQUEST, NoticeKind::StatusInRequest, "command_status"),
        (Warnings::SEQUENCE_RANGE, NoticeKind::SequenceNumberRange, "sequence_number"),
    ] {
        if warnings.contains(flag) {
            each(Seen::Notice(Notice { kind, field }));
        }
    }
    Ok(pdu)
}

/// Holds a body that we would write against the specification: the limits of its fields, as [`Body::check`] does, and
/// the lengths of its TLVs.
///
/// # Errors
///
/// [`Unwritable`], naming the first that does not keep to it.
pub fn check<B: Body>(body: &B) -> Result<(), Unwritable> {
    body.visit(&mut Checker { tlvs: fit })
}

/// The mode of reading that tells of all it meets.
struct Strict<'f> {
    each: &'f mut dyn FnMut(Seen<'_>),
}

impl Mode for Strict<'_> {
    const STRICT: bool = true;

    fn saw(&mut self, field: &'static str, value: Field<'_>) {
        (self.each)(Seen::Field(field, value));
    }

    fn overlong(&mut self, field: &'static str) {
        (self.each)(Seen::Notice(Notice { kind: NoticeKind::CStringTooLong, field }));
    }

    fn odd_length(&mut self, field: &'static str) {
        (self.each)(Seen::Notice(Notice { kind: NoticeKind::CStringBadSize, field }));
    }
}

fn read_tlvs(tlvs: &Tlvs<'_>, each: &mut dyn FnMut(Seen<'_>)) -> Result<(), Fault> {
    for tlv in tlvs.iter() {
        let Some(facts) = tlv.tag.facts() else { continue };
        if !facts.fits(tlv.value.len()) {
            each(Seen::Notice(Notice { kind: NoticeKind::TlvBadLength, field: facts.name }));
        }
        if facts.kind == TlvKind::CString && !tlv.value.ends_with(b"\0") {
            each(Seen::Notice(Notice { kind: NoticeKind::TlvCStringUnterminated, field: facts.name }));
        }
    }
    match *tlvs.tail() {
        [] => Ok(()),
        [t0, t1, _, _, ..] => {
            let tag = Tag(u16::from_be_bytes([t0, t1]));
            Err(Fault { kind: FaultKind::TlvLengthOverrun, field: Place::Tlv(tag) })
        }
        ref left => Err(Fault { kind: FaultKind::TrailingOctets, field: Place::Left(left.len()) }),
    }
}

impl From<Malformed> for Fault {
    fn from(malformed: Malformed) -> Self {
        let kind = match malformed {
            Malformed::Overrun { .. } => FaultKind::SmLengthOverrun,
            Malformed::Truncated { .. } => FaultKind::BodyTruncated,
            Malformed::Unterminated { .. } => FaultKind::CStringUnterminated,
            Malformed::InvalidValue { .. } => FaultKind::InvalidValue,
        };
        Self { kind, field: Place::Field(malformed.field()) }
    }
}
