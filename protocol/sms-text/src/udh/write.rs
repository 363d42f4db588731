//! User data with the header it needs.

use super::concat::Concat;
use super::element::Element;
use alloc::vec::Vec;

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
    let mut header = HeaderWriter::begin(out);
    if let Some(concat) = concat {
        concat.write(header.out);
    }
    header.elements(elements);
    let has_header = header.end() > 0;
    out.extend_from_slice(text);
    has_header
}

/// A header that is being written: its first octet, its length, is filled in at the end.
#[derive(Debug)]
pub(crate) struct HeaderWriter<'o> {
    /// Takes elements that always fit: concatenation and languages.
    pub(crate) out: &'o mut Vec<u8>,
    start: usize,
}

impl<'o> HeaderWriter<'o> {
    pub(crate) fn begin(out: &'o mut Vec<u8>) -> Self {
        let start = out.len();
        out.push(0);
        Self { out, start }
    }

    /// Appends elements up to the first that does not fit.
    pub(crate) fn elements<'a>(&mut self, elements: impl IntoIterator<Item = Element<'a>>) {
        for Element { tag, value } in elements {
            let header_octets = self.out.len() - self.start - 1 + 2 + value.len();
            let (Ok(length), true) = (u8::try_from(value.len()), header_octets <= HEADER_OCTETS_MAX) else {
                break;
            };
            self.out.extend_from_slice(&[tag, length]);
            self.out.extend_from_slice(value);
        }
    }

    /// Octets of the header, its length included; 0 where no element was written, and then nothing stands there.
    pub(crate) fn end(self) -> usize {
        let octets = self.out.len() - self.start;
        // At most 256 in all, as every element was weighed.
        match u8::try_from(octets - 1).unwrap_or(u8::MAX) {
            0 => {
                self.out.truncate(self.start);
                0
            }
            length => {
                self.out[self.start] = length;
                octets
            }
        }
    }
}

/// What the length octet can say.
const HEADER_OCTETS_MAX: usize = 255;
