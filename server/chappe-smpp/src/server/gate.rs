//! How many may stand at the door: connected and not bound.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prometheus_client::metrics::gauge::Gauge;

/// Counts connections that are not bound, in all and by address.
#[derive(Clone, Debug)]
pub(super) struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    max: usize,
    per_address_max: usize,
    gauge: Gauge,
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

impl Gate {
    pub(super) fn new(max: usize, per_address_max: usize, gauge: Gauge) -> Self {
        Self(Arc::new(Inner { max, per_address_max, gauge, waiting: Mutex::default() }))
    }

    /// Lets one more wait, if there is room.
    pub(super) fn enter(&self, address: IpAddr) -> Option<Pass> {
        let mut waiting = self.0.waiting();
        let here = waiting.by_address.get(&address).copied().unwrap_or(0);
        if waiting.all >= self.0.max || here >= self.0.per_address_max {
            return None;
        }
        waiting.all += 1;
        waiting.by_address.insert(address, here + 1);
        self.0.gauge.inc();
        Some(Pass { gate: self.clone(), address })
    }
}

impl Inner {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place at the door; free again when it is dropped.
#[derive(Debug)]
pub(super) struct Pass {
    gate: Gate,
    address: IpAddr,
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut waiting = self.gate.0.waiting();
        waiting.all -= 1;
        self.gate.0.gauge.dec();
        if let Some(here) = waiting.by_address.get_mut(&self.address) {
            *here -= 1;
            if *here == 0 {
                waiting.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_may_wait_in_all_and_of_one_address() {
        let gate = Gate::new(3, 2, Gauge::default());
        let [one, other] = ["10.0.0.1", "10.0.0.2"].map(|address| address.parse().unwrap());
        let first = gate.enter(one).unwrap();
        let _second = gate.enter(one).unwrap();
        assert!(gate.enter(one).is_none());
        let _third = gate.enter(other).unwrap();
        assert!(gate.enter(other).is_none());
        drop(first);
        assert!(gate.enter(one).is_some());
    }
}
