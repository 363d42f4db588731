use crate::facts::gsm0338;
use proptest::prelude::*;
use sms_text::preview::{preview_behind, preview_by};
use sms_text::segment::split;
use sms_text::udh::Element;
use sms_text::{
    Concat, Encoding, Joiner, Language, Numbering, Plan, ReferenceSize, Spelling, Tables, TooLong, Whole,
    concat_of, cut, decode_user_data, gsm7, pieces, preview, segment, segment_by, smallest, split_udh,
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
    let pieces = |encoding: Encoding, octets: &[u8], octets_max| {
        cut(encoding.into(), octets, octets_max, Whole::Clusters).map(<[u8]>::len).collect::<Vec<_>>()
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
        for encoding in [Encoding::Gsm7, Encoding::Ucs2, Encoding::Binary, Encoding::Cyrillic] {
            for whole in [Whole::Clusters, Whole::CodePoints] {
                let pieces: Vec<_> = cut(encoding.into(), &octets, octets_max, whole).collect();
                prop_assert_eq!(pieces.concat(), octets.clone());
                prop_assert!(pieces.iter().all(|piece| !piece.is_empty() && piece.len() <= octets_max.max(4)));
            }
        }
    }

    #[test]
    fn any_text_is_cut_without_loss_and_no_piece_is_longer_than_it_may(text: String, room in 2usize..20) {
        for whole in [Whole::Clusters, Whole::CodePoints] {
            let spelling = Spelling::from(Encoding::Ucs2);
            let pieces: Vec<_> = pieces(&text, spelling, room, whole).collect();
            prop_assert_eq!(pieces.concat(), text.clone());
            prop_assert!(pieces.iter().all(|piece| spelling.units(piece).is_some_and(|units| units <= room)));
        }
    }

    #[test]
    fn every_plan_sends_the_whole_text_in_parts_that_fit(
        text in long_text(),
        languages in proptest::sample::subsequence(&Language::ALL[..], 0..3),
        has_port: bool,
        numbering in prop_oneof![
            reference().prop_map(Numbering::Header),
            reference().prop_map(Numbering::Sar),
            Just(Numbering::Payload),
        ],
        whole in prop_oneof![Just(Whole::Clusters), Just(Whole::CodePoints)],
    ) {
        let port = [Element { tag: 5, value: &[0x0B, 0x84, 0, 0] }];
        let plan = Plan { numbering, languages: &languages, elements: &port[..usize::from(has_port)], whole };
        let segments = segment_by(&text, &plan).unwrap();
        let spelling = Spelling { encoding: segments.encoding, tables: segments.tables };
        let texts: Vec<_> = (0..segments.parts.len()).map(|part| segments.text_octets(part).unwrap()).collect();
        prop_assert_eq!(texts.iter().map(|octets| spelling.decode(octets)).collect::<String>(), text);
        for (part, octets) in segments.parts.iter().zip(&texts) {
            let header = part.len() - octets.len();
            prop_assert_eq!(segments.has_udh(), header > 0);
            if header > 0 {
                prop_assert_eq!(split_udh(part).unwrap().1, *octets);
                prop_assert_eq!(decode_user_data(spelling.encoding.data_coding(), part), spelling.decode(octets));
            }
            // The header that the centre makes of SAR numbers has to fit, too.
            let later = match numbering {
                Numbering::Sar(reference) if segments.parts.len() > 1 && header == 0 => reference.header_octets(),
                Numbering::Sar(reference) if segments.parts.len() > 1 => reference.element_octets(),
                _ => 0,
            };
            let room = spelling.encoding.room(header + later) * spelling.encoding.unit_octets();
            prop_assert!(octets.len() <= room || numbering == Numbering::Payload);
        }
        let is_sar = matches!(numbering, Numbering::Sar(_)) && segments.parts.len() > 1;
        prop_assert_eq!(segments.sar().count(), if is_sar { segments.parts.len() } else { 0 });
        prop_assert!(numbering == Numbering::Payload || segments.preview.parts == segments.parts.len());
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
fn what_a_reader_takes_for_one_character_goes_whole_into_the_next_part() {
    // An e with an accent of its own, a family of four, a flag, a syllable of Hindi, a line break of two characters.
    for cluster in ["e\u{301}", "👨\u{200D}👩\u{200D}👧\u{200D}👦", "🇭🇷", "नि", "\r\n"] {
        let text = format!("{}{cluster}{}", "ж".repeat(66), "ж".repeat(20));
        let segments = segment(&text, OCTET).unwrap();
        let texts: Vec<_> = (0..2).map(|part| segments.text_octets(part).unwrap()).collect();
        assert_eq!(segments.encoding.decode(texts[0]), "ж".repeat(66), "{cluster:?}");
        assert!(segments.encoding.decode(texts[1]).starts_with(cluster));
        let (_, octets) = sms_text::encode_smallest(&text);
        assert_eq!(split(Encoding::Ucs2, &[], &octets, 0xCC), Ok(segments.parts), "{cluster:?}");
        let apart: Vec<_> = pieces(&text, Encoding::Ucs2.into(), 67, Whole::CodePoints).collect();
        assert_eq!(
            preview_by(&text, &Plan { whole: Whole::CodePoints, ..Plan::default() }).parts,
            apart.len()
        );
    }
    let endless = format!("e{}", "\u{301}".repeat(300));
    assert_eq!(segment(&endless, OCTET).unwrap().parts.len(), 5, "a cluster longer than a part is cut");
}

#[test]
fn a_national_table_is_taken_where_it_is_allowed_and_smaller() {
    let turkish = "Şimdi çıkıyorum, akşama görüşürüz.";
    assert_eq!(smallest(turkish, &[]).encoding, Encoding::Ucs2);
    let chosen = smallest(turkish, &[Language::Spanish, Language::Turkish]);
    assert_eq!((chosen.encoding, chosen.tables.locking), (Encoding::Gsm7, Some(Language::Turkish)));
    assert_eq!(
        smallest("grüß @ home {€}", &Language::ALL),
        Spelling::from(Tables::DEFAULT),
        "the default comes first"
    );
    assert_eq!(
        smallest("Ğ", &[Language::Turkish]).encoding,
        Encoding::Ucs2,
        "a header costs more than it saves"
    );
    assert_eq!(smallest("नमस्ते दुनिया ж", &Language::ALL).encoding, Encoding::Ucs2);
    let hindi = smallest("नमस्ते दुनिया", &Language::ALL);
    assert_eq!(hindi.tables, Tables { locking: Some(Language::Hindi), shift: None });
}

#[test]
fn the_room_beside_every_header_of_the_facts_is_kept() {
    let facts = gsm0338();
    let port8 = Element { tag: 4, value: &[1, 2] };
    let port16 = Element { tag: 5, value: &[1, 2, 3, 4] };
    for part in facts["limits"]["part"].as_array().unwrap() {
        let names: Vec<_> =
            part["elements"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        let has = |name: &str| names.contains(&name);
        let number = |key: &str| usize::try_from(part[key].as_integer().unwrap()).unwrap();
        let tables = Tables {
            locking: has("locking_shift").then_some(Language::Turkish),
            shift: has("single_shift").then_some(Language::Turkish),
        };
        let numbered = if has("concat16") { TWO } else { OCTET };
        let mut elements = Vec::new();
        elements.extend(has("port8").then_some(port8));
        elements.extend(has("port16").then_some(port16));
        let character = match (tables.locking, tables.shift) {
            (Some(_), _) => "ı",
            (None, Some(_)) => "Ğ",
            (None, None) => "a",
        };
        let spelling = Spelling::from(tables);
        let octets = |count: usize| spelling.encode(&character.repeat(count)).unwrap();
        let septets = number("septets");
        let header: Vec<u8> = {
            let mut header = Vec::new();
            tables.write_elements(&mut header);
            for Element { tag, value } in elements {
                header.extend([tag, u8::try_from(value.len()).unwrap()]);
                header.extend(value);
            }
            header
        };
        let reference = if has("concat16") { 0x1234 } else { 7 };
        let is_long = has("concat8") || has("concat16");
        let text = octets(if is_long { 400 } else { septets / spelling.units(character).unwrap() });
        let parts = split(Encoding::Gsm7, &header, &text, reference).unwrap();
        let first = split_udh(&parts[0]).map_or(parts[0].len(), |(_, text)| text.len());
        let whole = septets - septets % spelling.units(character).unwrap();
        assert_eq!((parts.len() > 1, first), (is_long, whole), "{names:?}");
        if header.is_empty() && is_long {
            assert_eq!(numbered.header_octets(), number("header_octets"));
        }
        assert_eq!(Encoding::Gsm7.room(number("header_octets")), septets);
        assert_eq!(Encoding::Binary.room(number("header_octets")), number("octets"));
        assert_eq!(Encoding::Ucs2.room(number("header_octets")), number("ucs2_units"));
    }
}

#[test]
fn numbers_stand_beside_the_parts_where_the_plan_says_so() {
    let text = "a".repeat(400);
    let sar = segment_by(&text, &Plan { numbering: Numbering::Sar(TWO), ..Plan::default() }).unwrap();
    assert_eq!((sar.has_udh(), sar.parts[0].len(), sar.parts.len()), (false, 152, 3));
    let numbers: Vec<_> = sar.sar().collect();
    assert_eq!(numbers[2], Concat { reference: 0xF42E, total: 3, sequence: 3 });
    let payload = segment_by(&text, &Plan { numbering: Numbering::Payload, ..Plan::default() }).unwrap();
    assert_eq!((payload.parts.len(), payload.parts[0].len(), payload.preview.parts), (1, 400, 3));
    assert_eq!((payload.has_udh(), payload.sar().count()), (false, 0));
}

#[test]
fn a_port_stands_in_every_part() {
    let port = [Element { tag: 5, value: &[0x0B, 0x84, 0, 0] }];
    let segments = segment_by(&"a".repeat(200), &Plan { elements: &port, ..Plan::default() }).unwrap();
    assert_eq!(segments.preview.units_per_part, 146);
    for part in &segments.parts {
        assert_eq!(sms_text::ports_of(part).map(sms_text::Ports::destination), Some(2948));
    }
    let alone = segment_by("push", &Plan { elements: &port, ..Plan::default() }).unwrap();
    assert_eq!((alone.has_udh(), alone.parts[0].len(), alone.preview.units_per_part), (true, 11, 152));
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
