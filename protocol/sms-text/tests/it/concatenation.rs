use proptest::prelude::*;
use sms_text::udh::{Indication, Meaning};
use sms_text::{BadUdh, Concat, Joiner, Ports, concat_of, ports_of, split_udh, udh};

fn part(sequence: u8, total: u8) -> Concat {
    Concat { reference: 7, total, sequence }
}

#[test]
fn a_header_beyond_the_data_is_named() {
    assert_eq!(split_udh(&[]), Err(BadUdh::Overrun { claimed: 0, left: 0 }));
    assert_eq!(split_udh(&[5, 0, 3]), Err(BadUdh::Overrun { claimed: 5, left: 2 }));
    assert_eq!(split_udh(&[3, 0, 3, 1]), Err(BadUdh::ElementOverrun { tag: 0 }));
}

#[test]
fn a_port_before_the_concatenation_does_not_hide_it() {
    let user_data = [11, 0x05, 4, 0x0B, 0x84, 0x23, 0xF0, 0x00, 3, 9, 2, 1, b'x'];
    assert_eq!(concat_of(&user_data), Some(Concat { reference: 9, total: 2, sequence: 1 }));
    assert_eq!(split_udh(&user_data).unwrap().1, b"x");
}

#[test]
fn of_two_concatenations_the_last_valid_one_counts() {
    let user_data = [16, 0x00, 3, 1, 2, 1, 0x08, 4, 1, 0, 3, 2, 0x00, 3, 9, 2, 3];
    assert_eq!(concat_of(&user_data), Some(Concat { reference: 256, total: 3, sequence: 2 }));
}

#[test]
fn numbers_that_make_no_sense_are_no_concatenation() {
    for (total, sequence) in [(0, 0), (0, 1), (2, 0), (2, 3)] {
        assert_eq!(concat_of(&[5, 0x00, 3, 1, total, sequence]), None);
        assert_eq!(Joiner::new(9, 9).push((), part(sequence, total), b"x", 0), None);
    }
}

#[test]
fn a_duplicate_changes_nothing() {
    let mut joiner = Joiner::new(9, 1000);
    assert_eq!(joiner.push("a", part(2, 3), b"two ", 0), None);
    assert_eq!(joiner.push("a", part(2, 3), b"TWO ", 1), None);
    assert_eq!(joiner.push("a", part(1, 3), b"one ", 2), None);
    assert_eq!(joiner.parts(), 2);
    assert_eq!(joiner.push("a", part(3, 3), b"three", 3).as_deref(), Some(&b"one two three"[..]));
    assert_eq!(joiner.parts(), 0);
}

#[test]
fn parts_of_different_people_do_not_join() {
    let mut joiner = Joiner::new(9, 1000);
    assert_eq!(joiner.push("a", part(1, 2), b"a1", 0), None);
    assert_eq!(joiner.push("b", part(2, 2), b"b2", 0), None);
    assert_eq!(joiner.push("a", part(1, 3), b"a1 of 3", 0), None);
    assert_eq!(joiner.push("a", part(2, 2), b"a2", 0).as_deref(), Some(&b"a1a2"[..]));
}

#[test]
fn a_message_of_one_part_waits_for_nobody() {
    assert_eq!(Joiner::new(0, 0).push((), part(1, 1), b"alone", 0).as_deref(), Some(&b"alone"[..]));
}

#[test]
fn a_part_without_room_is_not_kept_but_the_last_one_missing_is_welcome() {
    let mut joiner = Joiner::new(1, 1000);
    assert!(joiner.has_room(&"a", part(1, 2), 2, 0));
    assert_eq!(joiner.push("a", part(1, 2), b"a1", 0), None);
    assert!(!joiner.has_room(&"b", part(1, 2), 2, 0));
    assert_eq!(joiner.push("b", part(1, 2), b"b1", 0), None);
    assert_eq!(joiner.parts(), 1);
    assert!(joiner.has_room(&"a", part(1, 2), 2, 0), "a duplicate needs none");
    assert!(joiner.has_room(&"a", part(2, 2), 2, 0));
    assert_eq!(joiner.push("a", part(2, 2), b"a2", 0).as_deref(), Some(&b"a1a2"[..]));
}

