//! User data taken apart into header and text.

use super::concat::Concat;
use super::element::elements;
use super::meaning::Meaning;
use super::ports::Ports;
use core::fmt;

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
    match elements.rest().first() {
        Some(&tag) => Err(BadUdh::ElementOverrun { tag }),
        None => Ok((header, text)),
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

/// The application ports that user data begins with; the last element counts.
///
/// `None` where there are none, or the header is malformed.
#[must_use]
pub fn ports_of(user_data: &[u8]) -> Option<Ports> {
    let (header, _) = split_udh(user_data).ok()?;
    let ports = elements(header).filter_map(|element| match element.meaning() {
        Meaning::Ports(ports) => Some(ports),
        _ => None,
    });
    ports.last()
}
