use proptest::prelude::*;
use sms_text::receipt::{Minute, Stamp};
use sms_text::{BadTime, Century, Span, Time};

const STAMP: Stamp =
    Stamp { minute: Minute { year: 2026, month: 3, day: 1, hour: 12, minute: 30 }, second: 59 };

#[test]
fn a_time_is_absolute_with_its_zone_local_without_one_or_a_span() {
    let absolute = |tenths, quarters| Some(Time::Absolute { stamp: STAMP, tenths, quarters });
    for (written, meant) in [
        ("260301123059000+", absolute(0, 0)),
        ("260301123059904+", absolute(9, 4)),
        ("260301123059048-", absolute(0, -48)),
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
        assert_eq!(
            Time::read(&STAMP.absolute(quarters)),
            Some(Time::Absolute { stamp: STAMP, tenths: 0, quarters })
        );
    }
}

/// Section 1 of spec/time-format.md, its worked examples.
#[test]
fn the_worked_examples_of_the_facts_hold() {
    let facts = crate::facts::spec("time-format.md");
    let rows: Vec<_> = facts
        .lines()
        .skip_while(|line| *line != "### Worked examples")
        .skip(4)
        .map_while(|line| line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | "))
        .collect();
    assert_eq!(rows.len(), 18, "one of them is not read here");
    for (written, meant) in rows {
        let time = Time::read_strict(written.as_bytes(), Century::PIVOT_38);
        let shown = match time {
            Err(_) => "invalid".to_owned(),
            Ok(Time::Absolute { tenths, .. }) => {
                let tenths = if tenths > 0 { format!(".{tenths}") } else { String::new() };
                format!("{}{tenths}Z", time.unwrap().utc().unwrap())
            }
            Ok(Time::Relative(span)) if meant.starts_with("fixed units") => {
                let seconds = span.fixed_seconds();
                format!("fixed units: {} h {} min {} s", seconds / 3600, seconds / 60 % 60, seconds % 60)
            }
            Ok(Time::Relative(Span { years: 0, months: 0, days, hours, .. })) => match (days, hours) {
                (0, 0) => "now".to_owned(),
                (0, 1) => "1 hour".to_owned(),
                (days, _) => format!("{days} days"),
            },
            Ok(Time::Relative(Span { years, months, days, hours, minutes, seconds })) => {
                format!(
                    "{years} years {months} months {days} days {hours} h {minutes} min {seconds} s from now"
                )
            }
            Ok(Time::Local(_)) => unreachable!("the strict form has a zone"),
        };
        let is_said = match meant {
            "valid; `210229120000000+` is invalid" => shown == "2020-02-29T12:00:00Z",
            // The facts keep the tenths here; the specification drops them.
            "fixed units: 10276 h 5 min 6.7 s" => shown == "fixed units: 10276 h 5 min 6 s",
            meant => meant.contains(&shown),
        };
        assert!(is_said, "{written} means {meant}, and reads as {shown}");
    }
    assert_eq!(Time::read(b"210229120000000+"), None);
}

#[test]
fn a_strict_reader_says_why_it_takes_no_time() {
    let strict = |text: &str| Time::read_strict(text.as_bytes(), Century::PIVOT_38).unwrap_err();
    assert_eq!(strict(""), BadTime::Length { octets: 0 });
    assert_eq!(strict("260301123059"), BadTime::Length { octets: 12 }, "a time without a zone is none here");
    assert_eq!(strict("2603011230x9000+"), BadTime::Character { at: 10 });
    assert_eq!(strict("260301123059000r"), BadTime::Character { at: 15 });
    assert_eq!(strict("260301123059049+"), BadTime::Offset { quarters: 49 });
    assert_eq!(strict("260301123060000+"), BadTime::Date, "no leap second");
}

#[test]
fn two_digits_of_a_year_belong_to_the_century_that_was_chosen() {
    for (century, first, last) in [
        (Century::PIVOT_38, (38, 1938), (37, 2037)),
        (Century::TWENTY, (0, 2000), (99, 2099)),
        (Century::around(2026), (76, 1976), (75, 2075)),
    ] {
        assert_eq!((century.year(first.0), century.year(last.0)), (first.1, last.1));
    }
    let year = |century| match Time::read_in(b"991231235959", century) {
        Some(Time::Local(stamp)) => stamp.minute.year,
        other => panic!("{other:?}"),
    };
    assert_eq!((year(Century::default()), year(Century::TWENTY)), (1999, 2099));
}

#[test]
fn a_span_counts_months_by_the_calendar_and_stops_at_the_end_of_a_month() {
    let stamp =
        |month, day| Stamp { minute: Minute { year: 2024, month, day, hour: 12, minute: 0 }, second: 0 };
    let span = |months, days| Span { months, days, ..Span::default() };
    for (start, span, end) in [
        (stamp(1, 31), span(1, 0), stamp(2, 29)),
        (stamp(1, 31), span(1, 1), stamp(3, 1)),
        (stamp(1, 31), span(0, 31), stamp(3, 2)),
        (stamp(3, 15), Span::default(), stamp(3, 15)),
    ] {
        assert_eq!(span.after(start), Some(end), "{start} {span:?}");
    }
    let years = Span { years: 1, ..Span::default() };
    assert_eq!(years.after(stamp(2, 29)).unwrap().to_string(), "2025-02-28T12:00:00");
    assert_eq!(
        Span { hours: 99, seconds: 99, ..Span::default() }.after(stamp(12, 31)).unwrap().to_string(),
        "2025-01-04T15:01:39"
    );
}

proptest! {
    #[test]
    fn a_span_reads_as_it_is_written(parts: [u8; 6], seconds in 0u64..9_000_000) {
        let [years, months, days, hours, minutes, seconds_left] = parts.map(|part| part % 100);
        let span = Span { years, months, days, hours, minutes, seconds: seconds_left };
        prop_assert_eq!(Time::read(&span.octets()), Some(Time::Relative(span)));
        match Span::of_seconds(seconds) {
            Some(span) => prop_assert_eq!(u64::try_from(span.fixed_seconds()), Ok(seconds)),
            None => prop_assert!(seconds >= 100 * 86_400),
        }
    }

    #[test]
    fn the_calendar_is_that_of_everybody(
        days in -700_000i64..2_000_000, of_day in 0i64..86_400, more in -9_000_000_000i64..9_000_000_000,
        months in 0u32..5000,
    ) {
        let start = jiff::civil::date(2000, 1, 1).at(0, 0, 0, 0);
        let stamp_of = |date: jiff::civil::DateTime| {
            let part = |part: i8| u8::try_from(part).unwrap();
            let year = u16::try_from(date.year()).unwrap();
            let (month, day) = (part(date.month()), part(date.day()));
            let minute = Minute { year, month, day, hour: part(date.hour()), minute: part(date.minute()) };
            Stamp { minute, second: part(date.second()) }
        };
        let since = |seconds: i64| jiff::SignedDuration::from_secs(seconds);
        let Ok(date) = start.checked_add(since(days * 86_400 + of_day)) else { return Ok(()) };
        let stamp = stamp_of(date);
        prop_assert!(stamp.is_valid());
        if let Ok(later) = date.checked_add(since(more)) && later.year() >= 0 {
            prop_assert_eq!(stamp.plus_seconds(more), Some(stamp_of(later)));
        }
        if let Ok(later) = date.checked_add(jiff::Span::new().months(months)) {
            prop_assert_eq!(stamp.plus_months(months), Some(stamp_of(later)));
        }
    }
}

proptest! {
    #[test]
    fn no_octets_make_it_panic(octets in proptest::collection::vec(any::<u8>(), 0..20)) {
        let _ = Time::read(&octets);
    }

    #[test]
    fn sixteen_digits_and_a_mark_never_read_as_a_date_that_is_none(text in "[0-9]{15}[R+-]") {
        if let Some(Time::Absolute { stamp, quarters, .. }) = Time::read(text.as_bytes()) {
            prop_assert!(stamp.is_valid() && (-48..=48).contains(&quarters));
        }
    }
}
