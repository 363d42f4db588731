//! The shared vectors of text, headers and times; those of receipts are in `receipts.rs`.

use crate::facts::{can, number, octets, text, unhex, vectors};
use serde_json::Value;
use sms_text::gsm7::BadGsm7;
use sms_text::{
    BadUdh, Century, Encoding, Language, ReferenceSize, Span, Spelling, Tables, Time, Whole, concat_of, cut,
    gsm7, packed, pieces, preview, segment, split_udh, udh,
};

#[test]
fn gsm7_and_its_national_tables() {
    for vector in vectors("gsm7").into_iter().chain(vectors("gsm7_national")) {
        let octets = octets(&vector, "hex");
        let spelling = Spelling::from(tables(&vector));
        match (text(&vector, "expect"), spelling.tables.check(&octets)) {
            ("ok", _) => holds_both_ways(&vector, &octets, spelling),
            ("invalid_octet", Err(BadGsm7::InvalidOctet { .. }))
            | ("lone_escape", Err(BadGsm7::LoneEscape))
            | ("unknown_extension", Err(BadGsm7::UnknownExtension { .. }))
            | ("unassigned", Err(BadGsm7::Unassigned { .. })) => {}
            (expected, checked) => panic!("{} expects {expected}: {checked:?}", vector["id"]),
        }
    }
}

fn tables(vector: &Value) -> Tables {
    let language = |key: &str| Language::from_id(u8::try_from(vector[key].as_u64().unwrap_or(0)).unwrap());
    Tables { locking: language("locking"), shift: language("shift") }
}

#[test]
fn the_other_alphabets() {
    for (kind, encoding) in [
        ("ucs2", Encoding::Ucs2),
        ("latin1", Encoding::Latin1),
        ("ascii", Encoding::Ascii),
        ("iso8859_5", Encoding::Cyrillic),
        ("iso8859_8", Encoding::Hebrew),
    ] {
        for vector in vectors(kind) {
            holds_both_ways(&vector, &octets(&vector, "hex"), encoding.into());
        }
    }
}

fn holds_both_ways(vector: &Value, octets: &[u8], spelling: Spelling) {
    let text = text(vector, "text");
    if can(vector, "encode") {
        assert_eq!(spelling.encode(text).as_deref(), Some(octets), "{}", vector["id"]);
    }
    if can(vector, "decode") {
        assert_eq!(spelling.decode(octets), text, "{}", vector["id"]);
    }
}

#[test]
fn times() {
    for vector in vectors("time") {
        let (id, input) = (&vector["id"], text(&vector, "input"));
        let time = Time::read_strict(input.as_bytes(), Century::PIVOT_38);
        match (text(&vector, "expect"), time) {
            ("invalid", Err(_)) => {}
            ("empty", Err(_)) => assert_eq!(input, "", "{id}"),
            ("ok", Ok(Time::Relative(span))) => {
                let Span { years, months, days, hours, minutes, seconds } = span;
                let expected: Vec<_> =
                    vector["relative"].as_array().unwrap().iter().map(Value::as_u64).collect();
                let found = [years, months, days, hours, minutes, seconds].map(|part| Some(u64::from(part)));
                assert_eq!(expected, found, "{id}");
                if let Some(fixed) = vector["fixed_units_seconds"].as_i64() {
                    assert_eq!(span.fixed_seconds(), fixed, "{id}");
                }
            }
            ("ok", Ok(time @ Time::Absolute { tenths, .. })) => {
                assert_eq!(format!("{}.{tenths}Z", time.utc().unwrap()), text(&vector, "utc"), "{id}");
            }
            (expected, time) => panic!("{id} expects {expected}: {time:?}"),
        }
    }
}

#[test]
fn gsm7_check() {
    for vector in vectors("gsm7_check") {
        let representable = text(&vector, "expect") == "gsm7";
        assert_eq!(gsm7::septets(text(&vector, "text")).is_some(), representable, "{}", vector["id"]);
    }
}

#[test]
fn gsm7_packed() {
    for vector in vectors("gsm7_packed") {
        let (id, octets) = (&vector["id"], octets(&vector, "hex"));
        let septets = gsm7::encode(text(&vector, "text")).unwrap();
        let pack = if vector["padding"] == "cr" { packed::pack_without_count } else { packed::pack };
        if can(&vector, "encode") {
            assert_eq!(pack(&septets, 0), octets, "{id}");
        }
        if can(&vector, "decode") {
            assert_eq!(packed::unpack(&octets, 0, Some(septets.len())), septets, "{id}");
        }
    }
}

#[test]
fn septets() {
    for vector in vectors("septets") {
        let (id, octets, septets) = (&vector["id"], octets(&vector, "packed"), octets(&vector, "septets"));
        let fill = u8::try_from(vector["fill_bits"].as_u64().unwrap_or(0)).unwrap();
        assert_eq!(packed::unpack(&octets, fill, Some(septets.len())), septets, "{id}");
        if can(&vector, "pack") {
            assert_eq!(packed::pack(&septets, fill), octets, "{id}");
        }
    }
}

