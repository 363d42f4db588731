//! Points in time as PDUs write them; in UTC unless the PDU says otherwise.

use std::time::Duration;

use chappe_core::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use sms_text::receipt::Minute;

/// Octets of an SMPP time without its NUL.
const TIME_LEN: usize = 16;
const MINUTE_MICROS: u64 = 60_000_000;
const SECOND_MICROS: u64 = 1_000_000;

/// Reads a validity_period (SMPP 5.0 §4.7.23): `YYMMDDhhmmsstnnp`, absolute with `p` a `+` or `-` and `nn` the quarter
/// hours from UTC, or relative with `p` an `R`. `None` where it is neither.
pub(super) fn read(octets: &[u8], now: impl FnOnce() -> Timestamp) -> Option<Timestamp> {
    let octets: &[u8; TIME_LEN] = octets.try_into().ok()?;
    let (digits, [mark]) = octets.split_at_checked(TIME_LEN - 1)? else {
        return None;
    };
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let pair = |at: usize| i8::try_from((digits[at] - b'0') * 10 + (digits[at + 1] - b'0')).ok();
    let [year, month, day, hour, minute, second] =
        [pair(0)?, pair(2)?, pair(4)?, pair(6)?, pair(8)?, pair(10)?];
    let quarters = pair(13)?;
    match mark {
        b'R' => relative([year, month, day, hour, minute, second], now()),
        b'+' | b'-' if quarters <= 48 => {
            let date = DateTime::new(2000 + i16::from(year), month, day, hour, minute, second, 0).ok()?;
            let seconds = i32::from(quarters) * 900 * if *mark == b'+' { 1 } else { -1 };
            let moment = Offset::from_seconds(seconds).ok()?.to_timestamp(date).ok()?;
            u64::try_from(moment.as_microsecond()).ok().map(Timestamp)
        }
        _ => None,
    }
}

/// A span from now; years count 365 days and months 30, which no validity reaches anyway.
fn relative(span: [i8; 6], now: Timestamp) -> Option<Timestamp> {
    const SECONDS: [u64; 6] = [365 * 86_400, 30 * 86_400, 86_400, 3_600, 60, 1];
    let parts =
        span.into_iter().zip(SECONDS).map(|(count, seconds)| u64::try_from(count).ok().map(|n| n * seconds));
    let seconds = parts.sum::<Option<u64>>()?;
    Some(now + Duration::from_secs(seconds))
}

/// Remembers the last point in time it wrote: messages of a burst share their minute.
#[derive(Debug, Default)]
pub(super) struct Clocks {
    submitted: Option<(u64, Minute)>,
    done: Option<(u64, Minute)>,
    valid: Option<(u64, [u8; TIME_LEN])>,
}

impl Clocks {
    /// The minute a message was accepted in.
    pub(super) fn submitted(&mut self, at: Timestamp) -> Minute {
        minute(&mut self.submitted, at)
    }

    /// The minute a message ended in.
    pub(super) fn done(&mut self, at: Timestamp) -> Minute {
        minute(&mut self.done, at)
    }

    /// A validity_period: the second of `at`, absolute, in UTC; empty for [`Timestamp::ZERO`].
    pub(super) fn validity_period(&mut self, at: Timestamp) -> &[u8] {
        if at == Timestamp::ZERO {
            return &[];
        }
        let second = at.0 / SECOND_MICROS;
        let kept = self.valid.take().filter(|(kept, _)| *kept == second);
        let (_, octets) = self.valid.insert(kept.unwrap_or_else(|| (second, absolute(at))));
        octets
    }
}

fn minute(kept: &mut Option<(u64, Minute)>, at: Timestamp) -> Minute {
    let number = at.0 / MINUTE_MICROS;
    if let Some((kept, minute)) = kept
        && *kept == number
    {
        return *minute;
    }
    let date = civil(at);
    let part = |value: i8| u8::try_from(value).unwrap_or_default();
    let minute = Minute {
        year: u16::try_from(date.year()).unwrap_or_default(),
        month: part(date.month()),
        day: part(date.day()),
        hour: part(date.hour()),
        minute: part(date.minute()),
    };
    *kept = Some((number, minute));
    minute
}

fn absolute(at: Timestamp) -> [u8; TIME_LEN] {
    let date = civil(at);
    let mut octets = *b"YYMMDDhhmmss000+";
    let year = i8::try_from(date.year().rem_euclid(100)).unwrap_or_default();
    let parts = [year, date.month(), date.day(), date.hour(), date.minute(), date.second()];
    for (place, part) in octets.chunks_exact_mut(2).zip(parts) {
        let part = part.unsigned_abs();
        place[0] = b'0' + part / 10 % 10;
        place[1] = b'0' + part % 10;
    }
    octets
}

/// In UTC; a point in time beyond the calendar is its end.
fn civil(at: Timestamp) -> DateTime {
    let micros = i64::try_from(at.0).unwrap_or(i64::MAX);
    let moment = jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::MAX);
    Offset::UTC.to_datetime(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        let moment: jiff::Timestamp = text.parse().unwrap();
        Timestamp(u64::try_from(moment.as_microsecond()).unwrap())
    }

    #[test]
    fn a_validity_period_is_read_absolute_with_its_zone_and_relative_to_now() {
        let now = at("2026-03-01T12:00:00Z");
        for (written, meant) in [
            ("260301120000000+", Some("2026-03-01T12:00:00Z")),
            ("260301120000004+", Some("2026-03-01T11:00:00Z")),
            ("260301120000032-", Some("2026-03-01T20:00:00Z")),
            ("000002000000000R", Some("2026-03-03T12:00:00Z")),
            ("000000000130000R", Some("2026-03-01T12:01:30Z")),
            ("261301120000000+", None),
            ("260301120000049+", None),
            ("260301120000000", None),
            ("26030112000000+", None),
            ("2603011200000x0+", None),
            ("260301120000000?", None),
        ] {
            assert_eq!(read(written.as_bytes(), || now), meant.map(at), "{written}");
        }
    }

    #[test]
    fn what_is_written_reads_as_it_was() {
        let mut clocks = Clocks::default();
        for text in ["2026-12-31T23:59:59Z", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z"] {
            let octets = clocks.validity_period(at(text)).to_vec();
            assert_eq!(read(&octets, || Timestamp::ZERO), Some(at(text)));
        }
        assert!(clocks.validity_period(Timestamp::ZERO).is_empty());
        assert_eq!(clocks.submitted(at("2026-12-31T23:59:59Z")).digits(), *b"2612312359");
        assert_eq!(clocks.submitted(at("2027-01-01T00:00:00Z")).digits(), *b"2701010000");
    }
}
