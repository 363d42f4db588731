use crate::facts::gsm0338;
use proptest::prelude::*;
use sms_text::preview::preview_behind;
use sms_text::segment::{cut, split};
use sms_text::{
    Concat, Encoding, Joiner, ReferenceSize, TooLong, concat_of, gsm7, preview, segment, split_udh,
    typography,
};

const OCTET: ReferenceSize = ReferenceSize::Octet(0xCC);
const TWO: ReferenceSize = ReferenceSize::Two(0xF42E);

#[test]
fn the_room_of_a_part_is_what_the_facts_say() {
    let facts = gsm0338();
    for part in facts["limits"]["part"].as_array().unwrap() {
        let number = |key: &str| usize::try_from(part[key].as_integer().unwrap()).unwrap();
        // Room behind a header shows once a text needs more than one part.
        let header = number("header_octets");
        if header == 0 {
            assert_eq!(preview("").units_per_part, number("septets"));
            assert_eq!(preview("☃").units_per_part, number("ucs2_units"));
        } else {
            assert_eq!(preview_behind(&"a".repeat(161), header).units_per_part, number("septets"));
            assert_eq!(preview_behind(&"☃".repeat(71), header).units_per_part, number("ucs2_units"));
        }
    }
}

#[test]
fn a_text_that_fits_has_one_part_and_no_header() {
    for (text, encoding) in [("a".repeat(160), Encoding::Gsm7), ("☃".repeat(70), Encoding::Ucs2)] {
        let segments = segment(&text, OCTET).unwrap();
        assert_eq!((segments.encoding, segments.parts.len(), segments.has_udh()), (encoding, 1, false));
        assert_eq!(encoding.decode(&segments.parts[0]), text);
    }
    assert_eq!(segment("", OCTET).unwrap().parts, [Vec::<u8>::new()]);
}

#[test]
fn one_character_more_makes_two_parts_with_headers() {
    let lengths = |text: &str, reference| -> Vec<usize> {
        segment(text, reference).unwrap().parts.iter().map(Vec::len).collect()
    };
    assert_eq!(lengths(&"a".repeat(161), OCTET), [6 + 153, 6 + 8]);
    assert_eq!(lengths(&"a".repeat(161), TWO), [7 + 152, 7 + 9]);
    assert_eq!(lengths(&"☃".repeat(71), OCTET), [6 + 134, 6 + 8]);
    assert_eq!(lengths(&"☃".repeat(71), TWO), [7 + 132, 7 + 10]);
}

#[test]
fn the_headers_are_those_of_the_standard() {
    let text = "a".repeat(161);
    assert!(segment(&text, OCTET).unwrap().parts[1].starts_with(&[5, 0x00, 3, 0xCC, 2, 2]));
    assert!(segment(&text, TWO).unwrap().parts[0].starts_with(&[6, 0x08, 4, 0xF4, 0x2E, 2, 1]));
}

#[test]
fn an_escape_pair_goes_whole_into_the_next_part() {
    let text = format!("{}€{}", "a".repeat(152), "a".repeat(20));
    let segments = segment(&text, OCTET).unwrap();
    assert_eq!(segments.parts[0].len(), 6 + 152);
    assert!(segments.parts[1][6..].starts_with(b"\x1b\x65"));
}

#[test]
fn a_surrogate_pair_goes_whole_into_the_next_part() {
    let text = format!("{}😀{}", "☃".repeat(66), "☃".repeat(20));
    let segments = segment(&text, OCTET).unwrap();
    assert_eq!(segments.parts[0].len(), 6 + 132);
    assert!(segments.parts[1][6..].starts_with(&[0xD8, 0x3D, 0xDE, 0x00]));
}

