//! Concatenation: which part of which long message.

use alloc::vec::Vec;

/// Which part of which long message.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Concat {
    /// The number all parts share; 0 to 255 from an 8-bit element.
    pub reference: u16,
    /// How many parts there are, 1 to 255.
    pub total: u8,
    /// Which this one is, 1 to `total`.
    pub sequence: u8,
}

impl Concat {
    /// What an element says; `None` for another tag, a wrong length, or numbers that make no sense: such an element is
    /// passed over.
    pub(super) fn read(tag: u8, value: &[u8]) -> Option<Self> {
        let (reference, total, sequence) = match (tag, value) {
            (CONCAT_8, &[reference, total, sequence]) => (u16::from(reference), total, sequence),
            (CONCAT_16, &[high, low, total, sequence]) => (u16::from_be_bytes([high, low]), total, sequence),
            _ => return None,
        };
        (sequence >= 1 && sequence <= total).then_some(Self { reference, total, sequence })
    }

    /// Appends the element: a reference below 256 in one octet.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        let size = match u8::try_from(self.reference) {
            Ok(reference) => ReferenceSize::Octet(reference),
            Err(_) => ReferenceSize::Two(self.reference),
        };
        size.write_element(self.total, self.sequence, out);
    }
}

/// A concatenation reference in the width it travels in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ReferenceSize {
    /// One octet: a header of 6 octets, 153 septets or 67 units a part.
    Octet(u8),
    /// Two octets: a header of 7 octets, 152 septets or 66 units a part.
    Two(u16),
}

impl ReferenceSize {
    /// The number, whatever its width.
    #[must_use]
    pub fn reference(self) -> u16 {
        match self {
            Self::Octet(reference) => u16::from(reference),
            Self::Two(reference) => reference,
        }
    }

    /// Octets a header of concatenation alone takes of a part, its length octet included.
    #[must_use]
    pub fn header_octets(self) -> usize {
        1 + self.element_octets()
    }

    /// Octets the element takes, tag and length included.
    #[must_use]
    pub fn element_octets(self) -> usize {
        match self {
            Self::Octet(_) => 5,
            Self::Two(_) => 6,
        }
    }

    /// Appends the header of part `sequence` of `total`.
    pub fn write_header(self, total: u8, sequence: u8, out: &mut Vec<u8>) {
        // At most 6, so the narrowing keeps the value.
        out.push(self.element_octets() as u8);
        self.write_element(total, sequence, out);
    }

    /// Appends the element of part `sequence` of `total`.
    pub fn write_element(self, total: u8, sequence: u8, out: &mut Vec<u8>) {
        match self {
            Self::Octet(reference) => out.extend_from_slice(&[CONCAT_8, 3, reference, total, sequence]),
            Self::Two(reference) => {
                let [high, low] = reference.to_be_bytes();
                out.extend_from_slice(&[CONCAT_16, 4, high, low, total, sequence]);
            }
        }
    }
}

pub(super) const CONCAT_8: u8 = 0x00;
pub(super) const CONCAT_16: u8 = 0x08;
