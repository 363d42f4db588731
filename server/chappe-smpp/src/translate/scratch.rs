//! Memory for what has to be composed.

use jiff::tz::TimeZone;

use super::long::Rebuilt;
use super::time::Clocks;

/// What composing a PDU needs and keeps from one to the next.
#[derive(Debug)]
pub(crate) struct Scratch {
    /// A TLV list in wire form.
    pub(super) tlvs: Vec<u8>,
    /// A receipt's text, or a text made readable.
    pub(super) text: Vec<u8>,
    pub(super) rebuilt: Rebuilt,
    pub(super) clocks: Clocks,
}

impl Scratch {
    /// For a peer whose times are in this zone.
    pub(crate) fn in_zone(zone: TimeZone) -> Self {
        Self { tlvs: Vec::new(), text: Vec::new(), rebuilt: Rebuilt::default(), clocks: Clocks::of(zone) }
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Self::in_zone(TimeZone::UTC)
    }
}
