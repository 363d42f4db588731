//! What all binds of a carrier share.

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::Instant,
};

use jiff::Timestamp;

use super::{CarrierSettings, CarrierStats, record::Record, stats::Counters, throttle::Throttle};
use crate::{air::Air, handsets::Handsets};

/// What all binds of a carrier share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: CarrierSettings,
    pub(crate) air: Arc<Air>,
    pub(crate) handsets: Option<Arc<Handsets>>,
    pub(crate) record: Option<Record>,
    pub(crate) throttle: Throttle,
    pub(crate) counters: Counters,
    /// Binds so far: each draws its ids and its chance from its number.
    pub(crate) numbers: AtomicU64,
    started: Instant,
    started_at: Timestamp,
}

impl Shared {
    pub(crate) fn new(settings: CarrierSettings) -> std::io::Result<Self> {
        let air = Arc::new(Air::new(settings.waiting_max));
        let handsets =
            settings.handsets.clone().map(|settings| Arc::new(Handsets::new(settings, Arc::clone(&air))));
        Ok(Self {
            handsets,
            record: settings.record.as_deref().map(Record::create).transpose()?,
            throttle: Throttle::new(settings.rate_max),
            counters: Counters::default(),
            numbers: AtomicU64::new(0),
            started: Instant::now(),
            started_at: Timestamp::now(),
            air,
            settings,
        })
    }

    /// Milliseconds since the carrier began: the clock of all that is due later.
    pub(crate) fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    pub(crate) fn instant_of(&self, at_ms: u64) -> Instant {
        self.started + std::time::Duration::from_millis(at_ms)
    }

    /// The time of day at `now_ms`. Steps of the system's clock while the carrier runs are not followed.
    pub(crate) fn time_of(&self, now_ms: u64) -> Timestamp {
        let since = jiff::SignedDuration::from_millis(i64::try_from(now_ms).unwrap_or(i64::MAX));
        self.started_at.saturating_add(since).unwrap_or(self.started_at)
    }

    pub(crate) fn stats(&self) -> CarrierStats {
        self.counters.stats(self.air.waiting(), self.air.dropped())
    }
}
