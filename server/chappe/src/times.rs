//! Times as people read them: relative ones with a unit, absolute ones on the local clock.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, SpanRelativeTo, Timestamp};

/// 0.4 ms, 31 ms, 2.010 s, 3 min 5 s, 4 h 12 min, 6 d 4 h.
pub(crate) fn span(time: Duration) -> String {
    let (micros, secs) = (time.as_micros(), time.as_secs());
    match secs {
        0 if micros < 10_000 => format!("{}.{} ms", micros / 1000, micros % 1000 / 100),
        0 => format!("{} ms", micros / 1000),
        1..60 => format!("{secs}.{:03} s", time.subsec_millis()),
        60..3600 => format!("{} min {} s", secs / 60, secs % 60),
        3600..86_400 => format!("{} h {} min", secs / 3600, secs % 3600 / 60),
        _ => format!("{} d {} h", secs / 86_400, secs % 86_400 / 3600),
    }
}

/// 2 ms, 0.8 s, 12 s, and beyond a minute as [`span`] has it.
pub(crate) fn brief(time: Duration) -> String {
    let millis = time.as_millis();
    match millis {
        0 => "under 1 ms".into(),
        1..100 => format!("{millis} ms"),
        100..10_000 => format!("{}.{} s", millis / 1000, millis % 1000 / 100),
        10_000..60_000 => format!("{} s", millis / 1000),
        _ => span(time),
    }
}

/// From `earlier` to `later`; nothing if the clock ran backwards.
pub(crate) fn between(earlier: Timestamp, later: Timestamp) -> Duration {
    Duration::try_from(later.duration_since(earlier)).unwrap_or_default()
}

/// 09:11:04 on the local clock.
pub(crate) fn clock(at: Timestamp) -> String {
    local(at).strftime("%H:%M:%S").to_string()
}

/// 09:11:04.100 on the local clock.
pub(crate) fn clock_millis(at: Timestamp) -> String {
    local(at).strftime("%H:%M:%S%.3f").to_string()
}

/// 25 Nov 09:11 on the local clock.
pub(crate) fn day_and_clock(at: Timestamp) -> String {
    local(at).strftime("%-d %b %H:%M").to_string()
}

/// A length of time as it is typed: `90s`, `30min`, `2h`, `3d`.
pub(crate) fn length(text: &str) -> Result<Duration, String> {
    let bad = || format!("{text:?} is no length of time; write 90s, 30min, 2h or 3d");
    let span: Span = text.parse().map_err(|_| bad())?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| bad())?;
    Duration::try_from(length).map_err(|_| bad())
}

/// A moment as it is typed: how long ago (`2h`), `2026-11-25T08:00:00Z`, or a local date with or without a time.
pub(crate) fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(ago) = length(text) {
        return Timestamp::now().checked_sub(ago).map_err(|error| error.to_string());
    }
    let bad = |_| format!("{text:?} is no time; write 2h (ago), 2026-11-25, or 2026-11-25T08:00:00Z");
    text.parse::<Timestamp>().or_else(|_| {
        let local: DateTime = text.parse().map_err(bad)?;
        TimeZone::system().to_timestamp(local).map_err(bad)
    })
}

fn local(at: Timestamp) -> jiff::ZonedDateTime {
    at.to_zoned_datetime(TimeZone::system())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_the_unit_that_fits() {
        for (micros, long, short) in [
            (0, "0.0 ms", "under 1 ms"),
            (400, "0.4 ms", "under 1 ms"),
            (2_010, "2.0 ms", "2 ms"),
            (31_000, "31 ms", "31 ms"),
            (812_000, "812 ms", "0.8 s"),
            (2_010_000, "2.010 s", "2.0 s"),
            (41_000_000, "41.000 s", "41 s"),
            (185_000_000, "3 min 5 s", "3 min 5 s"),
            (15_120_000_000, "4 h 12 min", "4 h 12 min"),
            (532_800_000_000, "6 d 4 h", "6 d 4 h"),
        ] {
            let time = Duration::from_micros(micros);
            assert_eq!((span(time).as_str(), brief(time).as_str()), (long, short), "{micros}");
        }
    }

    #[test]
    fn a_moment_is_a_time_or_how_long_ago() {
        for (text, seconds) in [("90s", 90), ("30min", 1_800), ("2h", 7_200), ("3d", 259_200)] {
            assert_eq!(length(text).map(|length| length.as_secs()), Ok(seconds), "{text}");
        }
        assert!(length("soon").is_err());
        assert!(moment("1h").unwrap() < Timestamp::now());
        assert_eq!(moment("2026-11-25T08:00:00Z").unwrap().to_string(), "2026-11-25T08:00:00Z");
        assert!(moment("2026-11-25").is_ok());
        assert!(moment("yesterday").is_err());
    }
}
