//! Who stands in the network, and where they listen.

pub(super) const CENTRE: &str = "centre";
pub(super) const CENTRE_PORT: u16 = 2775;

pub(super) const CARRIER: &str = "carrier";
pub(super) const CARRIER_PORT: u16 = 2776;

pub(super) const ESME: &str = "esme";
