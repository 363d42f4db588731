//! Quantities as people write them: `20s`, `500ms`, `20k`.

use std::time::Duration;

use jiff::SignedDuration;
use smpp_wire::InterfaceVersion;

/// `20s`, `500ms`, `1m 30s`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let parsed = text.parse::<SignedDuration>().ok().and_then(|time| Duration::try_from(time).ok());
    parsed.ok_or_else(|| "a time has a unit: 20s, 500ms, 1m".to_owned())
}

/// Milliseconds, of a time with a unit.
pub(crate) fn milliseconds(text: &str) -> Result<u64, String> {
    duration(text).map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

/// `300`, `20k`, `1.5M`.
pub(crate) fn number(text: &str) -> Result<f64, String> {
    let (digits, factor) = match text.chars().last() {
        Some('k') => (&text[..text.len() - 1], 1e3),
        Some('M') => (&text[..text.len() - 1], 1e6),
        _ => (text, 1.0),
    };
    let number =
        digits.replace('_', "").parse::<f64>().ok().filter(|number| *number > 0.0 && number.is_finite());
    number
        .map(|number| number * factor)
        .ok_or_else(|| "a number above 0, such as 300, 20k or 1.5M".to_owned())
}

/// The same, whole.
pub(crate) fn count(text: &str) -> Result<u64, String> {
    let number = number(text)?;
    // Above 2^53 nobody counts messages.
    (number.fract() == 0.0).then_some(number as u64).ok_or_else(|| "a whole number".to_owned())
}

/// `3.3`, `3.4` or `5.0`.
pub(crate) fn version(text: &str) -> Result<InterfaceVersion, String> {
    Ok(match text {
        "3.3" => InterfaceVersion::V3_3,
        "3.4" => InterfaceVersion::V3_4,
        "5.0" => InterfaceVersion::V5_0,
        _ => return Err("a version of SMPP: 3.3, 3.4 or 5.0".to_owned()),
    })
}

/// `0.05` or `5%`.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().map(|percent| percent / 100.0),
        None => text.parse(),
    };
    share
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "a share from 0 to 1, or 0% to 100%".to_owned())
}

/// `0x58` or `88`.
pub(crate) fn status(text: &str) -> Result<u32, String> {
    let parsed = match text.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => text.parse(),
    };
    parsed.map_err(|_| "a command_status, such as 0x58 or 88".to_owned())
}

/// A time in milliseconds: three digits that matter, `0.9 ms` to `1 204 ms`.
pub(crate) fn shown_ms(ms: f64) -> String {
    match ms {
        ms if ms < 9.95 => format!("{ms:.1} ms"),
        ms => format!("{} ms", crate::ui::grouped(ms.round() as u64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_as_people_write_them() {
        assert_eq!(duration("20s"), Ok(Duration::from_secs(20)));
        assert_eq!(milliseconds("1m 30s"), Ok(90_000));
        assert_eq!((milliseconds("500ms"), milliseconds("5").is_err()), (Ok(500), true));
        assert_eq!(
            (number("20k"), number("1.5M"), count("2_000")),
            (Ok(20_000.0), Ok(1_500_000.0), Ok(2_000))
        );
        assert!(number("-1").is_err() && count("0.5").is_err() && number("k").is_err());
        assert_eq!((share("5%"), share("0.25"), share("7").is_err()), (Ok(0.05), Ok(0.25), true));
        assert_eq!((status("0x58"), status("88")), (Ok(0x58), Ok(88)));
    }

    #[test]
    fn times_are_shown_with_a_unit() {
        assert_eq!([0.91, 31.2, 1_204.0].map(shown_ms), ["0.9 ms", "31 ms", "1\u{2009}204 ms"]);
    }
}
