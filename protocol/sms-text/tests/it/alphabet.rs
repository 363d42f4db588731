use crate::facts::gsm0338;
use proptest::prelude::*;
use sms_text::gsm7::{self, BadGsm7};
use sms_text::{Language, Tables};

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

/// One table of the facts: places and characters, those without any left out.
fn rows(table: &toml::Value) -> Vec<(u8, char)> {
    let character =
        |code: &toml::Value| u32::try_from(code.as_integer().unwrap()).ok().and_then(char::from_u32);
    let place = |place: usize| u8::try_from(place).unwrap();
    let rows = table.as_array().unwrap().iter().enumerate();
    rows.filter_map(|(index, row)| match row.as_array() {
        Some(pair) => {
            Some((place(usize::try_from(pair[0].as_integer().unwrap()).unwrap()), character(&pair[1])?))
        }
        None => Some((place(index), character(row)?)),
    })
    .collect()
}

#[test]
fn every_national_table_is_that_of_the_facts() {
    let facts = gsm0338();
    let languages = facts["language"].as_array().unwrap();
    assert_eq!(languages.len(), Language::ALL.len());
    for (fact, language) in languages.iter().zip(Language::ALL) {
        assert_eq!(fact["id"].as_integer(), Some(i64::from(language.id())));
        assert_eq!(Language::from_id(language.id()), Some(language));
        assert_eq!(fact["name"].as_str().unwrap(), language.name().to_lowercase());
        assert_eq!(fact["has_locking"].as_bool(), Some(language.has_locking()));

        let shift = Tables { locking: None, shift: Some(language) };
        let extended = rows(&fact["shift"]);
        for place in (0..0x80).filter(|place| *place != gsm7::ESCAPE) {
            let known = extended.iter().find(|(at, _)| *at == place).map(|&(_, character)| character);
            let fallback = gsm7::decode(&[place]);
            let read = shift.decode(&[gsm7::ESCAPE, place]);
            assert_eq!(read, known.map_or(fallback, String::from), "{language:?} ESC {place:#04x}");
            let is_known = shift.check(&[gsm7::ESCAPE, place]).is_ok();
            assert_eq!(is_known, known.is_some(), "{language:?} ESC {place:#04x}");
        }
        let Some(locking) = fact.get("locking") else { continue };
        let tables = Tables { locking: Some(language), shift: None };
        let basic = rows(locking);
        for place in (0..0x80).filter(|place| *place != gsm7::ESCAPE) {
            let known = basic.iter().find(|(at, _)| *at == place).map(|&(_, character)| character);
            assert_eq!(
                tables.decode(&[place]),
                known.unwrap_or(' ').to_string(),
                "{language:?} {place:#04x}"
            );
            let unassigned = Err(BadGsm7::Unassigned { at: 0 });
            assert_eq!(tables.check(&[place]), if known.is_some() { Ok(()) } else { unassigned });
            if let Some(character) = known {
                assert_eq!(
                    tables.encode(&character.to_string()),
                    Some(vec![place]),
                    "{language:?} {place:#04x}"
                );
            }
        }
    }
}

#[test]
fn a_character_is_written_where_the_facts_have_it_first() {
    let facts = gsm0338();
    let decode_only: Vec<(i64, i64)> = facts["extension_rules"]["decode_only"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (pair[0].as_integer().unwrap(), pair[1].as_integer().unwrap()))
        .collect();
    assert_eq!(decode_only, [(12, 0x65)]);
    for fact in facts["language"].as_array().unwrap() {
        let own = Language::from_id(u8::try_from(fact["id"].as_integer().unwrap()).unwrap());
        let basic = rows(fact.get("locking").unwrap_or(&facts["default"]["locking"]));
        let extended = rows(&fact["shift"]);
        let tables = Tables { locking: own, shift: own };
        for &(_, character) in basic.iter().chain(&extended) {
            let place = |rows: &[(u8, char)]| rows.iter().find(|row| row.1 == character).map(|row| row.0);
            let expected = match (place(&basic), place(&extended)) {
                (Some(place), _) => Some(vec![place]),
                (None, Some(0x65)) if own == Some(Language::Telugu) => None,
                (None, Some(place)) => Some(vec![gsm7::ESCAPE, place]),
                (None, None) => unreachable!(),
            };
            assert_eq!(tables.encode(&character.to_string()), expected, "{own:?} {character:?}");
        }
        assert_eq!(tables.encode("\0"), None, "what a table lacks is no NUL");
    }
}

#[test]
fn a_header_announces_the_tables_and_unknown_ones_are_the_default() {
    let both = Tables { locking: Some(Language::Turkish), shift: Some(Language::Spanish) };
    for tables in [
        Tables::DEFAULT,
        both,
        Tables { locking: None, shift: Some(Language::Urdu) },
        Tables { locking: Some(Language::Hindi), shift: None },
    ] {
        let mut header = Vec::new();
        tables.write_elements(&mut header);
        assert_eq!((Tables::of_header(&header), header.len()), (tables, tables.element_octets()));
    }
    assert_eq!(Tables::of_header(&[0x24, 1, 14, 0x25, 1, 0]), Tables::DEFAULT);
    assert_eq!(
        Tables::of_header(&[0x24, 1, 1, 0x24, 1, 2]).shift,
        Some(Language::Spanish),
        "the last one counts"
    );
    assert_eq!(
        Tables { locking: Some(Language::Spanish), shift: None }.decode(b"a"),
        "a",
        "it has no locking table"
    );
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

    #[test]
    fn any_octets_decode_in_any_tables(octets: Vec<u8>, locking in 0u8..15, shift in 0u8..15) {
        let tables = Tables { locking: Language::from_id(locking), shift: Language::from_id(shift) };
        let text = tables.decode(&octets);
        prop_assert!(text.chars().count() <= octets.len());
        if tables.check(&octets).is_ok() && let Some(septets) = tables.encode(&text) {
            prop_assert!(septets.len() <= octets.len(), "the shortest spelling of each character");
            prop_assert_eq!(tables.decode(&septets), text);
        }
    }
}
