//! The user data header in front of a text (3GPP TS 23.040 §9.2.3.24): its elements, and concatenation.

use alloc::vec::Vec;
use core::fmt;

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

/// A concatenation reference in the width it travels in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ReferenceSize {
    /// One octet: a header of 6 octets, 153 septets or 67 units a part.
    Octet(u8),
    /// Two octets: a header of 7 octets, 152 septets or 66 units a part.
    Two(u16),
}

impl ReferenceSize {
    /// Octets the concatenation header takes of a part, its length octet included.
    #[must_use]
    pub fn header_octets(self) -> usize {
        match self {
            Self::Octet(_) => 6,
            Self::Two(_) => 7,
        }
    }

    /// Appends the header of part `sequence` of `total`.
    pub fn write_header(self, total: u8, sequence: u8, out: &mut Vec<u8>) {
        match self {
            Self::Octet(reference) => out.extend_from_slice(&[5, CONCAT_8, 3, reference, total, sequence]),
            Self::Two(reference) => {
                let [high, low] = reference.to_be_bytes();
                out.extend_from_slice(&[6, CONCAT_16, 4, high, low, total, sequence]);
            }
        }
    }
}

/// Why user data does not begin with a header, although it was announced. The text is then best shown as
/// octets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BadUdh {
    /// The header claims `claimed` octets after its length octet; `left` remain.
    Overrun {
        /// Octets announced.
        claimed: usize,
        /// Octets there.
        left: usize,
    },
    /// The element `tag` does not end within the header.
    ElementOverrun {
        /// Tag of the element.
        tag: u8,
    },
}

impl fmt::Display for BadUdh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overrun { claimed, left } => {
                write!(f, "the user data header claims {claimed} octets, {left} remain")
            }
            Self::ElementOverrun { tag } => {
                write!(f, "element 0x{tag:02x} does not end within the user data header")
            }
        }
    }
}

impl core::error::Error for BadUdh {}

/// Cuts user data into the header's elements (without the length octet) and what follows.
///
/// # Errors
///
/// [`BadUdh`] where the header, or an element in it, is longer than what holds it; empty user data included.
pub fn split_udh(user_data: &[u8]) -> Result<(&[u8], &[u8]), BadUdh> {
    let (&length, rest) = user_data.split_first().ok_or(BadUdh::Overrun { claimed: 0, left: 0 })?;
    let claimed = usize::from(length);
    let (header, text) =
        rest.split_at_checked(claimed).ok_or(BadUdh::Overrun { claimed, left: rest.len() })?;
    let mut elements = elements(header);
    while elements.next().is_some() {}
    match elements.rest.first() {
        Some(&tag) => Err(BadUdh::ElementOverrun { tag }),
        None => Ok((header, text)),
    }
}

/// Appends user data: a header of `elements` and `concat`, if there are any, and then the text. Whether it begins with a
/// header, which is then announced by `esm_class` 0x40.
///
/// A reference below 256 is written in one octet. Elements that no header can hold (255 octets) are left out, the last
/// ones first.
pub fn write_user_data<'a>(
    elements: impl IntoIterator<Item = Element<'a>>,
    concat: Option<Concat>,
    text: &[u8],
    out: &mut Vec<u8>,
) -> bool {
    let start = out.len();
    out.push(0);
    if let Some(Concat { reference, total, sequence }) = concat {
        match u8::try_from(reference) {
            Ok(reference) => out.extend_from_slice(&[CONCAT_8, 3, reference, total, sequence]),
            Err(_) => {
                let [high, low] = reference.to_be_bytes();
                out.extend_from_slice(&[CONCAT_16, 4, high, low, total, sequence]);
            }
        }
    }
    for Element { tag, value } in elements {
        let (Ok(length), true) = (u8::try_from(value.len()), out.len() - start + 1 + value.len() < 255)
        else {
            break;
        };
        out.extend_from_slice(&[tag, length]);
        out.extend_from_slice(value);
    }
    // Below 255, as every element was weighed.
    let header = u8::try_from(out.len() - start - 1).unwrap_or(u8::MAX);
    if header == 0 {
        out.pop();
    } else {
        out[start] = header;
    }
    out.extend_from_slice(text);
    header > 0
}

/// One element of a user data header.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Element<'a> {
    /// What it is: 0x00 and 0x08 are concatenation, 0x05 application ports.
    pub tag: u8,
    /// Its value, without tag and length.
    pub value: &'a [u8],
}

impl Element<'_> {
    /// The concatenation in this element; `None` for another tag, a wrong length, or numbers that make no sense.
    #[must_use]
    pub fn concat(&self) -> Option<Concat> {
        let (reference, total, sequence) = match (self.tag, self.value) {
            (CONCAT_8, &[reference, total, sequence]) => (u16::from(reference), total, sequence),
            (CONCAT_16, &[high, low, total, sequence]) => (u16::from_be_bytes([high, low]), total, sequence),
            _ => return None,
        };
        (sequence >= 1 && sequence <= total).then_some(Concat { reference, total, sequence })
    }
}

/// The elements of a header that are not about concatenation.
pub fn elements_beside_concat(header: &[u8]) -> impl Iterator<Item = Element<'_>> {
    elements(header).filter(|element| !matches!(element.tag, CONCAT_8 | CONCAT_16))
}

/// The elements of a header as [`split_udh`] gives it; ends at the first that does not fit.
#[must_use]
pub fn elements(header: &[u8]) -> Elements<'_> {
    Elements { rest: header }
}

/// Iterator over the elements of a header.
#[derive(Clone, Debug)]
pub struct Elements<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let &[tag, length, ref rest @ ..] = self.rest else {
            return None;
        };
        let (value, rest) = rest.split_at_checked(usize::from(length))?;
        self.rest = rest;
        Some(Element { tag, value })
    }
}

/// The concatenation that user data begins with, 8- or 16-bit; the last valid element counts.
///
/// `None` where the header is malformed: such user data is no part of anything.
#[must_use]
pub fn concat_of(user_data: &[u8]) -> Option<Concat> {
    let (header, _) = split_udh(user_data).ok()?;
    elements(header).filter_map(|element| element.concat()).last()
}

const CONCAT_8: u8 = 0x00;
const CONCAT_16: u8 = 0x08;
