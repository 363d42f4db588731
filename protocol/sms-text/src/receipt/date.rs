//! Dates in receipts: digits without a zone, in the centre's local time.

use crate::calendar::{Century, Minute, Stamp};
use crate::time::Time;

/// How exact the dates of a receipt are.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Dates {
    /// `YYMMDDhhmm`, as in SMPP 3.4 appendix B.
    #[default]
    Minutes,
    /// `YYMMDDhhmmss`.
    Seconds,
}

/// What twelve digits of a date are, as carriers differ.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum TwelveDigits {
    /// `YYMMDDhhmmss`, or, if that is no time, `YYYYMMDDhhmm`.
    #[default]
    Either,
    /// `YYMMDDhhmmss`.
    Seconds,
    /// `YYYYMMDDhhmm`.
    Century,
}

impl Stamp {
    /// Reads 10 digits (`YYMMDDhhmm`), 12 (with seconds, or, if that is no time, with the century) or 14 (both).
    ///
    /// Two-digit years from 38 are of the last century. `None` for everything else, and for a date that is none,
    /// such as ten zeros.
    #[must_use]
    pub fn read(digits: &[u8]) -> Option<Self> {
        Self::read_as(digits, TwelveDigits::Either, Century::PIVOT_38)
    }

    /// As [`read`](Self::read), of a peer whose twelve digits and two-digit years are known.
    #[must_use]
    pub fn read_as(digits: &[u8], twelve: TwelveDigits, century: Century) -> Option<Self> {
        let (10 | 12 | 14, true) = (digits.len(), digits.iter().all(u8::is_ascii_digit)) else {
            return None;
        };
        let mut pairs = [0; 7];
        for (pair, digits) in pairs.iter_mut().zip(digits.chunks_exact(2)) {
            *pair = (digits[0] - b'0') * 10 + (digits[1] - b'0');
        }
        let short = |yy, rest| stamp(century.year(yy), rest);
        match (digits.len(), pairs) {
            (10, [yy, month, day, hour, minute, ..]) => short(yy, [month, day, hour, minute, 0]),
            (12, [a, b, c, d, e, f, _]) => {
                let seconds = || short(a, [b, c, d, e, f]);
                let century = || stamp(full(a, b), [c, d, e, f, 0]);
                match twelve {
                    TwelveDigits::Either => seconds().or_else(century),
                    TwelveDigits::Seconds => seconds(),
                    TwelveDigits::Century => century(),
                }
            }
            (_, [a, b, rest @ ..]) => stamp(full(a, b), rest),
        }
    }
}

/// A date of a receipt: digits, or the 16 characters of an absolute time with its zone.
pub(super) fn read_date(date: &[u8], twelve: TwelveDigits, century: Century) -> Option<Time> {
    match Stamp::read_as(date, twelve, century) {
        Some(stamp) => Some(Time::Local(stamp)),
        None => Time::read_in(date, century).filter(|time| matches!(time, Time::Absolute { .. })),
    }
}

fn full(hundreds: u8, yy: u8) -> u16 {
    u16::from(hundreds) * 100 + u16::from(yy)
}

fn stamp(year: u16, [month, day, hour, minute, second]: [u8; 5]) -> Option<Stamp> {
    let stamp = Stamp { minute: Minute { year, month, day, hour, minute }, second };
    stamp.is_valid().then_some(stamp)
}
