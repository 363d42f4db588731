use crate::facts::{text, vectors};
use proptest::prelude::*;
use sms_text::receipt::{
    Base, Dates, Ids, Minute, Profile, Receipt, Stamp, State, TwelveDigits, read, read_fields,
};
use sms_text::{Century, Time};

const MINUTE: Minute = Minute { year: 2026, month: 11, day: 25, hour: 9, minute: 5 };
const STAMP: Stamp = Stamp { minute: MINUTE, second: 7 };

fn written(receipt: &Receipt<'_>) -> String {
    let mut out = Vec::new();
    receipt.write(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn the_form_is_that_of_appendix_b() {
    let receipt = Receipt {
        id: b"5f3a9c01d27e4b86",
        sub: 1,
        dlvrd: 1,
        submitted: STAMP,
        done: Stamp { minute: Minute { minute: 59, ..MINUTE }, second: 0 },
        state: State::Undeliverable,
        err: b"27",
        text: b"a text of more than twenty characters",
        ..Receipt::default()
    };
    assert_eq!(
        written(&receipt),
        "id:5f3a9c01d27e4b86 sub:001 dlvrd:001 submit date:2611250905 done date:2611250959 \
         stat:UNDELIV err:027 text:a text of more than "
    );
    assert_eq!(
        written(&Receipt { dates: Dates::Seconds, err_width: 2, ..receipt }),
        "id:5f3a9c01d27e4b86 sub:001 dlvrd:001 submit date:261125090507 done date:261125095900 \
         stat:UNDELIV err:27 text:a text of more than "
    );
}

#[test]
fn the_beginning_of_a_text_does_not_end_within_a_character_behind_an_escape() {
    let quoted = |text: &[u8]| {
        let text = written(&Receipt { text, ..Receipt::default() });
        text.split_once("text:").unwrap().1.to_owned()
    };
    assert_eq!(quoted(b"nineteen characters\x1b\x65"), "nineteen characters");
    assert_eq!(quoted(b"eighteen character\x1b\x65 and more"), "eighteen character\x1b\x65");
    assert_eq!(quoted(b"nineteen characters\x1b"), "nineteen characters\x1b", "all of it");
}

#[test]
fn an_error_has_its_width_and_is_never_cut() {
    for (err, width, written_as) in [
        ("", 3, "000"),
        ("1", 3, "001"),
        ("21b", 3, "21b"),
        ("0000", 3, "000"),
        ("0027", 3, "027"),
        ("1027", 3, "1027"),
        ("000", 1, "0"),
        ("027", 1, "27"),
        ("027", 4, "0027"),
        ("00b", 2, "00b"),
        ("0x1b", 3, "0x1b"),
        ("", 4, "0000"),
    ] {
        let text = written(&Receipt { err: err.as_bytes(), err_width: width, ..Receipt::default() });
        assert!(text.ends_with(&format!(" err:{written_as} text:")), "{err:?} in {width}: {text}");
    }
}

#[test]
fn numbers_beyond_the_form_stop_at_its_edge() {
    let text = written(&Receipt { sub: 1000, dlvrd: 42, ..Receipt::default() });
    assert!(text.contains(" sub:999 dlvrd:042 "), "{text}");
}

#[test]
fn every_vector_reads_as_it_says() {
    for vector in vectors("receipt") {
        let receipt = read(text(&vector, "input").as_bytes()).unwrap();
        let fields = [
            ("id", receipt.id),
            ("sub", receipt.sub),
            ("dlvrd", receipt.dlvrd),
            ("submit_date", receipt.submit_date),
            ("done_date", receipt.done_date),
            ("stat", receipt.stat),
            ("err", receipt.err),
            ("text", receipt.text),
        ];
        for (key, found) in fields {
            let found = found.map(|octets| str::from_utf8(octets).unwrap());
            assert_eq!(found, vector["fields"][key].as_str(), "{} {key}", vector["id"]);
        }
    }
}

#[test]
fn order_case_and_spelling_do_not_matter() {
    let octets = b"STAT:delivered ERR:0x1F DoneDate:20110314181741 submitdate:110314181534 ID:00Ab Text: Hi";
    let receipt = read(octets).unwrap();
    assert_eq!(receipt.id, Some(&b"00Ab"[..]));
    assert_eq!(receipt.state(), Some(State::Delivered));
    assert_eq!(receipt.err, Some(&b"0x1F"[..]));
    assert_eq!(receipt.text, Some(&b"Hi"[..]));
    let submitted = receipt.submitted().unwrap();
    assert_eq!(submitted.minute, Minute { year: 2011, month: 3, day: 14, hour: 18, minute: 15 });
    assert_eq!((submitted.second, receipt.done().unwrap().second), (34, 41));
}

#[test]
fn an_id_may_have_spaces_unless_an_unknown_key_follows() {
    let id = |octets: &'static [u8]| read(octets).unwrap().id.unwrap();
    assert_eq!(id(b"id:12 34 56 sub:001 stat:DELIVRD"), b"12 34 56");
    assert_eq!(id(b"id: 123  stat:DELIVRD"), b"123");
    assert_eq!(id(b"id:123 smsc:x stat:DELIVRD"), b"123");
    assert_eq!(id(b"id: sub:001 stat:DELIVRD"), b"");
    assert_eq!(id(b"id: smsc:x stat:DELIVRD"), b"");
    assert_eq!(id(b"id:123 x-id:4 stat:DELIVRD"), b"123");
    assert_eq!(id(b"stat:DELIVRD id:123\0"), b"123");
}

#[test]
fn keys_in_the_text_are_text_unless_id_or_stat_is_missing() {
    let receipt = read(b"id:1 stat:EXPIRED err:5 text:see id:2 stat:DELIVRD err:6").unwrap();
    assert_eq!(
        (receipt.id, receipt.state(), receipt.err),
        (Some(&b"1"[..]), Some(State::Expired), Some(&b"5"[..]))
    );
    assert_eq!(receipt.text, Some(&b"see id:2 stat:DELIVRD err:6"[..]));
    let receipt = read(b"stat:EXPIRED text:see id:2").unwrap();
    assert_eq!((receipt.id, receipt.text), (Some(&b"2"[..]), Some(&b"see"[..])));
}

#[test]
fn a_text_without_keys_is_no_receipt() {
    for octets in ["", "hello", "text:hello", "paid:1", "valid:until tomorrow", "12:30"] {
        assert_eq!(read(octets.as_bytes()), None, "{octets}");
    }
    assert_eq!(read(b"stat:DELIVRD").unwrap().state(), Some(State::Delivered));
}

#[test]
fn a_word_of_the_carriers_own_is_kept_and_not_guessed() {
    let receipt = read(b"id:1 stat:FAILED").unwrap();
    assert_eq!((receipt.stat, receipt.state()), (Some(&b"FAILED"[..]), None));
}

#[test]
fn a_state_has_one_code_and_one_word() {
    for (code, state) in (1..).zip(State::ALL) {
        assert_eq!((state.code(), State::from_code(code)), (code, Some(state)));
        assert_eq!(State::from_stat(state.stat().as_bytes()), Some(state));
        assert_eq!(State::from_stat(state.stat().to_lowercase().as_bytes()), Some(state));
    }
    assert_eq!((State::from_code(0), State::from_code(10)), (None, None));
    assert_eq!(State::from_stat(b"buffred"), Some(State::Enroute));
    let open = [State::Enroute, State::Accepted, State::Unknown];
    assert!(State::ALL.iter().all(|state| state.is_final() != open.contains(state)));
}

#[test]
fn dates_of_10_12_and_14_digits_read_and_others_do_not() {
    let at = |year, month, day, hour, minute, second| {
        Some(Stamp { minute: Minute { year, month, day, hour, minute }, second })
    };
    assert_eq!(Stamp::read(b"1005232039"), at(2010, 5, 23, 20, 39, 0));
    assert_eq!(Stamp::read(b"991231235959"), at(1999, 12, 31, 23, 59, 59));
    assert_eq!(Stamp::read(b"201403141815"), at(2014, 3, 14, 18, 15, 0), "20-14 is no date, 2014-03 is");
    assert_eq!(Stamp::read(b"20110314181534"), at(2011, 3, 14, 18, 15, 34));
    assert_eq!(Stamp::read(b"2402292359"), at(2024, 2, 29, 23, 59, 0));
    for none in ["", "0000000000", "2302290000", "1013010000", "1001012400", "100101010", "10010101+1", "NA"]
    {
        assert_eq!(Stamp::read(none.as_bytes()), None, "{none}");
    }
}

#[test]
fn the_fields_of_a_receipt_that_has_none_but_its_text_are_read_all_the_same() {
    assert_eq!(read_fields(b"text: hi").text, Some(&b"hi"[..]));
    assert_eq!(read_fields(b"hello"), read_fields(b""));
}

#[test]
fn a_profile_knows_the_words_of_its_peer() {
    let profile = Profile {
        states: &[("FAILED", State::Undeliverable), ("ACK", State::Delivered)],
        ..Profile::default()
    };
    let state = |octets: &'static [u8]| profile.state(&read(octets).unwrap());
    assert_eq!(state(b"id:1 stat:failed"), Some(State::Undeliverable));
    assert_eq!(state(b"id:1 stat:ACK"), Some(State::Delivered));
    assert_eq!(state(b"id:1 stat:EXPIRED"), Some(State::Expired));
    assert_eq!((state(b"id:1 stat:ESME_ROK"), state(b"id:1")), (None, None));
}

#[test]
fn a_profile_knows_which_dates_its_peer_means() {
    let receipt = read(b"id:1 submit date:200110111213 done date:991231235959948+").unwrap();
    let submitted =
        |twelve_digits| match (Profile { twelve_digits, ..Profile::default() }).submitted(&receipt) {
            Some(Time::Local(stamp)) => stamp.to_string(),
            other => panic!("{other:?}"),
        };
    assert_eq!(submitted(TwelveDigits::Either), "2020-01-10T11:12:13");
    assert_eq!(submitted(TwelveDigits::Seconds), "2020-01-10T11:12:13");
    assert_eq!(submitted(TwelveDigits::Century), "2001-10-11T12:13:00");
    let done = |century| {
        Profile { century, ..Profile::default() }.done(&receipt).and_then(Time::utc).unwrap().to_string()
    };
    assert_eq!(done(Century::PIVOT_38), "1999-12-31T11:59:59", "with a zone of its own");
    assert_eq!(done(Century::TWENTY), "2099-12-31T11:59:59");
    let zeros = read(b"id:1 submit date:0000000000 done date:").unwrap();
    assert_eq!((Profile::default().submitted(&zeros), Profile::default().done(&zeros)), (None, None));
}

#[test]
fn one_id_may_be_written_in_two_bases() {
    let numbers = |answer, receipt| Profile { ids: Ids::Numbers { answer, receipt }, ..Profile::default() };
    let [hex, dec] = [Base::Hexadecimal, Base::Decimal];
    assert!(numbers(hex, dec).is_same_id(b"38601fa", b"0059113978"));
    assert!(numbers(hex, dec).is_same_id(b"0038601FA", b"59113978"));
    assert!(!numbers(hex, dec).is_same_id(b"38601fb", b"0059113978"));
    assert!(numbers(dec, dec).is_same_id(b"7", b"0007"));
    assert!(numbers(hex, hex).is_same_id(&[b'f'; 64], &[b'F'; 64]));
    assert!(
        numbers(hex, dec).is_same_id(b"123456789ABCDEF0123", b"5373003642731685151011"),
        "beyond 64 bits"
    );
    assert!(numbers(hex, dec).is_same_id(b"no-number", b"NO-number"), "compared as written");
    assert!(!numbers(hex, dec).is_same_id(b"", b"0"));
    let ids = Ids::Numbers { answer: hex, receipt: dec };
    assert_eq!(
        (ids.answer_key(b"00038601FA"), ids.receipt_key(b"0059113978")),
        (b"38601fa".to_vec(), b"38601fa".to_vec())
    );
    assert_eq!(ids.answer_key(b"000"), b"0");
    let as_written = Profile::default();
    assert!(as_written.is_same_id(b"00Ab", b"00aB") && !as_written.is_same_id(b"7", b"07"));
}

fn printable() -> impl Strategy<Value = String> {
    "[!-9;-~]{1,40}"
}

/// Octets that look like receipts more often than chance would have it.
fn receipt_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "id:",
            "sub:",
            "dlvrd:",
            "submit date:",
            "done date:",
            "stat:",
            "err:",
            "text:",
            "Text:",
            "ID:",
            " ",
            ":",
            "submitdate:",
            "1",
            "DELIVRD",
            "\0",
            "\t",
        ])
        .prop_map(String::from),
        "[a-z0-9 :]{0,6}",
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        id in printable(), err in "[0-9a-f]{0,4}", body in "\\PC{0,30}",
        sub in 0u16..1000, dlvrd in 0u16..1000, err_width in 0u8..5, long_dates: bool,
        state in proptest::sample::select(&State::ALL[..]),
    ) {
        let body = body.trim_start();
        let receipt = Receipt {
            id: id.as_bytes(), sub, dlvrd, submitted: STAMP, done: STAMP, state, err: err.as_bytes(), err_width,
            dates: if long_dates { Dates::Seconds } else { Dates::Minutes }, text: body.as_bytes(),
        };
        let mut out = Vec::new();
        receipt.write(&mut out);
        let read = read(&out).unwrap();
        prop_assert_eq!(read.id, Some(id.as_bytes()));
        prop_assert_eq!(read.sub.map(<[u8]>::to_vec), Some(format!("{sub:03}").into_bytes()));
        prop_assert_eq!(read.dlvrd.map(<[u8]>::to_vec), Some(format!("{dlvrd:03}").into_bytes()));
        prop_assert_eq!(read.state(), Some(state));
        let read_err = String::from_utf8(read.err.unwrap().to_vec()).unwrap();
        prop_assert_eq!(read_err.trim_start_matches('0'), err.trim_start_matches('0'));
        prop_assert!(read_err.len() >= usize::from(err_width));
        let second = if long_dates { STAMP.second } else { 0 };
        prop_assert_eq!(read.submitted(), Some(Stamp { second, ..STAMP }));
        prop_assert_eq!(read.text.unwrap(), &body.as_bytes()[..body.len().min(20)]);
    }

    #[test]
    fn any_octets_are_a_receipt_or_none(octets: Vec<u8>) {
        let _ = read(&octets).map(|receipt| (receipt.state(), receipt.submitted(), receipt.done()));
    }

    #[test]
    fn the_quick_way_and_the_lenient_way_read_the_same(id in "[a-z0-9 :]{0,8}", stat in "[A-Z :]{0,8}", tail in receipt_like()) {
        let quick = format!("id:{id} sub:1 dlvrd:1 submit date:1 done date:1 stat:{stat} err:0 text:{tail}");
        // A blank before the first key keeps the quick way out and means nothing to the lenient one.
        let lenient = format!(" {quick}");
        prop_assert_eq!(read(quick.as_bytes()), read(lenient.as_bytes()));
    }

    #[test]
    fn a_mangled_receipt_reads_without_harm(octets in receipt_like()) {
        if let Some(receipt) = read(octets.as_bytes()) {
            let slices = [receipt.id, receipt.stat, receipt.err, receipt.text, receipt.submit_date, receipt.done_date];
            prop_assert!(slices.into_iter().flatten().all(|slice| slice.len() < octets.len()));
        }
    }
}
