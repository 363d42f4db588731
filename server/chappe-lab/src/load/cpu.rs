//! What this process has cost so far.

use std::time::Duration;

/// CPU time of this process, user and system; zero where the system does not tell.
pub(crate) fn used() -> Duration {
    std::fs::read_to_string("/proc/self/stat").ok().and_then(|stat| of_stat(&stat)).unwrap_or_default()
}

/// Fields 14 and 15 of proc(5) stat, in ticks of 10 ms (USER_HZ is 100 on every Linux of today).
fn of_stat(stat: &str) -> Option<Duration> {
    // The second field is the name in brackets and may hold spaces: count from behind it.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace().skip(11);
    let ticks = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_and_brackets_does_not_shift_the_fields() {
        let stat = "42 (a b) c) S 1 42 42 0 -1 4194304 100 0 0 0 123 77 0 0 20 0 3 0 100";
        assert_eq!(of_stat(stat), Some(Duration::from_secs(2)));
        assert_eq!(of_stat("nonsense"), None);
    }
}
