//! Octets: what the specification allows a field, and how far we read beyond it.

/// How far a C-string is read, its NUL counted: real peers send longer ones than their fields allow.
pub(crate) const C_STRING_READ: usize = 256;

/// C-strings, the NUL counted (SMPP 5.0 §4).
pub(crate) const SYSTEM_ID: usize = 16;
pub(crate) const PASSWORD: usize = 9;
pub(crate) const SYSTEM_TYPE: usize = 13;
pub(crate) const ADDRESS_RANGE: usize = 41;
pub(crate) const SERVICE_TYPE: usize = 6;
pub(crate) const ADDRESS: usize = 21;
pub(crate) const TIME: usize = 17;
pub(crate) const MESSAGE_ID: usize = 65;

/// `sm_length` is one octet, yet 3.4 stops at 254.
pub(crate) const SHORT_MESSAGE_V3_4: usize = 254;

/// The highest first octet of a tag that a TLV at the place of a message id is known by.
pub(crate) const TAG_HIGH_OCTET: u8 = 0x14;
