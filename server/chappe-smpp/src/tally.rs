//! Counts by `command_status`.

use std::hash::Hash;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use smpp_wire::CommandStatus;

use crate::metrics::{AccountLabels, LinkStatusLabels};

/// Labels made of a name of the configuration and the name of a status.
pub(crate) trait ByStatus: Clone + Hash + Eq {
    fn of(whose: &str, status: &'static str) -> Self;
}

impl ByStatus for AccountLabels {
    fn of(whose: &str, status: &'static str) -> Self {
        Self { account: whose.to_owned(), status }
    }
}

impl ByStatus for LinkStatusLabels {
    fn of(whose: &str, status: &'static str) -> Self {
        Self { link: whose.to_owned(), status }
    }
}

/// Counts of one session by status, added to the shared counters once a batch.
#[derive(Debug)]
pub(crate) struct Tally<L> {
    family: Family<L, Counter>,
    /// The account or link.
    whose: String,
    counted: Vec<(CommandStatus, Counter, u64)>,
}

impl<L: ByStatus> Tally<L> {
    /// Counts into `family` what happened to this account or link.
    pub(crate) fn new(family: &Family<L, Counter>, whose: impl Into<String>) -> Self {
        Self { family: family.clone(), whose: whose.into(), counted: Vec::new() }
    }

    /// Counts one.
    #[inline]
    pub(crate) fn add(&mut self, status: CommandStatus) {
        self.add_many(status, 1);
    }

    /// Counts several.
    pub(crate) fn add_many(&mut self, status: CommandStatus, count: u64) {
        match self.counted.iter_mut().find(|(known, ..)| *known == status) {
            Some((_, _, counted)) => *counted += count,
            None => self.first(status, count),
        }
    }

    /// Numbers without a name share one counter, and one place in the list.
    fn first(&mut self, status: CommandStatus, count: u64) {
        let name = match status.name() {
            Some(name) => name,
            None if status == UNNAMED => "other",
            None => return self.add_many(UNNAMED, count),
        };
        let counter = self.family.get_or_create(&L::of(&self.whose, name)).clone();
        self.counted.push((status, counter, count));
    }

    /// Adds what was counted to the shared counters.
    pub(crate) fn flush(&mut self) {
        for (_, counter, count) in &mut self.counted {
            if *count > 0 {
                counter.inc_by(std::mem::take(count));
            }
        }
    }
}

/// Stands for every number that no version names.
const UNNAMED: CommandStatus = CommandStatus(u32::MAX);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_without_a_name_share_a_counter() {
        let family = Family::<AccountLabels, Counter>::default();
        let mut tally = Tally::new(&family, "acme");
        for status in [0, 0, 0x58, 0x412, 0x413, 0x9999] {
            tally.add(CommandStatus(status));
        }
        tally.flush();
        tally.flush();
        let counted = |status| family.get_or_create(&AccountLabels::of("acme", status)).get();
        assert_eq!((counted("ESME_ROK"), counted("ESME_RTHROTTLED"), counted("other")), (2, 1, 3));
    }
}
