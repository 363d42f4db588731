//! Memory for what has to be composed.

use super::time::Clocks;

/// What composing a PDU needs and keeps from one to the next.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// A TLV list in wire form.
    pub(super) tlvs: Vec<u8>,
    /// A receipt's text, or a text made readable.
    pub(super) text: Vec<u8>,
    pub(super) clocks: Clocks,
}
