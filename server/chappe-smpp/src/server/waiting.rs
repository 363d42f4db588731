//! A connection at the door: counted while it is not bound.

use std::net::IpAddr;

use prometheus_client::metrics::gauge::Gauge;
use smpp_tokio::{Gate, Pass};

/// A place at the door; free again when it is dropped.
#[derive(Debug)]
pub(super) struct Waiting {
    pass: Pass,
    counted: Counted,
}

#[derive(Debug)]
struct Counted(Gauge);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Waiting {
    /// One more, if there is room; without an address it counts in all only.
    pub(super) fn at(gate: &Gate, address: Option<IpAddr>, gauge: &Gauge) -> Option<Self> {
        let pass = gate.enter(address)?;
        gauge.inc();
        Some(Self { pass, counted: Counted(gauge.clone()) })
    }

    /// The same place for the address that a proxy speaks for, if there is room for that one.
    pub(super) fn of(self, address: Option<IpAddr>) -> Option<Self> {
        let Self { pass, counted } = self;
        Some(Self { pass: pass.of(address)?, counted })
    }
}