#[test]
fn the_octets_that_wait_are_bounded_too() {
    let mut joiner = Joiner::bounded(9, 10, 1000);
    assert_eq!(joiner.push("a", part(1, 3), b"12345", 0), None);
    assert!(joiner.has_room(&"a", part(2, 3), 5, 0) && !joiner.has_room(&"a", part(2, 3), 6, 0));
    assert_eq!(joiner.push("a", part(2, 3), b"123456", 0), None);
    assert_eq!((joiner.parts(), joiner.octets()), (1, 5));
    assert_eq!(joiner.push("a", part(2, 3), b"6789", 0), None);
    assert_eq!(joiner.octets(), 9);
    assert_eq!(
        joiner.push("a", part(3, 3), b"and a long end", 0).as_deref(),
        Some(&b"123456789and a long end"[..])
    );
    assert_eq!(joiner.octets(), 0);
}

#[test]
fn what_waited_too_long_comes_back_with_its_parts() {
    let mut joiner = Joiner::new(9, 1000);
    joiner.push("old", part(2, 2), b"o2", 0);
    joiner.push("new", part(1, 2), b"n1", 500);
    assert_eq!(joiner.expire(1000), []);
    let expired = joiner.expire(1001);
    assert_eq!((expired.len(), expired[0].key, expired[0].since_ms), (1, "old", 0));
    assert_eq!(expired[0].parts, [(2, b"o2".to_vec())]);
    assert_eq!(joiner.parts(), 1);
}

#[test]
fn a_reused_reference_does_not_join_to_what_was_too_old() {
    let mut joiner = Joiner::new(9, 1000);
    joiner.push((), part(1, 2), b"old 1", 0);
    assert_eq!(joiner.push((), part(2, 2), b"new 2", 5000), None);
    assert_eq!(joiner.parts(), 2, "what was given up counts until it is fetched");
    assert_eq!(joiner.push((), part(1, 2), b"new 1 ", 5000).as_deref(), Some(&b"new 1 new 2"[..]));
    assert_eq!(joiner.expire(5000)[0].parts, [(1, b"old 1".to_vec())]);
    assert_eq!(joiner.parts(), 0);
}

#[test]
fn there_is_no_room_beside_parts_that_are_too_old_until_they_are_fetched() {
    let mut joiner = Joiner::new(1, 1000);
    joiner.push("a", part(1, 2), b"a1", 0);
    assert!(joiner.has_room(&"a", part(2, 2), 2, 1000));
    assert!(!joiner.has_room(&"a", part(2, 2), 2, 1001));
    assert_eq!(joiner.push("a", part(2, 2), b"a2", 1001), None);
    assert_eq!(joiner.expire(1001).len(), 1);
    assert!(joiner.has_room(&"a", part(2, 2), 2, 1001));
}

proptest! {
    #[test]
    fn any_octets_are_a_header_or_a_named_fault(octets: Vec<u8>) {
        if let Ok((header, rest)) = split_udh(&octets) {
            prop_assert_eq!(1 + header.len() + rest.len(), octets.len());
            let told: usize = udh::elements(header).map(|element| 2 + element.value.len()).sum();
            prop_assert_eq!(told, header.len());
        } else {
            prop_assert_eq!(concat_of(&octets), None);
        }
    }

    #[test]
    fn a_joiner_never_holds_more_than_it_may(
        pushes in proptest::collection::vec((0u8..3, 0u16..3, 0u8..5, 0u8..5, 0u64..40), 0..200),
        parts_max in 0usize..12,
    ) {
        let mut joiner = Joiner::bounded(parts_max, 15, 10);
        for (key, reference, total, sequence, now) in pushes {
            joiner.push(key, Concat { reference, total, sequence }, b"xx", now);
            prop_assert!(joiner.parts() <= parts_max && joiner.octets() <= 15);
            prop_assert_eq!(joiner.octets(), joiner.parts() * 2);
        }
        let left = joiner.parts();
        let expired = joiner.expire(u64::MAX);
        prop_assert_eq!(expired.iter().map(|incomplete| incomplete.parts.len()).sum::<usize>(), left);
        prop_assert_eq!((joiner.parts(), joiner.octets()), (0, 0));
    }
}

