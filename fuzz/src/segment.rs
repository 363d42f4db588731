//! Long texts cut and joined again, and the headers of any user data.

use sms_text::{Concat, Encoding, Joiner, ReferenceSize, concat_of, preview, segment as cut, split_udh, udh};

use crate::bytes::Bytes;

/// Cuts a text, loses the order of its parts, and joins them; then reads `octets` as user data.
pub fn segment(octets: &[u8]) {
    let mut bytes = Bytes::new(octets);
    let (wide, seed) = (bytes.octet() % 2 == 1, bytes.octet());
    let text = String::from_utf8_lossy(bytes.rest());
    let reference =
        if wide { ReferenceSize::Two(0x0100 | u16::from(seed)) } else { ReferenceSize::Octet(seed) };
    let Ok(segments) = cut(&text, reference) else {
        return;
    };
    assert!(segments.parts.iter().all(|part| fits(segments.encoding, part, segments.has_udh())));
    if !wide {
        assert_eq!(preview(&text), segments.preview);
    }
    assert_eq!(segments.encoding.decode(&joined(&segments.parts, seed)), text);
    header(octets);
}

/// A part is at most 140 octets on the air, its septets packed.
fn fits(encoding: Encoding, part: &[u8], has_udh: bool) -> bool {
    let header = if has_udh { 1 + usize::from(part[0]) } else { 0 };
    let text = part.len() - header;
    let octets = match encoding {
        Encoding::Gsm7 => (text * 7 + usize::from(sms_text::packed::fill_bits(header))).div_ceil(8),
        _ => text,
    };
    header + octets <= 140
}

/// Gives the parts to a joiner in another order, each twice.
fn joined(parts: &[Vec<u8>], seed: u8) -> Vec<u8> {
    if let [part] = parts {
        return part.clone();
    }
    let mut joiner = Joiner::new(parts.len(), 1000);
    let mut whole = Vec::new();
    for number in 0..parts.len() {
        // 257 is prime and more than there are parts: every part comes up once.
        let place = (number + 1) * (usize::from(seed) + 1) % 257;
        if let Some(part) = place.checked_sub(1).and_then(|place| parts.get(place)) {
            whole.extend(push(&mut joiner, part));
            whole.extend(push(&mut joiner, part));
        }
    }
    for part in parts {
        whole.extend(push(&mut joiner, part));
    }
    assert!(!whole.is_empty(), "all parts are there, and the message is not");
    whole.swap_remove(0)
}

fn push(joiner: &mut Joiner<u8>, part: &[u8]) -> Option<Vec<u8>> {
    let concat: Concat = concat_of(part).expect("a part says which it is");
    let (_, text) = split_udh(part).expect("a part has a header");
    joiner.push(0, concat, text, 0)
}

fn header(octets: &[u8]) {
    let Ok((header, rest)) = split_udh(octets) else {
        return;
    };
    assert_eq!(1 + header.len() + rest.len(), octets.len());
    let mut out = Vec::new();
    let any = udh::write_user_data(udh::elements(header), None, rest, &mut out);
    if any {
        assert_eq!(out, octets);
    } else {
        assert_eq!(out, rest);
    }
}
