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
    let start = out.len();
    out.push(0);
    if let Some(concat) = concat {
        concat.write(out);
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