#[test]
fn a_piece_is_longer_than_asked_only_where_one_character_is() {
    let pieces = |encoding, octets: &[u8], octets_max| {
        cut(encoding, octets, octets_max).map(<[u8]>::len).collect::<Vec<_>>()
    };
    assert_eq!(pieces(Encoding::Gsm7, b"a\x1b\x65b", 1), [1, 2, 1]);
    assert_eq!(pieces(Encoding::Gsm7, b"a\x1b\x65b", 0), [1, 2, 1]);
    assert_eq!(pieces(Encoding::Ucs2, &[0, 1, 0xD8, 0x3D, 0xDE, 0, 0, 1, 9], 3), [2, 4, 3]);
    assert_eq!(pieces(Encoding::Binary, b"abc", 2), [2, 1]);
}

#[test]
fn more_than_255_parts_are_refused_and_255_are_not() {
    assert_eq!(segment(&"a".repeat(255 * 153), OCTET).unwrap().parts.len(), 255);
    assert_eq!(segment(&"a".repeat(255 * 153 + 1), OCTET), Err(TooLong { parts: 256 }));
}

#[test]
fn a_typographic_apostrophe_is_blamed_and_a_plain_one_offered() {
    let text = format!("It’s “late” – {}…", "a".repeat(80));
    let shown = preview(&text);
    assert_eq!((shown.encoding, shown.parts), (Encoding::Ucs2, 2));
    assert_eq!((shown.why_ucs2, shown.replacement), (Some((2, '’')), Some("'")));
    let plain = typography::plain(&text).unwrap();
    assert_eq!(plain, format!("It's \"late\" - {}...", "a".repeat(80)));
    assert_eq!((preview(&plain).encoding, preview(&plain).parts), (Encoding::Gsm7, 1));
    assert_eq!(typography::plain(&plain), None);
}

#[test]
fn every_plain_form_fits_gsm7_and_stands_for_what_does_not() {
    for character in '\0'..=char::MAX {
        if let Some(plain) = typography::plain_form(character) {
            assert!(gsm7::septets(plain).is_some(), "{character:?}");
            assert!(gsm7::septets_of(character).is_none(), "{character:?}");
        }
    }
}

#[test]
fn a_preview_counts_units_and_what_is_left() {
    let one = preview("price: 5 €");
    assert_eq!((one.units_used, one.units_max(), one.units_left()), (11, 160, 149));
    let two = preview(&"a".repeat(200));
    assert_eq!((two.parts, two.units_used, two.units_max(), two.units_in_last_part), (2, 200, 306, 47));
}

/// Texts long enough to split, in both encodings, rich in characters of two units.
fn long_text() -> impl Strategy<Value = String> {
    let gsm = proptest::sample::select("abc €{}[]~ΩÄ\n".chars().collect::<Vec<_>>());
    let any = proptest::sample::select("abc €☃ش😀𝄞".chars().collect::<Vec<_>>());
    let of = |character: BoxedStrategy<char>| {
        proptest::collection::vec(character, 0..800).prop_map(String::from_iter)
    };
    prop_oneof![of(gsm.boxed()), of(any.boxed())]
}

fn reference() -> impl Strategy<Value = ReferenceSize> {
    prop_oneof![any::<u8>().prop_map(ReferenceSize::Octet), any::<u16>().prop_map(ReferenceSize::Two)]
}

