//! Points in time as the digits of a PDU or a receipt write them: a date and a time of day, without a zone.

use core::fmt;

/// A minute on the calendar. Its zone is a matter between the peers.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Minute {
    /// Year with its century; digits carry the last two.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
}

impl Minute {
    /// The ten digits `YYMMDDhhmm`. Numbers beyond their range come out as their last two digits.
    #[must_use]
    pub fn digits(self) -> [u8; 10] {
        let Self { year, month, day, hour, minute } = self;
        let mut digits = [0; 10];
        // Below 100, so the narrowing keeps the value.
        write_pairs(&mut digits, [(year % 100) as u8, month, day, hour, minute]);
        digits
    }
}

/// A second on the calendar.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Stamp {
    /// Date, hour and minute.
    pub minute: Minute,
    /// Second, 0 to 59; 0 where what it was read from has none.
    pub second: u8,
}

impl From<Minute> for Stamp {
    /// The beginning of the minute.
    fn from(minute: Minute) -> Self {
        Self { minute, second: 0 }
    }
}

impl fmt::Display for Stamp {
    /// As RFC 3339 has it, without a zone: `2026-03-01T12:30:59`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { minute: Minute { year, month, day, hour, minute }, second } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

impl Stamp {
    /// The twelve digits `YYMMDDhhmmss`. Numbers beyond their range come out as their last two digits.
    #[must_use]
    pub fn digits(self) -> [u8; 12] {
        let mut digits = [0; 12];
        digits[..10].copy_from_slice(&self.minute.digits());
        write_pairs(&mut digits[10..], [self.second]);
        digits
    }

    /// Whether the calendar has it: no 31 April, no second 60.
    #[must_use]
    pub fn is_valid(self) -> bool {
        let Self { minute: Minute { year, month, day, hour, minute }, second } = self;
        let is_time = hour < 24 && minute < 60 && second < 60;
        is_time && (1..=days_of(year, month)).contains(&day)
    }

    /// This stamp so many seconds later, or earlier where negative; `None` beyond the years 0 to 65535, and for a stamp
    /// that is not valid.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Option<Self> {
        if !self.is_valid() {
            return None;
        }
        let Self { minute: Minute { year, month, day, hour, minute }, second } = self;
        let of_day = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
        let total = days_before(i64::from(year), i64::from(month), i64::from(day))
            .checked_mul(DAY_SECONDS)?
            .checked_add(of_day)?
            .checked_add(seconds)?;
        let (days, of_day) = (total.div_euclid(DAY_SECONDS), total.rem_euclid(DAY_SECONDS));
        let (year, month, day) = date_after(days)?;
        // Below 60, or 24 for the hours.
        let [hour, minute, second] = [of_day / 3600, of_day / 60 % 60, of_day % 60].map(|part| part as u8);
        Some(Self { minute: Minute { year, month, day, hour, minute }, second })
    }

    /// The same day and time so many months later, or the last day of that month where it has no such day; `None` beyond
    /// the year 65535, and for a stamp that is not valid.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Option<Self> {
        if !self.is_valid() {
            return None;
        }
        let Minute { year, month, day, .. } = self.minute;
        let month_count = (u32::from(year) * 12 + u32::from(month) - 1).checked_add(months)?;
        let year = u16::try_from(month_count / 12).ok()?;
        // Below 12.
        let month = (month_count % 12) as u8 + 1;
        let day = day.min(days_of(year, month));
        Some(Self { minute: Minute { year, month, day, ..self.minute }, ..self })
    }
}

/// Which hundred years two digits of a year stand for.
///
/// No specification says. A receiver of live traffic does best with [`around`](Self::around) its own year.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Century {
    /// The first of the hundred years.
    pub first_year: u16,
}

impl Century {
    /// 1938 to 2037, as cloudhopper and others have it.
    pub const PIVOT_38: Self = Self { first_year: 1938 };
    /// 2000 to 2099.
    pub const TWENTY: Self = Self { first_year: 2000 };

    /// From 50 years before `year` to 49 after it.
    #[must_use]
    pub fn around(year: u16) -> Self {
        Self { first_year: year.saturating_sub(50) }
    }

    /// The year that two digits stand for.
    #[must_use]
    pub fn year(self, two_digits: u8) -> u16 {
        let first = self.first_year % 100;
        let since = (u16::from(two_digits % 100) + 100 - first) % 100;
        self.first_year.saturating_add(since)
    }
}

impl Default for Century {
    /// [`PIVOT_38`](Self::PIVOT_38).
    fn default() -> Self {
        Self::PIVOT_38
    }
}

fn write_pairs<const N: usize>(digits: &mut [u8], pairs: [u8; N]) {
    for (place, number) in digits.chunks_exact_mut(2).zip(pairs) {
        place[0] = b'0' + number / 10 % 10;
        place[1] = b'0' + number % 10;
    }
}

fn days_of(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// Days from 1 March of the year 0 to a date. Years begin in March here, so that a leap day is the last of its year.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let march_year = if month < 3 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let leap_days = march_year.div_euclid(4) - march_year.div_euclid(100) + march_year.div_euclid(400);
    // The lengths of the months from March on repeat every five: 153 days.
    march_year * 365 + leap_days + (153 * month_from_march + 2) / 5 + day - 1
}

/// The date so many days after 1 March of the year 0; `None` beyond the years 0 to 65535.
fn date_after(days: i64) -> Option<(u16, u8, u8)> {
    let (era, day_of_era) = (days.div_euclid(DAYS_400_YEARS), days.rem_euclid(DAYS_400_YEARS));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (year_of_era * 365 + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    // Below 32 and 13.
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u8;
    let month = ((month_from_march + 2) % 12 + 1) as u8;
    let year = era * 400 + year_of_era + i64::from(month < 3);
    Some((u16::try_from(year).ok()?, month, day))
}

const DAY_SECONDS: i64 = 86_400;
const DAYS_400_YEARS: i64 = 146_097;
