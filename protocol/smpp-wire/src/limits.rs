//! Octets: what the specification allows a field, and how far we read beyond it.

/// How far a C-string is read, its NUL counted: real peers send longer ones than their fields allow.
pub(crate) const C_STRING_READ: usize = 256;

/// C-strings, the NUL counted (SMPP 5.0 §4; the last three of 3.3 alone).
pub(crate) const SYSTEM_ID: usize = 16;
pub(crate) const PASSWORD: usize = 9;
pub(crate) const SYSTEM_TYPE: usize = 13;
pub(crate) const ADDRESS_RANGE: usize = 41;
pub(crate) const SERVICE_TYPE: usize = 6;
pub(crate) const ADDRESS: usize = 21;
/// An address of data_sm or alert_notification, which may be one of the internet.
pub(crate) const LONG_ADDRESS: usize = 65;
pub(crate) const LIST_NAME: usize = 21;
pub(crate) const MESSAGE_ID: usize = 65;
pub(crate) const MESSAGE_ID_V3_3: usize = 9;
pub(crate) const PARAM_NAME: usize = 32;
pub(crate) const PARAM_VALUE: usize = 101;

/// A time that is not empty, the NUL counted: no other length is one.
pub(crate) const TIME: usize = 17;

/// `sm_length` is one octet, yet 3.4 stops at 254.
pub(crate) const SHORT_MESSAGE_V3_4: usize = 254;
pub(crate) const SHORT_MESSAGE_V3_3: usize = 160;

/// The highest first octet of a tag that a TLV at the place of a message id is known by.
pub(crate) const TAG_HIGH_OCTET: u8 = 0x14;

/// No version limits a body it does not define; no `command_length` says more.
pub(crate) const OTHER_BODY: usize = u32::MAX as usize - 16;