proptest! {
    #[test]
    fn each_part_is_whole_and_together_they_are_the_text(text in long_text(), reference in reference()) {
        let segments = segment(&text, reference).unwrap();
        prop_assert_eq!(segments.parts.len(), segments.preview.parts);
        let mut whole = String::new();
        for part in &segments.parts {
            let octets = if segments.has_udh() { split_udh(part).unwrap().1 } else { part };
            let piece = segments.encoding.decode(octets);
            prop_assert!(!piece.contains(char::REPLACEMENT_CHARACTER), "a surrogate pair is split");
            prop_assert_eq!(encoded(segments.encoding, &piece), octets, "an escape pair is split");
            whole.push_str(&piece);
        }
        prop_assert_eq!(whole, text);
    }

    #[test]
    fn a_part_fills_140_octets_on_the_air_and_no_more(text in long_text(), reference in reference()) {
        let segments = segment(&text, reference).unwrap();
        for part in &segments.parts {
            let header = if segments.has_udh() { reference.header_octets() } else { 0 };
            let text_octets = part.len() - header;
            let on_air = match segments.encoding {
                Encoding::Gsm7 => (header * 8).next_multiple_of(7) + text_octets * 7,
                _ => part.len() * 8,
            };
            prop_assert!(on_air <= 140 * 8);
        }
    }

    #[test]
    fn any_octets_are_cut_without_loss(octets: Vec<u8>, octets_max in 0usize..20) {
        for encoding in [Encoding::Gsm7, Encoding::Ucs2, Encoding::Binary] {
            prop_assert_eq!(cut(encoding, &octets, octets_max).collect::<Vec<_>>().concat(), octets.clone());
        }
    }

    #[test]
    fn parts_in_any_order_join_to_the_text(
        (text, order) in long_text().prop_flat_map(|text| {
            let parts = preview_behind(&text, 7).parts;
            (Just(text), Just((0..parts).collect::<Vec<_>>()).prop_shuffle())
        }),
        reference: u16,
    ) {
        let segments = segment(&text, ReferenceSize::Two(reference)).unwrap();
        prop_assume!(segments.has_udh());
        let mut joiner = Joiner::new(255, 1);
        let mut whole = None;
        for at in order {
            prop_assert_eq!(whole, None);
            let (_, octets) = split_udh(&segments.parts[at]).unwrap();
            whole = joiner.push((), concat_of(&segments.parts[at]).unwrap(), octets, 0);
        }
        prop_assert_eq!(whole.map(|octets| segments.encoding.decode(&octets)), Some(text));
        prop_assert_eq!(joiner.parts(), 0);
    }
}

fn encoded(encoding: Encoding, text: &str) -> Vec<u8> {
    match encoding {
        Encoding::Gsm7 => gsm7::encode(text).unwrap(),
        _ => sms_text::ucs2::encode(text),
    }
}

#[test]
fn encoded_text_is_split_as_the_text_itself_would_be() {
    for text in ["a".repeat(400), "€".repeat(200), "ж".repeat(300), "😀".repeat(200)] {
        let whole = segment(&text, TWO).unwrap();
        let (encoding, octets) = sms_text::encode_smallest(&text);
        assert_eq!(split(encoding, &[], &octets, 0xF42E), Ok(whole.parts));
    }
}

#[test]
fn what_fits_one_message_stays_whole_and_keeps_its_header() {
    let octets = [b'x'; 160];
    assert_eq!(split(Encoding::Gsm7, &[], &octets, 1), Ok(vec![octets.to_vec()]));
    // Application ports, and a number that is of no use any more.
    let header = [5, 4, 0x0B, 0x84, 0x23, 0xF0, 0, 3, 9, 1, 1];
    let parts = split(Encoding::Binary, &header, b"push", 1).unwrap();
    assert_eq!(parts, [[&[6, 5, 4, 0x0B, 0x84, 0x23, 0xF0][..], b"push"].concat()]);
}

#[test]
fn each_part_repeats_the_header_of_the_whole() {
    let header = [5, 4, 0x0B, 0x84, 0x23, 0xF0];
    let parts = split(Encoding::Binary, &header, &[7; 300], 9).unwrap();
    assert!(parts.len() == 3 && parts.iter().all(|part| part.len() <= 140));
    for (part, sequence) in parts.iter().zip(1..) {
        assert_eq!(concat_of(part), Some(Concat { reference: 9, total: 3, sequence }));
        assert!(split_udh(part).unwrap().0.ends_with(&header));
    }
}

#[test]
fn more_parts_than_can_be_numbered_are_refused() {
    let octets = vec![b'x'; 153 * 256];
    assert_eq!(split(Encoding::Gsm7, &[], &octets, 1), Err(TooLong { parts: 256 }));
}
