//! One end of a message, small enough to keep a million of.

use smpp_wire::{Address, Npi, Ton};

/// One end of a message: an [`Address`] that is kept.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Party {
    ton: Ton,
    npi: Npi,
    len: u8,
    octets: [u8; Self::OCTETS_MAX],
}

impl Party {
    /// The longest address that can be kept, and written (SMPP 5.0 §4.7.1).
    pub(crate) const OCTETS_MAX: usize = 20;

    /// `None` for an address that is too long.
    pub(crate) fn of(address: Address<'_>) -> Option<Self> {
        let mut party = Self { ton: address.ton, npi: address.npi, ..Self::default() };
        party.octets.get_mut(..address.digits.len())?.copy_from_slice(address.digits);
        // At most OCTETS_MAX: the line above has checked it.
        party.len = address.digits.len() as u8;
        Some(party)
    }

    pub(crate) fn address(&self) -> Address<'_> {
        Address { ton: self.ton, npi: self.npi, digits: &self.octets[..usize::from(self.len)] }
    }
}
