//! Sizes: a number of octets, or text with a unit.

use std::ops::RangeInclusive;

use super::section::Section;

/// Reads `67108864`, `"64 MiB"` or `"4GiB"` within `range`.
pub(super) fn read(section: &mut Section<'_>, key: &'static str, range: RangeInclusive<u64>) -> Option<u64> {
    let value = section.value(key)?;
    if value.get_ref().as_str().is_none() {
        return section.count(key, range);
    }
    let octets = value.get_ref().as_str().and_then(of_text).filter(|octets| range.contains(octets));
    if octets.is_none() {
        let must = format!("a size from {} to {}", text(*range.start()), text(*range.end()));
        section.wrong(key, value, &must, Some(format!("with its unit: {key} = \"4GiB\"")));
    }
    octets
}

const UNITS: [(&str, u32); 4] = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];

fn of_text(text: &str) -> Option<u64> {
    let (unit, shift) = UNITS.into_iter().find(|(unit, _)| text.ends_with(unit))?;
    let number: u64 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
    number.checked_mul(1 << shift)
}

/// In the largest unit that leaves no rest.
pub(super) fn text(octets: u64) -> String {
    let whole = |(_, shift): &(&str, u32)| octets > 0 && octets.is_multiple_of(1 << shift);
    match UNITS.into_iter().find(whole) {
        Some((unit, shift)) => format!("{} {unit}", octets >> shift),
        None => octets.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_its_unit() {
        for (text, octets) in [
            ("64 MiB", Some(64 << 20)),
            ("4GiB", Some(4 << 30)),
            ("1TiB", Some(1 << 40)),
            ("4GB", None),
            ("-1 GiB", None),
            ("GiB", None),
            ("99999999999 TiB", None),
        ] {
            assert_eq!(of_text(text), octets, "{text}");
        }
        assert_eq!([0, 1 << 20, 3 << 29, 1500].map(super::text), ["0", "1 MiB", "1536 MiB", "1500"]);
    }
}
