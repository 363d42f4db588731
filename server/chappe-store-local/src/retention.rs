//! Which old segments may go, and which must give up the texts of live messages first.

use std::sync::Arc;
use std::time::Duration;

use chappe_core::Timestamp;

use crate::journal::{Catalog, Filler};
use crate::settings::Settings;

/// Lets whole segments go, the oldest first.
#[derive(Debug)]
pub(crate) struct Retention {
    catalog: Arc<Catalog>,
    filler: Filler,
    history: Duration,
    /// 0: any number.
    octets_max: u64,
}

/// Segments that will be this old before the next look are given up a little earlier.
const DAY: Duration = Duration::from_secs(86_400);

impl Retention {
    pub(crate) fn new(catalog: Arc<Catalog>, filler: Filler, settings: &Settings) -> Self {
        Self { catalog, filler, history: settings.history, octets_max: settings.history_octets }
    }

    /// The segment in which recovery begins, as the last durable header says.
    pub(crate) fn recovers_from(&self) -> u64 {
        self.catalog.last().map_or(0, |header| header.recover_from.0)
    }

    /// Lets go what is too old or too much, if it stands before segment `needed`.
    pub(crate) fn cut(&self, needed: u64, now: Timestamp) {
        let mut octets = self.catalog.octets();
        let mut gone = Vec::new();
        while let Some(old) = self.catalog.retire_first(|header, end, next_began| {
            let goes = header.number < needed && self.is_due(octets, next_began, now);
            octets -= if goes { end } else { 0 };
            goes
        }) {
            gone.push(old);
        }
        if let (Some(first), Some(last)) = (gone.first(), gone.last()) {
            tracing::debug!(first = first.number, last = last.number, "old segments of the journal go");
            self.filler.retire(gone.into_iter());
        }
    }

    /// The first segment that will stay, if so many octets are written before the next look.
    pub(crate) fn first_kept(&self, coming: u64, now: Timestamp) -> u64 {
        let segments = self.catalog.all();
        let mut octets = segments.iter().map(|(_, end)| end).sum::<u64>().saturating_add(coming);
        let early = DAY.min(self.history / 8);
        let soon = Timestamp(now.0.saturating_add(u64::try_from(early.as_micros()).unwrap_or(u64::MAX)));
        for (at, (header, end)) in segments.iter().enumerate() {
            let next = segments[at + 1..].iter().map(|(header, _)| header.began).find(|began| *began > 0);
            if !next.is_some_and(|next| self.is_due(octets, next, soon)) {
                return header.number;
            }
            octets = octets.saturating_sub(*end);
        }
        0
    }

    /// Whether a segment should go whose last record is older than `ended`, while all take so many octets.
    fn is_due(&self, octets: u64, ended: u64, now: Timestamp) -> bool {
        let is_old = now.since(Timestamp(ended)) > self.history;
        is_old || (self.octets_max > 0 && octets > self.octets_max)
    }
}
