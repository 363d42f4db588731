use proptest::prelude::*;
use sms_text::{
    Coding, DataCodingScheme, Encoding, MessageClass, Waiting, decode, decode_user_data, encode_smallest,
    latin1, packed, ucs2,
};

#[test]
fn a_data_coding_names_its_encoding_and_a_group_its_charset() {
    #[rustfmt::skip]
    let cases = [
        (0x00, Encoding::Gsm7), (0x01, Encoding::Ascii), (0x02, Encoding::Binary), (0x03, Encoding::Latin1),
        (0x04, Encoding::Binary), (0x05, Encoding::Binary), (0x06, Encoding::Cyrillic), (0x07, Encoding::Hebrew),
        (0x08, Encoding::Ucs2), (0x09, Encoding::Binary), (0x0A, Encoding::Binary), (0x0D, Encoding::Binary),
        (0x0E, Encoding::Binary), (0x0F, Encoding::Gsm7), (0x28, Encoding::Binary), (0x48, Encoding::Ucs2),
        (0x80, Encoding::Gsm7), (0xC0, Encoding::Gsm7),
        (0x10, Encoding::Gsm7), (0x15, Encoding::Binary), (0x18, Encoding::Ucs2), (0x19, Encoding::Ucs2),
        (0xC8, Encoding::Gsm7), (0xD0, Encoding::Gsm7), (0xE0, Encoding::Ucs2),
        (0xF0, Encoding::Gsm7), (0xF1, Encoding::Gsm7), (0xF5, Encoding::Binary),
    ];
    for (data_coding, encoding) in cases {
        assert_eq!(Encoding::of_data_coding(data_coding), encoding, "{data_coding:#04x}");
    }
}

#[test]
fn what_we_send_under_a_data_coding_reads_back_under_it() {
    for encoding in ENCODINGS {
        assert_eq!(Encoding::of_data_coding(encoding.data_coding()), encoding);
    }
}

const ENCODINGS: [Encoding; 7] = [
    Encoding::Gsm7,
    Encoding::Ascii,
    Encoding::Latin1,
    Encoding::Cyrillic,
    Encoding::Hebrew,
    Encoding::Ucs2,
    Encoding::Binary,
];

#[test]
fn a_data_coding_is_taken_apart() {
    let plain = |coding| DataCodingScheme { coding, ..DataCodingScheme::default() };
    let class = |coding, class| DataCodingScheme { class: Some(class), ..plain(coding) };
    let waiting = |coding, kind, is_active, is_stored| DataCodingScheme {
        waiting: Some(Waiting { kind, is_active, is_stored }),
        ..plain(coding)
    };
    for (data_coding, scheme) in [
        (0x00, plain(Coding::Default)),
        (0x03, plain(Coding::Latin1)),
        (0x0B, plain(Coding::Reserved)),
        (0x10, class(Coding::Default, MessageClass::Flash)),
        (0x19, class(Coding::Ucs2, MessageClass::Phone)),
        (0x35, DataCodingScheme { is_compressed: true, ..class(Coding::Octets, MessageClass::Phone) }),
        (0x40, DataCodingScheme { is_deleted_when_read: true, ..plain(Coding::Default) }),
        (0xC8, waiting(Coding::Default, 0, true, false)),
        (0xD1, waiting(Coding::Default, 1, false, true)),
        (0xEA, waiting(Coding::Ucs2, 2, true, true)),
        (0xF6, class(Coding::Octets, MessageClass::Sim)),
    ] {
        assert_eq!(DataCodingScheme::read(data_coding), scheme, "{data_coding:#04x}");
    }
}

#[test]
fn what_a_scheme_writes_says_the_same_and_what_has_no_value_is_not_written() {
    for data_coding in 0..=u8::MAX {
        let scheme = DataCodingScheme::read(data_coding);
        match scheme.data_coding() {
            Some(written) => assert_eq!(DataCodingScheme::read(written), scheme, "{data_coding:#04x}"),
            None => assert_eq!(scheme.coding, Coding::Reserved, "{data_coding:#04x}"),
        }
    }
    let flash =
        |coding| DataCodingScheme { coding, class: Some(MessageClass::Flash), ..DataCodingScheme::default() };
    assert_eq!(flash(Coding::Ucs2).data_coding(), Some(0x18));
    assert_eq!(flash(Coding::Latin1).data_coding(), None);
}

#[test]
fn the_default_alphabet_is_that_of_the_peer() {
    for default in [Encoding::Latin1, Encoding::Ascii, Encoding::Ucs2] {
        assert_eq!(DataCodingScheme::read(0x00).encoding(default), default);
        assert_eq!(DataCodingScheme::read(0xF0).encoding(default), default);
        assert_eq!(DataCodingScheme::read(0x08).encoding(default), Encoding::Ucs2);
    }
}

#[test]
fn cyrillic_and_hebrew_letters_have_their_octets() {
    for (encoding, text, octets) in [
        (Encoding::Cyrillic, "ЁЏАЯаяёџ№§ \u{AD}z", &b"\xa1\xaf\xb0\xcf\xd0\xef\xf1\xff\xf0\xfd \xadz"[..]),
        (Encoding::Hebrew, "את×÷‗¢¾\u{200E}\u{200F}z", b"\xe0\xfa\xaa\xba\xdf\xa2\xbe\xfd\xfez"),
    ] {
        assert_eq!(
            (encoding.encode(text).as_deref(), encoding.decode(octets)),
            (Some(octets), text.to_owned())
        );
    }
    assert_eq!(Encoding::Cyrillic.encode("é"), None);
    assert_eq!(Encoding::Hebrew.encode("¡"), None);
    assert_eq!(Encoding::Hebrew.decode(b"\xa1\xbf\xde\xfb\xff"), "\u{FFFD}".repeat(5));
}

