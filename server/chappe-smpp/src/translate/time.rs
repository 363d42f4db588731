//! Points in time as PDUs write them, between the store's microseconds and somebody's zone.

use std::time::Duration;

use chappe_core::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Span as Calendar, ZonedDateTime};
use sms_text::receipt::{Minute, Stamp};
use sms_text::{Century, Span, Time};

const MINUTE_MICROS: u64 = 60_000_000;
const SECOND_MICROS: u64 = 1_000_000;

/// The point in time that a schedule_delivery_time or validity_period means to a peer in `zone`; `None` where it is no
/// time, or lies beyond the calendar.
///
/// A local time that a change of the clocks skips is read as much later; of one that comes twice, the first counts.
/// [`Timestamp::ZERO`] for the empty span: at once.
pub(super) fn read(octets: &[u8], zone: &TimeZone, now: impl FnOnce() -> Timestamp) -> Option<Timestamp> {
    match Time::read_in(octets, Century::TWENTY)? {
        Time::Absolute { stamp, quarters, .. } => {
            let offset = Offset::from_seconds(i32::from(quarters) * 900).ok()?;
            timestamp(offset.to_timestamp(civil_of(stamp)?).ok()?)
        }
        Time::Local(stamp) => timestamp(civil_of(stamp)?.to_zoned_datetime(zone.clone()).ok()?.timestamp()),
        Time::Relative(span) if span.is_zero() => Some(Timestamp::ZERO),
        Time::Relative(span) => later(span, &moment(now()).to_zoned_datetime(zone.clone())),
    }
}

/// Years and months are those of the calendar; days have 24 hours.
fn later(span: Span, now: &ZonedDateTime) -> Option<Timestamp> {
    let Span { years, months, days, hours, minutes, seconds } = span;
    let date = now.checked_add(Calendar::new().years(years).months(months)).ok()?;
    let hours = u64::from(days) * 24 + u64::from(hours);
    let rest = (hours * 60 + u64::from(minutes)) * 60 + u64::from(seconds);
    Some(timestamp(date.timestamp())? + Duration::from_secs(rest))
}

fn timestamp(moment: jiff::Timestamp) -> Option<Timestamp> {
    u64::try_from(moment.as_microsecond()).ok().map(Timestamp)
}

/// A point in time beyond the calendar is its end.
fn moment(at: Timestamp) -> jiff::Timestamp {
    let micros = i64::try_from(at.0).unwrap_or(i64::MAX);
    jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::MAX)
}

fn civil_of(stamp: Stamp) -> Option<DateTime> {
    let Stamp { minute: Minute { year, month, day, hour, minute }, second } = stamp;
    let part = |number: u8| i8::try_from(number).ok();
    let year = i16::try_from(year).ok()?;
    DateTime::new(year, part(month)?, part(day)?, part(hour)?, part(minute)?, part(second)?, 0).ok()
}

fn minute_of(date: DateTime) -> Minute {
    let part = |value: i8| u8::try_from(value).unwrap_or_default();
    Minute {
        year: u16::try_from(date.year()).unwrap_or_default(),
        month: part(date.month()),
        day: part(date.day()),
        hour: part(date.hour()),
        minute: part(date.minute()),
    }
}

/// Writes points in time in one zone, and remembers the last of each kind: messages of a burst share their minute.
#[derive(Debug)]
pub(super) struct Clocks {
    zone: TimeZone,
    submitted: Option<(u64, Minute)>,
    done: Option<(u64, Minute)>,
    valid: Option<(u64, [u8; 16])>,
}

impl Clocks {
    pub(super) fn of(zone: TimeZone) -> Self {
        Self { zone, submitted: None, done: None, valid: None }
    }

    /// When a message was accepted.
    pub(super) fn submitted(&mut self, at: Timestamp) -> Stamp {
        stamp(&mut self.submitted, &self.zone, at)
    }

    /// When a message ended.
    pub(super) fn done(&mut self, at: Timestamp) -> Stamp {
        stamp(&mut self.done, &self.zone, at)
    }

    /// A validity_period: the second of `at`, absolute; empty for [`Timestamp::ZERO`]. It is the peer's local time with
    /// its offset from UTC, so that a peer that does not look at the offset reads it right, too.
    pub(super) fn validity_period(&mut self, at: Timestamp) -> &[u8] {
        if at == Timestamp::ZERO {
            return &[];
        }
        let second = at.0 / SECOND_MICROS;
        let kept = self.valid.take().filter(|(kept, _)| *kept == second);
        let (_, octets) = self.valid.insert(kept.unwrap_or_else(|| (second, absolute(&self.zone, at))));
        octets
    }
}

