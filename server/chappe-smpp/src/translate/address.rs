//! Addresses keep type, plan and digits either way.

use chappe_core::Address;
use smpp_wire::{Npi, Ton};

/// As the message has it.
pub(super) fn from_wire(address: smpp_wire::Address<'_>) -> Address<'_> {
    let smpp_wire::Address { ton, npi, digits } = address;
    Address { ton: ton.0, npi: npi.0, digits }
}

/// As the PDU has it.
pub(super) fn to_wire(address: Address<'_>) -> smpp_wire::Address<'_> {
    let Address { ton, npi, digits } = address;
    smpp_wire::Address { ton: Ton(ton), npi: Npi(npi), digits }
}
