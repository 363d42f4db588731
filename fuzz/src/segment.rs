//! Long texts cut and joined again, and the headers of any user data.

use sms_text::{
    Encoding, Joiner, Language, Numbering, Plan, ReferenceSize, Segments, Tables, Whole, concat_of, packed,
    ports_of, preview, segment as cut, segment_by, split_udh, udh,
};

use crate::bytes::Bytes;

/// Cuts a text, loses the order of its parts, and joins them; then reads `octets` as user data.
pub fn segment(octets: &[u8]) {
    header(octets);
    let mut bytes = Bytes::new(octets);
    let (how, seed) = (bytes.octet(), bytes.octet());
    let text = String::from_utf8_lossy(bytes.rest());
    let reference =
        if how & 1 != 0 { ReferenceSize::Two(0x0100 | u16::from(seed)) } else { ReferenceSize::Octet(seed) };
    let languages = if how & 2 != 0 { &Language::ALL[..] } else { &[] };
    let ports = [udh::Element { tag: 5, value: &[0x23, 0xF0, seed, how] }];
    let plan = Plan {
        numbering: match how >> 2 & 3 {
            0 | 1 => Numbering::Header(reference),
            2 => Numbering::Sar(reference),
            _ => Numbering::Payload,
        },
        languages,
        elements: if how & 16 != 0 { &ports } else { &[] },
        whole: if how & 32 != 0 { Whole::CodePoints } else { Whole::Clusters },
    };
    let Ok(segments) = segment_by(&text, &plan) else {
        return;
    };
    if plan.numbering != Numbering::Payload {
        assert!((0..segments.parts.len()).all(|part| fits(&segments, part, &plan)));
    }
    assert_eq!(joined(&segments, seed), text);
    plainly(&text, reference);
}

/// The short way does what the long one does without choices.
fn plainly(text: &str, reference: ReferenceSize) {
    let plain = cut(text, reference).expect("fewer parts than with more choices, or as many");
    assert_eq!(segment_by(text, &Plan::from(reference)), Ok(plain.clone()));
    if reference.header_octets() == 6 {
        assert_eq!(preview(text), plain.preview);
    }
}

/// A part is at most 140 octets on the air, its septets packed; beside SAR numbers there is room for the header that a
/// centre makes of them.
fn fits(segments: &Segments, part: usize, plan: &Plan<'_>) -> bool {
    let text = segments.text_octets(part).expect("there is this part").len();
    let mut header = segments.parts[part].len() - text;
    if let (Numbering::Sar(reference), true) = (plan.numbering, segments.parts.len() > 1) {
        header = header.max(1) + reference.element_octets();
    }
    let octets = match segments.encoding {
        Encoding::Gsm7 => (text * 7 + usize::from(packed::fill_bits(header))).div_ceil(8),
        _ => text,
    };
    header + octets <= 140
}

/// Gives the parts to a joiner in another order, each twice; the text of what comes of it.
fn joined(segments: &Segments, seed: u8) -> String {
    let count = segments.parts.len();
    let part = |place: usize| segments.text_octets(place).expect("there is this part");
    let whole = if count == 1 {
        part(0).to_vec()
    } else {
        let numbers: Vec<_> =
            segments.sar().chain(segments.parts.iter().filter_map(|part| concat_of(part))).collect();
        assert_eq!(numbers.len(), count, "each part says which it is");
        let mut joiner = Joiner::new(count, 1000);
        let mut whole = Vec::new();
        // 257 is prime and more than there are parts: every part comes up once.
        let order =
            (1..257).map(|number| number * (usize::from(seed) + 1) % 257 - 1).filter(|place| *place < count);
        for place in order {
            assert!(joiner.has_room(&0, numbers[place], part(place).len(), 0));
            for _ in 0..2 {
                whole.extend(joiner.push(0, numbers[place], part(place), 0));
            }
        }
        assert_eq!(joiner.parts(), usize::from(count > 1), "the last part came twice");
        assert!(!whole.is_empty(), "all parts are there, and the message is not");
        whole.swap_remove(0)
    };
    let tables = if count == 1 && !segments.has_udh() { Tables::DEFAULT } else { segments.tables };
    segments.encoding.decode_with(tables, &whole)
}

fn header(octets: &[u8]) {
    let _ = (concat_of(octets), ports_of(octets), Tables::of_header(octets));
    let Ok((header, rest)) = split_udh(octets) else {
        return;
    };
    assert_eq!(1 + header.len() + rest.len(), octets.len());
    let mut out = Vec::new();
    let any = udh::write_user_data(udh::elements(header), None, rest, &mut out);
    assert_eq!(out, if any { octets } else { rest });
    let _ = udh::elements(header).map(|element| format!("{:?}", element.meaning())).collect::<String>();
}
