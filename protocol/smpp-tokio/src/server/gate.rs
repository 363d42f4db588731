//! How many may stand at the door: connected and not bound.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counts connections that are not bound, in all and by address. Clones count together.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    max: usize,
    per_address_max: usize,
    standing: Mutex<Standing>,
}

#[derive(Debug, Default)]
struct Standing {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

impl Gate {
    /// A gate with room for so many, and for so many of one address.
    pub fn new(max: usize, per_address_max: usize) -> Self {
        Self(Arc::new(Inner { max, per_address_max, standing: Mutex::default() }))
    }

    /// Lets one more stand there, if there is room. Without an address (a proxy that has yet to say for whom it speaks,
    /// a Unix socket) it counts in all only.
    pub fn enter(&self, address: Option<IpAddr>) -> Option<Pass> {
        let mut standing = self.0.standing();
        if standing.all >= self.0.max || !standing.name(address, self.0.per_address_max) {
            return None;
        }
        standing.all += 1;
        Some(Pass { gate: self.clone(), address })
    }

    /// How many stand there.
    pub fn standing(&self) -> usize {
        self.0.standing().all
    }
}

impl Inner {
    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Standing {
    /// Counts one more of an address; whether there is room for it.
    fn name(&mut self, address: Option<IpAddr>, max: usize) -> bool {
        let Some(address) = address.map(site) else { return true };
        let here = self.by_address.entry(address).or_default();
        let room = *here < max;
        *here += usize::from(room);
        room
    }

    fn forget(&mut self, address: Option<IpAddr>) {
        let Some(address) = address.map(site) else { return };
        if let Some(here) = self.by_address.get_mut(&address) {
            *here -= 1;
            if *here == 0 {
                self.by_address.remove(&address);
            }
        }
    }
}

/// What counts as one address: of IPv6 the /64 that a single host has to itself (RFC 6177 §2), or it would be many.
fn site(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        IpAddr::V4(_) => address,
    }
}

/// A place at the gate; free again when it is dropped.
#[derive(Debug)]
pub struct Pass {
    gate: Gate,
    address: Option<IpAddr>,
}

impl Pass {
    /// The same place for the address that a proxy speaks for, if there is room for that one.
    pub fn of(mut self, address: Option<IpAddr>) -> Option<Self> {
        if address != self.address {
            let mut standing = self.gate.0.standing();
            if !standing.name(address, self.gate.0.per_address_max) {
                drop(standing);
                return None;
            }
            standing.forget(self.address);
            drop(standing);
            self.address = address;
        }
        Some(self)
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut standing = self.gate.0.standing();
        standing.all -= 1;
        standing.forget(self.address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_may_stand_in_all_and_of_one_address() {
        let gate = Gate::new(3, 2);
        let [one, other] = ["10.0.0.1", "10.0.0.2"].map(|address| address.parse().ok());
        let first = gate.enter(one).unwrap();
        let _second = gate.enter(one).unwrap();
        assert!(gate.enter(one).is_none());
        let _third = gate.enter(other).unwrap();
        assert!(gate.enter(other).is_none());
        assert!(gate.enter(None).is_none());
        drop(first);
        assert!(gate.enter(one).is_some());
        assert_eq!(gate.standing(), 2);
    }

    #[test]
    fn a_host_of_ipv6_is_one_address_whichever_of_its_own_it_takes() {
        let gate = Gate::new(10, 2);
        let address = |text: &str| text.parse().ok();
        let _first = gate.enter(address("2001:db8::1")).unwrap();
        let second = gate.enter(address("2001:db8::2:3")).unwrap();
        assert!(gate.enter(address("2001:db8::4")).is_none());
        assert!(gate.enter(address("2001:db8:0:1::1")).is_some());
        drop(second);
        assert!(gate.enter(address("2001:db8::4")).is_some());
    }

    #[test]
    fn who_comes_through_a_proxy_counts_for_whom_it_speaks_for() {
        let gate = Gate::new(10, 1);
        let client = "203.0.113.7".parse().ok();
        let first = gate.enter(None).and_then(|pass| pass.of(client));
        assert!(first.is_some());
        assert!(gate.enter(None).and_then(|pass| pass.of(client)).is_none());
        assert_eq!(gate.standing(), 1);
        drop(first);
        assert_eq!(gate.standing(), 0);
        assert!(gate.0.standing().by_address.is_empty());
    }
}
