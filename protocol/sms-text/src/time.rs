//! Points in time as PDUs write them (SMPP 5.0 §4.7.23.4): `schedule_delivery_time`, `validity_period`, `final_date`,
//! `broadcast_end_time`.
//!
//! ```text
//! YYMMDDhhmmsstnnp    16 octets; p is + or - with nn quarter hours from UTC, or R for a span from now
//! YYMMDDhhmmss        12 octets, in the receiver's own zone, as 3.3 had it and peers still send
//! ```
//!
//! An empty field is no time, which is the caller's to see: at once, or the centre's default.

use crate::calendar::{Century, Minute, Stamp};
use core::fmt;

/// What a time field says. Its meaning as a point in time needs a zone or a now, which are the caller's.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Time {
    /// A date with its zone.
    Absolute {
        /// The date and time of day there.
        stamp: Stamp,
        /// Tenths of a second, 0 to 9.
        tenths: u8,
        /// Quarter hours that the zone is ahead of UTC, -48 to 48.
        quarters: i8,
    },
    /// A date without a zone.
    Local(Stamp),
    /// A span from now.
    Relative(Span),
}

/// A span of time in the units it was written in.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Span {
    /// 0 to 99, as all of these.
    pub years: u8,
    /// Months of the calendar.
    pub months: u8,
    /// Days.
    pub days: u8,
    /// Hours.
    pub hours: u8,
    /// Minutes.
    pub minutes: u8,
    /// Seconds.
    pub seconds: u8,
}

/// Why a field is no time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BadTime {
    /// It has `octets` instead of 16.
    Length {
        /// Octets it has.
        octets: usize,
    },
    /// Something else than a digit at `at`, or than `+`, `-` or `R` at 15.
    Character {
        /// Where, counted from 0.
        at: usize,
    },
    /// More than 48 quarter hours from UTC.
    Offset {
        /// Quarter hours it says.
        quarters: u8,
    },
    /// A date or a time of day that the calendar does not have.
    Date,
}

impl fmt::Display for BadTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { octets } => write!(f, "the time has {octets} octets instead of 16"),
            Self::Character { at } => write!(f, "octet {at} of the time is none that may stand there"),
            Self::Offset { quarters } => {
                write!(f, "the time is {quarters} quarter hours from UTC, 48 is the most")
            }
            Self::Date => f.write_str("the time is none that the calendar has"),
        }
    }
}

impl core::error::Error for BadTime {}

impl Time {
    /// Reads a field without its NUL, as generously as it goes: 16 octets, or 12 without a zone. `None` for everything
    /// else. Tenths of a second and quarter hours beside a span are read and dropped.
    ///
    /// Two-digit years are those of [`Century::PIVOT_38`].
    #[must_use]
    pub fn read(octets: &[u8]) -> Option<Self> {
        Self::read_in(octets, Century::PIVOT_38)
    }

    /// As [`read`](Self::read), with years of `century`.
    #[must_use]
    pub fn read_in(octets: &[u8], century: Century) -> Option<Self> {
        if octets.len() != 12 {
            return Self::read_strict(octets, century).ok();
        }
        octets.iter().all(u8::is_ascii_digit).then(|| stamp(octets, century))?.map(Self::Local)
    }

    /// Reads a field without its NUL in the one form that the specification has: 16 octets.
    ///
    /// # Errors
    ///
    /// [`BadTime`]: why it is none; an empty field included.
    pub fn read_strict(octets: &[u8], century: Century) -> Result<Self, BadTime> {
        let (digits, mark) = match octets {
            [digits @ .., mark] if digits.len() == 15 => (digits, *mark),
            _ => return Err(BadTime::Length { octets: octets.len() }),
        };
        if let Some(at) = digits.iter().position(|digit| !digit.is_ascii_digit()) {
            return Err(BadTime::Character { at });
        }
        let is_behind = match mark {
            b'R' => return Ok(Self::Relative(span(digits))),
            b'+' => false,
            b'-' => true,
            _ => return Err(BadTime::Character { at: 15 }),
        };
        let quarters = pair(digits, 13);
        let ahead = i8::try_from(quarters).ok().filter(|quarters| *quarters <= QUARTERS_MAX);
        let ahead = ahead.ok_or(BadTime::Offset { quarters })?;
        Ok(Self::Absolute {
            stamp: stamp(digits, century).ok_or(BadTime::Date)?,
            tenths: digits[12] - b'0',
            quarters: if is_behind { -ahead } else { ahead },
        })
    }

