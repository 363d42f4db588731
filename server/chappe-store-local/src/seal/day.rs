//! Days, in UTC.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chappe_core::Timestamp;
use jiff::civil::Date;

/// A day in UTC, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Day(pub u32);

const SECONDS: u64 = 24 * 60 * 60;
const FIRST: Date = Date::constant(1970, 1, 1);

impl Day {
    /// The day that this moment is in.
    pub fn of(time: Timestamp) -> Self {
        Self(u32::try_from(time.as_secs() / SECONDS).unwrap_or(u32::MAX))
    }

    /// Its first moment.
    pub fn begins(self) -> Timestamp {
        Timestamp::ZERO + Duration::from_secs(u64::from(self.0) * SECONDS)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = FIRST.checked_add(jiff::Span::new().try_days(self.0).unwrap_or_default());
        write!(f, "{}", date.unwrap_or(Date::MAX))
    }
}

/// The text is not a day.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a day is written 2026-11-25, and is not before 1970")]
pub struct NotADay;

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let date: Date = text.parse().map_err(|_| NotADay)?;
        let days = (date - FIRST).get_days();
        u32::try_from(days).map(Self).map_err(|_| NotADay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_and_ends_at_midnight_utc() {
        let day: Day = "2026-11-25".parse().unwrap();
        assert_eq!(day.to_string(), "2026-11-25");
        let begins = day.begins();
        assert_eq!(Day::of(begins), day);
        assert_eq!(Day::of(Timestamp(begins.0 - 1)).0, day.0 - 1);
        assert_eq!(Day::of(begins + Duration::from_secs(SECONDS - 1)), day);
        assert_eq!(Day::of(begins + Duration::from_secs(SECONDS)).to_string(), "2026-11-26");
    }

    #[test]
    fn what_is_not_a_day_is_said() {
        for text in ["", "yesterday", "2026-13-01", "1969-12-31", "2026-11-25T00:00Z!"] {
            assert_eq!(text.parse::<Day>(), Err(NotADay), "{text}");
        }
        assert_eq!("1970-01-01".parse(), Ok(Day(0)));
    }
}
