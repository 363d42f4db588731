//! `retry`, `retry_waits` and `throttle_waits` of a link: what its negative answers mean.

use std::ops::RangeInclusive;
use std::time::Duration;

use chappe_core::retry::{NotARule, RetryTable, Rule};
use smpp_wire::CommandStatus;

use super::section::Section;
use super::source::At;

/// Waits between tries that one list may have.
const WAITS_MAX: usize = 32;

pub(super) fn read(section: &mut Section<'_>) -> RetryTable {
    let mut table = RetryTable::default();
    let mut seen: Vec<RangeInclusive<u32>> = Vec::new();
    for (key, value) in section.pairs("retry").unwrap_or_default() {
        let Some(statuses) = statuses(section, &key) else { continue };
        if let Some(other) = seen.iter().find(|other| crosses(other, &statuses)) {
            let hint = "let one lie within the other, which then counts, or cut them apart";
            let what = format!("\"{}\" and \"{}\" overlap", key.value, written(other));
            section.bad(&key, what, Some(hint.into()));
            continue;
        }
        seen.push(statuses.clone());
        match value.value.parse::<Rule>() {
            Ok(rule) => table = table.with(statuses, rule),
            Err(NotARule) => {
                section.bad(&value, format!("\"{}\" is not a rule", value.value), Some(NotARule.to_string()));
            }
        }
    }
    waits(section, &mut table);
    table
}

fn waits(section: &mut Section<'_>, table: &mut RetryTable) {
    if let Some((at, steps)) = section.durations("retry_waits") {
        if (1..=WAITS_MAX).contains(&steps.len()) {
            table.waits = table.waits.clone().with_steps(steps);
        } else {
            let what = format!("`retry_waits` has {} waits; it has from 1 to {WAITS_MAX}", steps.len());
            section.bad(
                &at,
                what,
                Some("write retry_waits = [\"1s\", \"5s\", \"1m\"]; the last one repeats".into()),
            );
        }
    }
    if let Some((at, bounds)) = section.durations("throttle_waits") {
        match bounds[..] {
            [min, max] if min <= max => (table.waits.throttle_min, table.waits.throttle_max) = (min, max),
            _ => section.bad(
                &at,
                "`throttle_waits` is the shortest and the longest rest of a throttled message",
                Some("write throttle_waits = [\"1s\", \"1m\"]".into()),
            ),
        }
    }
}

/// Whether two ranges are the same or overlap without one lying within the other.
fn crosses(a: &RangeInclusive<u32>, b: &RangeInclusive<u32>) -> bool {
    let apart = a.end() < b.start() || b.end() < a.start();
    let within = |inner: &RangeInclusive<u32>, outer: &RangeInclusive<u32>| {
        outer.start() <= inner.start() && inner.end() <= outer.end()
    };
    !apart && (a == b || !(within(a, b) || within(b, a)))
}

/// `0x45`, `0x400-0x4FF`, or `ESME_RSUBMITFAIL`.
fn statuses(section: &Section<'_>, key: &At<String>) -> Option<RangeInclusive<u32>> {
    let text = key.value.as_str();
    let range = match text.split_once('-') {
        Some((first, last)) => number(first).zip(number(last)).map(|(first, last)| first..=last),
        None => number(text).or_else(|| named(text)).map(|status| status..=status),
    };
    // 0 is no failure.
    let range = range.filter(|range| *range.start() > 0 && range.start() <= range.end());
    if range.is_none() {
        let hint = "write \"0x45\", \"0x400-0x4FF\" or \"ESME_RSUBMITFAIL\"";
        section.bad(key, format!("\"{text}\" is not a command_status that says no"), Some(hint.into()));
    }
    range
}

fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    u32::from_str_radix(digits, 16).ok()
}

fn named(text: &str) -> Option<u32> {
    // Every name of the specification stands for a number below 0x200.
    (1..0x200).find(|status| CommandStatus(*status).name() == Some(text))
}

fn written(range: &RangeInclusive<u32>) -> String {
    if range.start() == range.end() {
        format!("{:#x}", range.start())
    } else {
        format!("{:#x}-{:#x}", range.start(), range.end())
    }
}

/// Whether a message that keeps failing is tried more often than every second.
pub(super) fn is_hasty(table: &RetryTable) -> bool {
    let shortest = table.waits.steps().iter().min().copied().unwrap_or_default();
    shortest.min(table.waits.throttle_min) < Duration::from_secs(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_may_lie_within_each_other_and_not_cross() {
        for (a, b, crossing) in [
            (1..=5, 6..=9, false),
            (1..=9, 3..=4, false),
            (3..=4, 1..=9, false),
            (1..=9, 1..=4, false),
            (1..=5, 5..=9, true),
            (1..=5, 3..=9, true),
            (1..=5, 1..=5, true),
        ] {
            assert_eq!(crosses(&a, &b), crossing, "{a:?} {b:?}");
        }
    }

    #[test]
    fn a_status_has_a_name_or_a_number() {
        assert_eq!((number("0x45"), number("69"), number("0xZZ")), (Some(0x45), None, None));
        assert_eq!((named("ESME_RSUBMITFAIL"), named("ESME_RNOTHING")), (Some(0x45), None));
    }
}
