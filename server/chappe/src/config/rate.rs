//! `rate = { parts_per_second, burst }`.

use chappe_core::Rate;

use super::section::Section;

pub(super) fn read(section: &mut Section<'_>) -> Option<Rate> {
    let mut rate = section.section("rate")?;
    if rate.value("parts_per_second").is_none() {
        rate.missing("parts_per_second");
    }
    let parts_per_second = rate.amount("parts_per_second");
    let burst = rate.amount("burst");
    rate.finish();
    Some(Rate { parts_per_second: parts_per_second?, burst })
}