    /// The point in time in UTC, without its tenths; `None` for one that is not absolute.
    #[must_use]
    pub fn utc(self) -> Option<Stamp> {
        match self {
            Self::Absolute { stamp, quarters, .. } => {
                stamp.plus_seconds(-QUARTER_SECONDS * i64::from(quarters))
            }
            Self::Local(_) | Self::Relative(_) => None,
        }
    }
}

impl Span {
    /// The longest that days and smaller units say.
    pub const DAYS_MAX: Self = Self { years: 0, months: 0, days: 99, hours: 23, minutes: 59, seconds: 59 };

    /// A span in days and smaller units, which every centre reads alike; `None` from 100 days on.
    #[must_use]
    pub fn of_seconds(seconds: u64) -> Option<Self> {
        let days = u8::try_from(seconds / 86_400).ok().filter(|days| *days < 100)?;
        // Below 60, or 24 for the hours.
        let [hours, minutes, seconds] =
            [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map(|part| part as u8);
        Some(Self { years: 0, months: 0, days, hours, minutes, seconds })
    }

    /// Whether it is no time at all.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Self::default()
    }

    /// The 16 octets of this span. Numbers beyond 99 come out as their last two digits.
    #[must_use]
    pub fn octets(self) -> [u8; 16] {
        let Self { years, months, days, hours, minutes, seconds } = self;
        let mut octets = *b"YYMMDDhhmmss000R";
        for (place, number) in octets.chunks_exact_mut(2).zip([years, months, days, hours, minutes, seconds])
        {
            place.copy_from_slice(&[b'0' + number / 10 % 10, b'0' + number % 10]);
        }
        octets
    }

    /// When it ends, counted from `start` by the calendar: years and months first, with the day no later than the last
    /// of its month; then the rest. `None` beyond the year 65535.
    #[must_use]
    pub fn after(self, start: Stamp) -> Option<Stamp> {
        let months = u32::from(self.years) * 12 + u32::from(self.months);
        start.plus_months(months)?.plus_seconds(self.seconds_of_rest())
    }

    /// How many seconds it is where a year has 365 days and a month 30, as some stacks count. Up to 28 days, written as
    /// days or smaller, both ways agree.
    #[must_use]
    pub fn fixed_seconds(self) -> i64 {
        (i64::from(self.years) * 365 + i64::from(self.months) * 30) * 86_400 + self.seconds_of_rest()
    }

    fn seconds_of_rest(self) -> i64 {
        let hours = i64::from(self.days) * 24 + i64::from(self.hours);
        (hours * 60 + i64::from(self.minutes)) * 60 + i64::from(self.seconds)
    }
}

impl Stamp {
    /// The 16 octets of this stamp as an absolute time, in a zone that is so many quarter hours ahead of UTC. Numbers
    /// beyond their range come out as their last two digits.
    #[must_use]
    pub fn absolute(self, quarters: i8) -> [u8; 16] {
        let mut octets = *b"YYMMDDhhmmss000+";
        octets[..12].copy_from_slice(&self.digits());
        let ahead = quarters.unsigned_abs();
        octets[13] = b'0' + ahead / 10 % 10;
        octets[14] = b'0' + ahead % 10;
        if quarters < 0 {
            octets[15] = b'-';
        }
        octets
    }
}

/// Twelve digits or more, of which the first twelve are a date.
fn stamp(digits: &[u8], century: Century) -> Option<Stamp> {
    let [year, month, day, hour, minute, second] = [0, 2, 4, 6, 8, 10].map(|at| pair(digits, at));
    let minute = Minute { year: century.year(year), month, day, hour, minute };
    let stamp = Stamp { minute, second };
    stamp.is_valid().then_some(stamp)
}

fn span(digits: &[u8]) -> Span {
    let [years, months, days, hours, minutes, seconds] = [0, 2, 4, 6, 8, 10].map(|at| pair(digits, at));
    Span { years, months, days, hours, minutes, seconds }
}

fn pair(digits: &[u8], at: usize) -> u8 {
    (digits[at] - b'0') * 10 + (digits[at + 1] - b'0')
}

/// Half a day.
const QUARTERS_MAX: i8 = 48;
const QUARTER_SECONDS: i64 = 900;