#[test]
fn split_text() {
    for vector in vectors("split_text") {
        let text_ = text(&vector, "text");
        let room = number(&vector, "part_octets");
        let parts: Vec<&str> =
            vector["parts"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
        let encoding = match text(&vector, "coding") {
            "gsm7" => Encoding::Gsm7,
            "ucs2" => Encoding::Ucs2,
            other => panic!("{} is coded in {other}", vector["id"]),
        };
        let spelling = Spelling::from(encoding);
        let pieces: Vec<&str> = pieces(text_, spelling, encoding.units_in(room), Whole::CodePoints).collect();
        // No text is one empty part, which a cut has no piece for.
        assert!(pieces == parts || (text_.is_empty() && parts == [""]), "{}: {pieces:?}", vector["id"]);
        let octets = spelling.encode(text_).unwrap();
        let octets_max = encoding.units_in(room) * encoding.unit_octets();
        let cuts = cut(spelling, &octets, octets_max, Whole::CodePoints).map(|part| spelling.decode(part));
        assert_eq!(cuts.collect::<Vec<_>>(), pieces, "{}", vector["id"]);
        if room == 134 {
            assert_eq!(preview(text_).parts, parts.len(), "{}", vector["id"]);
            assert_eq!(segment(text_, ReferenceSize::Octet(1)).unwrap().parts.len(), parts.len());
        }
    }
}

#[test]
fn split_packed() {
    for vector in vectors("split_packed") {
        let header = number(&vector, "header_octets");
        let room = (number(&vector, "part_octets") - header) * 8 / 7;
        let septets = gsm7::encode(text(&vector, "text")).unwrap();
        let parts: Vec<Vec<u8>> = cut(Encoding::Gsm7.into(), &septets, room, Whole::CodePoints)
            .map(|part| packed::pack_without_count(part, packed::fill_bits(header)))
            .collect();
        assert_eq!(parts, hex_list(&vector["parts"]), "{}", vector["id"]);
    }
}

#[test]
fn split_octets() {
    for vector in vectors("split_octets") {
        let octets = octets(&vector, "hex");
        let parts = hex_list(&vector["parts"]);
        let reference = number(&vector, "reference");
        let reference = match number(&vector, "reference_bits") {
            8 => ReferenceSize::Octet(u8::try_from(reference).unwrap()),
            _ => ReferenceSize::Two(u16::try_from(reference).unwrap()),
        };
        let room = 140 - reference.header_octets();
        let pieces = cut(Encoding::Binary.into(), &octets, room, Whole::CodePoints);
        for (sequence, (piece, part)) in (1..).zip(pieces.zip(&parts)) {
            let mut written = Vec::new();
            reference.write_header(u8::try_from(parts.len()).unwrap(), sequence, &mut written);
            written.extend_from_slice(piece);
            assert_eq!(&written, part, "{}", vector["id"]);
        }
    }
}

#[test]
fn user_data_headers() {
    for vector in vectors("udh") {
        let (id, octets) = (&vector["id"], octets(&vector, "hex"));
        let split = split_udh(&octets);
        match text(&vector, "expect") {
            "ok" => {
                let (header, rest) = split.unwrap();
                let elements: Vec<_> =
                    udh::elements(header).map(|element| (element.tag, element.value.to_vec())).collect();
                let expected = vector["elements"].as_array().unwrap().iter();
                let expected: Vec<_> = expected
                    .map(|element| {
                        (u8::try_from(number(element, "tag")).unwrap(), unhex(text(element, "hex")))
                    })
                    .collect();
                assert_eq!(elements, expected, "{id}");
                assert_eq!(rest, unhex(text(&vector, "rest")), "{id}");
                holds_concat(&vector, &octets);
            }
            "udh_overrun" => assert!(matches!(split, Err(BadUdh::Overrun { .. })), "{id}"),
            "udh_element_overrun" => assert!(matches!(split, Err(BadUdh::ElementOverrun { .. })), "{id}"),
            other => panic!("{id} expects {other}"),
        }
    }
}

fn holds_concat(vector: &Value, octets: &[u8]) {
    let expected = &vector["concat"];
    assert_eq!(concat_of(octets).is_some(), expected.is_object(), "{}", vector["id"]);
    if let Some(concat) = concat_of(octets) {
        let found = [usize::from(concat.reference), usize::from(concat.total), usize::from(concat.sequence)];
        let expected = ["reference", "total", "sequence"].map(|key| number(expected, key));
        assert_eq!(found, expected, "{}", vector["id"]);
    }
}

fn hex_list(list: &Value) -> Vec<Vec<u8>> {
    list.as_array().unwrap().iter().map(|hex| unhex(hex.as_str().unwrap())).collect()
}
