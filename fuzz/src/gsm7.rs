//! The GSM 7-bit alphabet, its packing, and the other alphabets.

use sms_text::{Encoding, gsm7 as alphabet, packed, ucs2};

use crate::bytes::Bytes;

/// Decodes `octets` in every alphabet, packs and unpacks them, and encodes what they say.
pub fn gsm7(octets: &[u8]) {
    let mut bytes = Bytes::new(octets);
    let fill = bytes.octet() % 7;
    let octets = bytes.rest();
    for encoding in [Encoding::Gsm7, Encoding::Ascii, Encoding::Latin1, Encoding::Ucs2, Encoding::Binary] {
        let _ = encoding.decode(octets);
    }
    unpacked(octets);
    packs(octets, fill);
    units(octets);
}

fn unpacked(octets: &[u8]) {
    let text = alphabet::decode(octets);
    // A character takes one septet, or two with its escape.
    let characters = text.chars().count();
    assert!(characters <= octets.len() && octets.len() <= characters * 2);
    if alphabet::check(octets).is_ok() {
        let again = alphabet::encode(&text).expect("what a strict reader takes can be written");
        assert_eq!(alphabet::septets(&text), Some(again.len()));
        assert_eq!(alphabet::decode(&again), text);
    }
}

fn packs(octets: &[u8], fill: u8) {
    let septets: Vec<u8> = octets.iter().map(|octet| octet & 0x7F).collect();
    let packed = packed::pack(&septets, fill);
    assert_eq!(packed.len(), (septets.len() * 7 + usize::from(fill)).div_ceil(8));
    assert_eq!(packed::unpack(&packed, fill, Some(septets.len())), septets);
    let all = packed::unpack(&packed, fill, None);
    assert!(all.starts_with(&septets) && all.len() <= septets.len() + 1);
    let padded = packed::pack_without_count(&septets, fill);
    assert!(packed::unpack(&padded, fill, None).starts_with(&septets));
    let _ = packed::unpack(octets, fill, None);
}

fn units(octets: &[u8]) {
    let text = ucs2::decode(octets);
    assert_eq!(ucs2::decode(&ucs2::encode(&text)), text);
}
