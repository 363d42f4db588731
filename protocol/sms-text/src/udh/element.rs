//! The elements of a header.

use super::concat::{CONCAT_8, CONCAT_16, Concat};
use super::meaning::Meaning;

/// One element of a user data header.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Element<'a> {
    /// What it is: 0x00 and 0x08 are concatenation, 0x05 application ports.
    pub tag: u8,
    /// Its value, without tag and length.
    pub value: &'a [u8],
}

impl Element<'_> {
    /// What it says.
    #[must_use]
    pub fn meaning(&self) -> Meaning {
        Meaning::of(self.tag, self.value)
    }

    /// The concatenation in this element; `None` for another tag, a wrong length, or numbers that make no sense.
    #[must_use]
    pub fn concat(&self) -> Option<Concat> {
        Concat::read(self.tag, self.value)
    }
}

/// The elements of a header that are not about concatenation.
pub fn elements_beside_concat(header: &[u8]) -> impl Iterator<Item = Element<'_>> {
    elements(header).filter(|element| !matches!(element.tag, CONCAT_8 | CONCAT_16))
}

/// The elements of a header as [`split_udh`](super::split_udh) gives it; ends at the first that does not fit.
#[must_use]
pub fn elements(header: &[u8]) -> Elements<'_> {
    Elements { rest: header }
}

/// Iterator over the elements of a header.
#[derive(Clone, Debug)]
pub struct Elements<'a> {
    rest: &'a [u8],
}

impl<'a> Elements<'a> {
    /// What does not fit as an element, once all that do were taken.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }
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