#[test]
fn an_octet_that_reads_as_a_character_is_what_it_is_written_as() {
    for encoding in [Encoding::Ascii, Encoding::Latin1, Encoding::Cyrillic, Encoding::Hebrew] {
        for octet in 0..=u8::MAX {
            let text = encoding.decode(&[octet]);
            let written = encoding.encode(&text);
            let expected = (text != "\u{FFFD}").then(|| vec![octet]);
            assert_eq!(written, expected, "{encoding:?} {octet:#04x}");
        }
        let places = ('\0'..=char::MAX).filter(|c| encoding.encode(&c.to_string()).is_some()).count();
        assert_eq!(places, (0..=u8::MAX).filter(|octet| encoding.decode(&[*octet]) != "\u{FFFD}").count());
    }
}

#[test]
fn text_behind_a_header_is_read_in_the_tables_that_it_announces() {
    assert_eq!(decode_user_data(0, b"\x03\x24\x01\x01\x1b\x47"), "Ğ");
    assert_eq!(decode_user_data(0, b"\x03\x25\x01\x01\x07"), "ı");
    assert_eq!(decode_user_data(8, b"\x03\x25\x01\x01\x00\x07"), "\u{7}");
    assert_eq!(decode_user_data(0, b"\x09ab"), "096162", "a header that is none is shown");
}

#[test]
fn the_packing_examples_of_the_facts_hold() {
    let facts = crate::facts::gsm0338();
    for example in facts["packing"]["example"].as_array().unwrap() {
        let field = |key: &str| example.get(key).map(|value| crate::facts::unhex(value.as_str().unwrap()));
        let septets = sms_text::gsm7::encode(example["text"].as_str().unwrap()).unwrap();
        let header = field("udh").unwrap_or_default();
        let fill = packed::fill_bits(header.len());
        let user_data = [header.clone(), packed::pack(&septets, fill)].concat();
        assert_eq!(Some(&user_data), field("packed").as_ref(), "{example}");
        let padded = packed::pack_user_data(&header, &septets);
        assert_eq!(padded, field("packed_cr_padded").unwrap_or(user_data.clone()), "{example}");
        let unpacked = [header.clone(), septets].concat();
        assert_eq!(packed::unpack_user_data(&padded, header.len()), unpacked);
        assert_eq!(packed::unpack_user_data(&user_data, header.len()), unpacked);
    }
}

#[test]
fn octets_without_an_alphabet_show_as_hexadecimal() {
    assert_eq!(decode(0x04, &[0x00, 0xAB, 0x7F]), "00ab7f");
}

#[test]
fn a_half_pair_and_an_odd_octet_read_as_replacement_characters() {
    assert_eq!(ucs2::decode(&[0xD8, 0x3D]), "\u{FFFD}");
    assert_eq!(ucs2::decode(&[0xDE, 0x00, 0x00, 0x41]), "\u{FFFD}A");
    assert_eq!(ucs2::decode(&[0x00, 0x41, 0x00]), "A\u{FFFD}");
    assert_eq!(ucs2::decode(&[0xD8, 0x3D, 0xDE, 0x00]), "😀");
}

proptest! {
    #[test]
    fn the_smallest_encoding_reads_back(text: String) {
        let (encoding, octets) = encode_smallest(&text);
        prop_assert_eq!(decode(encoding.data_coding(), &octets), text);
    }

    #[test]
    fn any_octets_decode_under_any_data_coding(data_coding: u8, octets: Vec<u8>) {
        let text = decode(data_coding, &octets);
        prop_assert!(text.chars().count() <= octets.len() * 2);
    }

    #[test]
    fn latin1_is_its_own_inverse(octets: Vec<u8>) {
        prop_assert_eq!(latin1::encode(&latin1::decode(&octets)), Some(octets));
    }

    #[test]
    fn packed_septets_unpack_to_themselves(
        septets in proptest::collection::vec(0u8..0x80, 0..200),
        header_octets in 0usize..14,
    ) {
        let fill = packed::fill_bits(header_octets);
        prop_assert_eq!((header_octets * 8 + usize::from(fill)) % 7, 0);
        let octets = packed::pack(&septets, fill);
        prop_assert_eq!(packed::unpack(&octets, fill, Some(septets.len())), septets);
    }

    #[test]
    fn padding_goes_where_the_count_did_not_travel(
        septets in proptest::collection::vec(0u8..0x80, 1..60),
    ) {
        prop_assume!(!matches!(septets.last(), Some(0 | 0x0D)));
        for padded in [packed::pack(&septets, 0), packed::pack_without_count(&septets, 0)] {
            prop_assert_eq!(packed::unpack_without_count(&padded, 0), septets.clone());
        }
    }

    #[test]
    fn any_octets_unpack(octets: Vec<u8>, fill: u8, count: Option<usize>) {
        prop_assert!(packed::unpack(&octets, fill, count).iter().all(u8::is_ascii));
    }
}
