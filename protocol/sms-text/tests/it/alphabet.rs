use crate::facts::gsm0338;
use proptest::prelude::*;
use sms_text::gsm7;

/// The characters of both tables with the septets of each, as the facts have them.
fn table() -> Vec<(Vec<u8>, char)> {
    let facts = gsm0338();
    let character =
        |code: &toml::Value| char::from_u32(u32::try_from(code.as_integer().unwrap()).unwrap()).unwrap();
    let septet = |place: usize| u8::try_from(place).unwrap();
    let locking = facts["default"]["locking"].as_array().unwrap();
    let basic = locking.iter().enumerate().filter(|(place, _)| septet(*place) != gsm7::ESCAPE);
    let shift = facts["default"]["shift"].as_array().unwrap();
    let extended = shift.iter().map(|row| {
        let place = usize::try_from(row[0].as_integer().unwrap()).unwrap();
        (vec![gsm7::ESCAPE, septet(place)], character(&row[1]))
    });
    basic.map(|(place, code)| (vec![septet(place)], character(code))).chain(extended).collect()
}

#[test]
fn every_character_of_the_facts_has_its_septets() {
    let table = table();
    assert_eq!(table.len(), 127 + 10);
    for (septets, character) in table {
        let text = character.to_string();
        assert_eq!(gsm7::encode(&text).as_deref(), Some(septets.as_slice()), "{character:?}");
        assert_eq!(gsm7::decode(&septets), text);
        assert_eq!(gsm7::septets(&text), Some(septets.len()));
        assert_eq!(gsm7::check(&septets), Ok(()));
    }
}

#[test]
fn no_other_character_has_a_place() {
    let table = table();
    for character in '\0'..=char::MAX {
        let known = table.iter().any(|(_, known)| *known == character);
        assert_eq!(gsm7::septets_of(character).is_some(), known, "{character:?}");
    }
}

#[test]
fn an_unknown_extension_reads_as_the_basic_character() {
    assert_eq!(gsm7::decode(b"1\x1b\x00"), "1@");
    assert_eq!(gsm7::decode(b"\x1b\x0d"), "\r");
}

#[test]
fn a_lone_escape_and_a_second_escape_read_as_a_space() {
    assert_eq!(gsm7::decode(b"a\x1b"), "a ");
    assert_eq!(gsm7::decode(b"\x1b\x1ba"), " a");
}

#[test]
fn a_refused_text_leaves_the_buffer_as_it_was() {
    let mut out = b"before".to_vec();
    assert!(!gsm7::encode_into("fine until ☃", &mut out));
    assert_eq!(out, b"before");
    assert!(gsm7::encode_into(" {after}", &mut out));
    assert_eq!(out, b"before \x1b(after\x1b)");
}

#[test]
fn the_first_stranger_is_named_with_its_place_in_characters() {
    assert_eq!(gsm7::first_unrepresentable("ß€’s ☃"), Some((2, '’')));
    assert_eq!(gsm7::first_unrepresentable("ß€'s"), None);
}

fn gsm_text() -> impl Strategy<Value = String> {
    let characters: Vec<char> = table().into_iter().map(|(_, character)| character).collect();
    proptest::collection::vec(proptest::sample::select(characters), 0..400).prop_map(String::from_iter)
}

proptest! {
    #[test]
    fn what_is_encoded_decodes_to_itself(text in gsm_text()) {
        let septets = gsm7::encode(&text).unwrap();
        prop_assert_eq!(gsm7::septets(&text), Some(septets.len()));
        prop_assert_eq!(gsm7::check(&septets), Ok(()));
        prop_assert_eq!(gsm7::decode(&septets), text);
    }

    #[test]
    fn any_octets_decode(octets: Vec<u8>) {
        let text = gsm7::decode(&octets);
        prop_assert!(text.chars().count() <= octets.len());
        prop_assert!(gsm7::check(&octets).is_err() || gsm7::encode(&text) == Some(octets));
    }
}
