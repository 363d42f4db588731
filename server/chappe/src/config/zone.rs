//! `time_zone`: a name of the time zone database, or an offset.

use jiff::tz::{Offset, TimeZone};

use super::section::Section;

pub(super) fn read(section: &mut Section<'_>) -> Option<TimeZone> {
    let at = section.string("time_zone")?;
    let zone = offset(&at.value).or_else(|| TimeZone::get(&at.value).ok());
    if zone.is_none() {
        let hint = "write a name like \"Europe/Zagreb\", an offset like \"+02:00\", or \"UTC\"";
        section.bad(&at, format!("\"{}\" is not a time zone", at.value), Some(hint.into()));
    }
    zone
}

/// `+02:00`, `-0330`.
fn offset(text: &str) -> Option<TimeZone> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits: String = digits.chars().filter(|character| *character != ':').collect();
    if digits.len() != 4 || !digits.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    let (hours, minutes) = (number / 100, number % 100);
    let in_range = hours < 24 && minutes < 60;
    let offset = Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()?;
    in_range.then(|| TimeZone::fixed(offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_has_a_sign_hours_and_minutes() {
        for (text, seconds) in [
            ("+02:00", Some(7_200)),
            ("-0330", Some(-12_600)),
            ("+00:00", Some(0)),
            ("02:00", None),
            ("+2", None),
            ("+02:60", None),
            ("+é", None),
        ] {
            let fixed = seconds.map(|seconds| TimeZone::fixed(Offset::from_seconds(seconds).unwrap()));
            assert_eq!(offset(text), fixed, "{text}");
        }
    }
}