#[test]
fn ports_are_read_as_they_are_written_in_either_width() {
    for (ports, element) in [
        (Ports::Octet { destination: 250, originator: 240 }, &[4, 2, 250, 240][..]),
        (Ports::Two { destination: 2948, originator: 9200 }, &[5, 4, 0x0B, 0x84, 0x23, 0xF0]),
    ] {
        let mut written = Vec::new();
        ports.write_element(&mut written);
        assert_eq!((written.as_slice(), written.len()), (element, ports.element_octets()));
        let length = u8::try_from(element.len()).unwrap();
        let user_data = [&[length][..], element, b"push"].concat();
        assert_eq!(ports_of(&user_data), Some(ports));
    }
    assert_eq!(ports_of(&[3, 5, 1, 0]), None, "one octet is no port");
    assert_eq!(ports_of(&[0]), None);
    let twice = [8, 4, 2, 1, 2, 4, 2, 3, 4];
    assert_eq!(ports_of(&twice).map(Ports::destination), Some(3), "the last one counts");
}

#[test]
fn each_element_of_the_facts_has_its_meaning_and_a_wrong_length_has_none() {
    let meaning = |tag, value: &[u8]| udh::Element { tag, value }.meaning();
    let facts = crate::facts::gsm0338();
    for element in facts["udh"]["element"].as_array().unwrap() {
        let number = |key: &str| usize::try_from(element[key].as_integer().unwrap()).unwrap();
        let tag = u8::try_from(number("tag")).unwrap();
        assert_ne!(meaning(tag, &vec![1; number("length")]), Meaning::Other, "{tag:#04x}");
        assert_eq!(meaning(tag, &vec![1; number("length") + 1]), Meaning::Other, "{tag:#04x}");
        assert_eq!(meaning(tag, &vec![1; number("length") - 1]), Meaning::Other, "{tag:#04x}");
    }
    assert_eq!(meaning(0x01, &[0x80, 3]), Meaning::Indication(Indication { kind: 0x80, count: 3 }));
    assert_eq!(
        (meaning(0x24, &[7]), meaning(0x25, &[2])),
        (Meaning::SingleShift(7), Meaning::LockingShift(2))
    );
    assert_eq!(meaning(0x70, &[1]), Meaning::Other);
}

#[test]
fn user_data_is_written_with_the_header_it_needs() {
    let concat = |reference| Some(Concat { reference, total: 3, sequence: 2 });
    let port = udh::Element { tag: 5, value: &[0x23, 0xF0] };
    let cases: [(&[udh::Element<'_>], _, &[u8]); 5] = [
        (&[], None, b"x"),
        (&[], concat(200), &[5, 0, 3, 200, 3, 2, b'x']),
        (&[], concat(300), &[6, 8, 4, 1, 44, 3, 2, b'x']),
        (&[port], None, &[4, 5, 2, 0x23, 0xF0, b'x']),
        (&[port], concat(7), &[9, 0, 3, 7, 3, 2, 5, 2, 0x23, 0xF0, b'x']),
    ];
    for (elements, concat, expected) in cases {
        let mut out = Vec::new();
        let has_header = udh::write_user_data(elements.iter().copied(), concat, b"x", &mut out);
        assert_eq!((out.as_slice(), has_header), (expected, expected.len() > 1));
    }
}

#[test]
fn a_header_that_would_be_too_long_loses_its_last_elements_and_stays_readable() {
    let long = [0; 120];
    let elements = [udh::Element { tag: 0x70, value: &long }; 3];
    let mut out = Vec::new();
    udh::write_user_data(elements, Some(Concat { reference: 1, total: 2, sequence: 1 }), b"x", &mut out);
    assert_eq!(concat_of(&out), Some(Concat { reference: 1, total: 2, sequence: 1 }));
    assert_eq!(udh::elements_beside_concat(split_udh(&out).unwrap().0).count(), 2);
}

#[test]
fn a_header_of_255_octets_is_written_as_it_was_read() {
    let mut header = vec![255, 0x70, 253];
    header.resize(256, 9);
    let user_data = [&header[..], b"x"].concat();
    let (elements, text) = split_udh(&user_data).unwrap();
    let mut out = Vec::new();
    assert!(udh::write_user_data(udh::elements(elements), None, text, &mut out));
    assert_eq!(out, user_data);
    let mut with_number = Vec::new();
    let concat = Some(Concat { reference: 1, total: 2, sequence: 1 });
    udh::write_user_data(udh::elements(elements), concat, text, &mut with_number);
    assert_eq!(with_number, b"\x05\x00\x03\x01\x02\x01x", "the element has no room beside it");
}
