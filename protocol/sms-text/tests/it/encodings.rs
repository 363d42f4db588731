use proptest::prelude::*;
use sms_text::{Encoding, decode, encode_smallest, latin1, packed, ucs2};

#[test]
fn a_data_coding_names_its_encoding_and_a_group_its_charset() {
    #[rustfmt::skip]
    let cases = [
        (0x00, Encoding::Gsm7), (0x01, Encoding::Ascii), (0x02, Encoding::Binary), (0x03, Encoding::Latin1),
        (0x04, Encoding::Binary), (0x05, Encoding::Binary), (0x08, Encoding::Ucs2), (0x0F, Encoding::Gsm7),
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
    for encoding in [Encoding::Gsm7, Encoding::Ascii, Encoding::Latin1, Encoding::Ucs2, Encoding::Binary] {
        assert_eq!(Encoding::of_data_coding(encoding.data_coding()), encoding);
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
    fn any_octets_unpack(octets: Vec<u8>, fill: u8, count: Option<usize>) {
        prop_assert!(packed::unpack(&octets, fill, count).iter().all(u8::is_ascii));
    }
}
