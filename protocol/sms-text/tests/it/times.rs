use proptest::prelude::*;
use sms_text::receipt::{Minute, Stamp};
use sms_text::{Span, Time};

const STAMP: Stamp =
    Stamp { minute: Minute { year: 2026, month: 3, day: 1, hour: 12, minute: 30 }, second: 59 };

#[test]
fn a_time_is_absolute_with_its_zone_local_without_one_or_a_span() {
    let absolute = |quarters| Some(Time::Absolute { stamp: STAMP, quarters });
    for (written, meant) in [
        ("260301123059000+", absolute(0)),
        ("260301123059904+", absolute(4)),
        ("260301123059048-", absolute(-48)),
        ("260301123059", Some(Time::Local(STAMP))),
        ("000002000000000R", Some(Time::Relative(Span { days: 2, ..Span::default() }))),
        (
            "010203040506000R",
            Some(Time::Relative(Span { years: 1, months: 2, days: 3, hours: 4, minutes: 5, seconds: 6 })),
        ),
        ("000000990000000R", Some(Time::Relative(Span { hours: 99, ..Span::default() }))),
        ("000000000000000R", Some(Time::Relative(Span::default()))),
    ] {
        assert_eq!(Time::read(written.as_bytes()), meant, "{written}");
    }
}

#[test]
fn what_is_no_time_is_not_read() {
    for absurd in [
        "",
        "soon",
        "0",
        "2603011230",
        "26030112305",
        "2603011230590",
        "260301123059000",
        "260301123059000++",
        "260301123059000r",
        "260301123059000 ",
        "260301123059000?",
        "26030112305900 +",
        "+26030112305900+",
        "2603011230x9000+",
        "260301123059049+",
        "260301123059099-",
        "261301123059000+",
        "260001123059000+",
        "260300123059000+",
        "260332123059000+",
        "260229123059000+",
        "260431123059000+",
        "260301243059000+",
        "260301126059000+",
        "260301123060000+",
        "000000000000000+",
        "999999999999999+",
        "999999999999",
        "000000000000",
        "99999999999999+R",
        "\u{0661}\u{0662}\u{0663}\u{0664}\u{0665}\u{0666}",
    ] {
        assert_eq!(Time::read(absurd.as_bytes()), None, "{absurd:?}");
    }
    assert!(Time::read(b"240229000000000+").is_some(), "a leap day");
}

#[test]
fn a_stamp_reads_as_it_is_written() {
    assert_eq!(STAMP.absolute(0), *b"260301123059000+");
    assert_eq!(STAMP.absolute(-22), *b"260301123059022-");
    for quarters in [-48, -1, 0, 4, 48] {
        assert_eq!(Time::read(&STAMP.absolute(quarters)), Some(Time::Absolute { stamp: STAMP, quarters }));
    }
}

proptest! {
    #[test]
    fn no_octets_make_it_panic(octets in proptest::collection::vec(any::<u8>(), 0..20)) {
        let _ = Time::read(&octets);
    }

    #[test]
    fn sixteen_digits_and_a_mark_never_read_as_a_date_that_is_none(text in "[0-9]{15}[R+-]") {
        if let Some(Time::Absolute { stamp, quarters }) = Time::read(text.as_bytes()) {
            prop_assert!(stamp.is_valid() && (-48..=48).contains(&quarters));
        }
    }
}
