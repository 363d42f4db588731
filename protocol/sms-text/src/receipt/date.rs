//! Dates in receipts: digits without a zone, in the centre's local time.

/// A minute on the calendar, as receipts write it. Its zone is a matter between the peers.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Minute {
    /// Year with its century; the receipt carries the last two digits.
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

fn write_pairs<const N: usize>(digits: &mut [u8], pairs: [u8; N]) {
    for (place, number) in digits.chunks_exact_mut(2).zip(pairs) {
        place[0] = b'0' + number / 10 % 10;
        place[1] = b'0' + number % 10;
    }
}

/// How exact the dates of a receipt are.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Dates {
    /// `YYMMDDhhmm`, as in SMPP 3.4 appendix B.
    #[default]
    Minutes,
    /// `YYMMDDhhmmss`.
    Seconds,
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

impl Stamp {
    /// The twelve digits `YYMMDDhhmmss`. Numbers beyond their range come out as their last two digits.
    #[must_use]
    pub fn digits(self) -> [u8; 12] {
        let mut digits = [0; 12];
        digits[..10].copy_from_slice(&self.minute.digits());
        write_pairs(&mut digits[10..], [self.second]);
        digits
    }

    /// Whether the calendar has it.
    #[must_use]
    pub fn is_valid(self) -> bool {
        let Self { minute: Minute { year, month, day, hour, minute }, second } = self;
        let is_time = hour < 24 && minute < 60 && second < 60;
        is_time && (1..=days_of(year, month)).contains(&day)
    }

    /// Reads 10 digits (`YYMMDDhhmm`), 12 (with seconds, or, if that is no time, with the century) or 14 (both).
    ///
    /// Two-digit years from 38 are of the last century. `None` for everything else, and for a date that is none,
    /// such as ten zeros.
    #[must_use]
    pub fn read(digits: &[u8]) -> Option<Self> {
        let mut pairs = [0; 7];
        let count = digits.len() / 2;
        let (10 | 12 | 14, true) = (digits.len(), digits.iter().all(u8::is_ascii_digit)) else {
            return None;
        };
        for (pair, digits) in pairs.iter_mut().zip(digits.chunks_exact(2)) {
            *pair = (digits[0] - b'0') * 10 + (digits[1] - b'0');
        }
        match (count, pairs) {
            (5, [yy, month, day, hour, minute, ..]) => stamp(century(yy), [month, day, hour, minute, 0]),
            (6, [a, b, c, d, e, f, _]) => {
                stamp(century(a), [b, c, d, e, f]).or_else(|| stamp(full(a, b), [c, d, e, f, 0]))
            }
            (_, [a, b, month, day, hour, minute, second]) => {
                stamp(full(a, b), [month, day, hour, minute, second])
            }
        }
    }
}

fn century(yy: u8) -> u16 {
    u16::from(yy) + if yy >= PIVOT { 1900 } else { 2000 }
}

fn full(hundreds: u8, yy: u8) -> u16 {
    u16::from(hundreds) * 100 + u16::from(yy)
}

fn stamp(year: u16, [month, day, hour, minute, second]: [u8; 5]) -> Option<Stamp> {
    let stamp = Stamp { minute: Minute { year, month, day, hour, minute }, second };
    stamp.is_valid().then_some(stamp)
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

/// Two-digit years from here on are 19xx.
const PIVOT: u8 = 38;