fn stamp(kept: &mut Option<(u64, Minute)>, zone: &TimeZone, at: Timestamp) -> Stamp {
    let number = at.0 / MINUTE_MICROS;
    let second = u8::try_from(at.as_secs() % 60).unwrap_or_default();
    if let Some((kept, minute)) = kept
        && *kept == number
    {
        return Stamp { minute: *minute, second };
    }
    let minute = minute_of(zone.to_datetime(moment(at)));
    *kept = Some((number, minute));
    Stamp { minute, second }
}

fn absolute(zone: &TimeZone, at: Timestamp) -> [u8; 16] {
    let moment = moment(at);
    let seconds = zone.to_offset(moment).seconds();
    // Where the offset is no whole number of quarter hours, as before 1972, UTC says it exactly.
    let quarters = i8::try_from(seconds / 900).ok().filter(|_| seconds % 900 == 0);
    let offset = quarters.map_or(Offset::UTC, |_| zone.to_offset(moment));
    let date = offset.to_datetime(moment);
    let stamp = Stamp { minute: minute_of(date), second: u8::try_from(date.second()).unwrap_or_default() };
    stamp.absolute(quarters.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        let moment: jiff::Timestamp = text.parse().unwrap();
        timestamp(moment).unwrap()
    }

    fn zagreb() -> TimeZone {
        TimeZone::get("Europe/Zagreb").unwrap()
    }

    #[test]
    fn a_time_is_read_with_its_own_zone_in_the_accounts_zone_or_from_now() {
        let now = at("2026-01-31T12:00:00Z");
        for (written, meant) in [
            ("260301120000000+", Some("2026-03-01T12:00:00Z")),
            ("260301120000004+", Some("2026-03-01T11:00:00Z")),
            ("260301120000032-", Some("2026-03-01T20:00:00Z")),
            // Winter and summer in Zagreb.
            ("260301120000", Some("2026-03-01T11:00:00Z")),
            ("260701120000", Some("2026-07-01T10:00:00Z")),
            // The hour that is skipped, and the hour that comes twice.
            ("260329023000", Some("2026-03-29T01:30:00Z")),
            ("261025023000", Some("2026-10-25T00:30:00Z")),
            ("000002000000000R", Some("2026-02-02T12:00:00Z")),
            ("000000000130000R", Some("2026-01-31T12:01:30Z")),
            ("000100000000000R", Some("2026-02-28T12:00:00Z")),
            ("010000000000000R", Some("2027-01-31T12:00:00Z")),
            ("261301120000000+", None),
            ("260301120000049+", None),
            ("260301120000000", None),
            ("2603011200", None),
            ("tomorrow", None),
        ] {
            assert_eq!(read(written.as_bytes(), &zagreb(), || now), meant.map(at), "{written}");
        }
        assert_eq!(read(b"000000000000000R", &zagreb(), || now), Some(Timestamp::ZERO));
    }

    #[test]
    fn what_is_written_reads_as_it_was_in_every_zone() {
        for zone in [TimeZone::UTC, zagreb(), TimeZone::get("Asia/Kolkata").unwrap()] {
            let mut clocks = Clocks::of(zone);
            for text in [
                "2026-12-31T23:59:59Z",
                "2026-12-31T23:59:59Z",
                "2027-01-01T00:00:00Z",
                "2026-07-01T00:00:00Z",
            ] {
                let octets = clocks.validity_period(at(text)).to_vec();
                assert_eq!(read(&octets, &TimeZone::UTC, || Timestamp::ZERO), Some(at(text)), "{octets:?}");
            }
            assert!(clocks.validity_period(Timestamp::ZERO).is_empty());
        }
        let mut clocks = Clocks::of(zagreb());
        assert_eq!(clocks.validity_period(at("2026-07-01T10:00:00Z")), b"260701120000008+");
    }

    #[test]
    fn receipts_are_dated_in_the_zone_of_their_reader() {
        let mut clocks = Clocks::of(zagreb());
        assert_eq!(clocks.submitted(at("2026-12-31T23:59:59Z")).digits(), *b"270101005959");
        assert_eq!(clocks.submitted(at("2026-12-31T23:59:01Z")).digits(), *b"270101005901");
        assert_eq!(clocks.done(at("2026-07-01T00:00:00Z")).digits(), *b"260701020000");
    }
}
