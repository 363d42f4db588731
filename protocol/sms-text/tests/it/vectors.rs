//! The shared vectors of text and headers.
//!
//! Left out on purpose, because the crate has no such tables: `gsm7_national`, `iso8859_5`, `iso8859_8`, and `time`.

use crate::facts::{can, number, octets, text, unhex, vectors};
use serde_json::Value;
use sms_text::gsm7::BadGsm7;
use sms_text::segment::cut;
use sms_text::{BadUdh, Encoding, ReferenceSize, concat_of, gsm7, packed, preview, segment, split_udh, udh};

#[test]
fn gsm7() {
    for vector in vectors("gsm7") {
        let octets = octets(&vector, "hex");
        match text(&vector, "expect") {
            "ok" => holds_both_ways(&vector, &octets, Encoding::Gsm7, |text| gsm7::encode(text).unwrap()),
            "invalid_octet" => assert_eq!(gsm7::check(&octets), Err(BadGsm7::InvalidOctet { at: 0 })),
            "lone_escape" => assert_eq!(gsm7::check(&octets), Err(BadGsm7::LoneEscape)),
            "unknown_extension" => assert_eq!(gsm7::check(&octets), Err(BadGsm7::UnknownExtension { at: 6 })),
            other => panic!("{} expects {other}", vector["id"]),
        }
    }
}

#[test]
fn ucs2_latin1_and_ascii() {
    for vector in vectors("ucs2") {
        holds_both_ways(&vector, &octets(&vector, "hex"), Encoding::Ucs2, sms_text::ucs2::encode);
    }
    for vector in vectors("latin1") {
        let encode = |text: &str| sms_text::latin1::encode(text).unwrap();
        holds_both_ways(&vector, &octets(&vector, "hex"), Encoding::Latin1, encode);
    }
    for vector in vectors("ascii") {
        let encode = |text: &str| text.as_bytes().to_vec();
        holds_both_ways(&vector, &octets(&vector, "hex"), Encoding::Ascii, encode);
    }
}

fn holds_both_ways(vector: &Value, octets: &[u8], encoding: Encoding, encode: impl Fn(&str) -> Vec<u8>) {
    let text = text(vector, "text");
    if can(vector, "encode") {
        assert_eq!(encode(text), octets, "{}", vector["id"]);
    }
    if can(vector, "decode") {
        assert_eq!(encoding.decode(octets), text, "{}", vector["id"]);
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
        let (encoding, octets, room_octets) = match text(&vector, "coding") {
            "gsm7" => (Encoding::Gsm7, gsm7::encode(text_).unwrap(), room * 8 / 7),
            "ucs2" => (Encoding::Ucs2, sms_text::ucs2::encode(text_), room),
            other => panic!("{} is coded in {other}", vector["id"]),
        };
        let cuts: Vec<String> =
            cut(encoding, &octets, room_octets).map(|part| encoding.decode(part)).collect();
        // No octets are one empty part, which a cut has no piece for.
        assert!(cuts == parts || (text_.is_empty() && parts == [""]), "{}: {cuts:?}", vector["id"]);
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
        let parts: Vec<Vec<u8>> = cut(Encoding::Gsm7, &septets, room)
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
        for (sequence, (piece, part)) in (1..).zip(cut(Encoding::Binary, &octets, room).zip(&parts)) {
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
