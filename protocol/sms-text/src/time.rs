//! Points in time as PDUs write them (SMPP 5.0 §4.7.23.4): `schedule_delivery_time`, `validity_period`.
//!
//! ```text
//! YYMMDDhhmmsstnnp    16 octets; p is + or - with nn quarter hours from UTC, or R for a span from now
//! YYMMDDhhmmss        12 octets, in the receiver's own zone, as 3.3 had it and peers still send
//! ```

use crate::receipt::{Minute, Stamp};

/// What a time field says. Its meaning as a point in time needs a zone or a now, which are the caller's.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Time {
    /// A date with its zone.
    Absolute {
        /// The date and time of day there.
        stamp: Stamp,
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

impl Time {
    /// Reads a field without its NUL; `None` for every other length, for a date that is none, and for what is no digit
    /// where one must be. Tenths of a second are read and dropped, and so are quarter hours beside a span.
    #[must_use]
    pub fn read(octets: &[u8]) -> Option<Self> {
        let (digits, mark) = match octets {
            [digits @ .., mark @ (b'+' | b'-' | b'R')] if digits.len() == 15 => (digits, Some(*mark)),
            digits if digits.len() == 12 => (digits, None),
            _ => return None,
        };
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let pair = |at: usize| (digits[at] - b'0') * 10 + (digits[at + 1] - b'0');
        let [years, months, days, hours, minutes, seconds] = [0, 2, 4, 6, 8, 10].map(pair);
        if mark == Some(b'R') {
            return Some(Self::Relative(Span { years, months, days, hours, minutes, seconds }));
        }
        let minute =
            Minute { year: 2000 + u16::from(years), month: months, day: days, hour: hours, minute: minutes };
        let stamp = Stamp { minute, second: seconds };
        if !stamp.is_valid() {
            return None;
        }
        let Some(mark) = mark else { return Some(Self::Local(stamp)) };
        let quarters = i8::try_from(pair(13)).ok().filter(|quarters| *quarters <= QUARTERS_MAX)?;
        Some(Self::Absolute { stamp, quarters: if mark == b'-' { -quarters } else { quarters } })
    }
}

impl Span {
    /// Whether it is no time at all.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Self::default()
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

/// Half a day.
const QUARTERS_MAX: i8 = 48;
