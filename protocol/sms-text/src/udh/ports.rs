//! Application ports: which program on the phone a message is for.

use alloc::vec::Vec;

/// The ports of an application (3GPP TS 23.040 §9.2.3.24.3 and .4), in the width they travel in: the two widths are
/// different address spaces.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Ports {
    /// Element 0x04, 8-bit addresses.
    Octet {
        /// Where it goes.
        destination: u8,
        /// Where answers go.
        originator: u8,
    },
    /// Element 0x05, 16-bit addresses: 2948 for WAP push, 9200 to 9207 for vCards and the like.
    Two {
        /// Where it goes.
        destination: u16,
        /// Where answers go.
        originator: u16,
    },
}

impl Ports {
    /// Where it goes.
    #[must_use]
    pub fn destination(self) -> u16 {
        match self {
            Self::Octet { destination, .. } => u16::from(destination),
            Self::Two { destination, .. } => destination,
        }
    }

    /// Where answers go.
    #[must_use]
    pub fn originator(self) -> u16 {
        match self {
            Self::Octet { originator, .. } => u16::from(originator),
            Self::Two { originator, .. } => originator,
        }
    }

    /// Octets the element takes, tag and length included: 4 or 6.
    #[must_use]
    pub fn element_octets(self) -> usize {
        match self {
            Self::Octet { .. } => 4,
            Self::Two { .. } => 6,
        }
    }

    /// Appends the element, tag and length included.
    pub fn write_element(self, out: &mut Vec<u8>) {
        match self {
            Self::Octet { destination, originator } => {
                out.extend_from_slice(&[PORTS_8, 2, destination, originator]);
            }
            Self::Two { destination, originator } => {
                out.extend_from_slice(&[PORTS_16, 4]);
                out.extend_from_slice(&destination.to_be_bytes());
                out.extend_from_slice(&originator.to_be_bytes());
            }
        }
    }

    /// What an element says; `None` for another tag or a wrong length.
    pub(super) fn read(tag: u8, value: &[u8]) -> Option<Self> {
        match (tag, value) {
            (PORTS_8, &[destination, originator]) => Some(Self::Octet { destination, originator }),
            (PORTS_16, &[a, b, c, d]) => Some(Self::Two {
                destination: u16::from_be_bytes([a, b]),
                originator: u16::from_be_bytes([c, d]),
            }),
            _ => None,
        }
    }
}

const PORTS_8: u8 = 0x04;
const PORTS_16: u8 = 0x05;
