//! How many are bound, and who gives way when there is no room: the takeover of dead binds.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout_at;

use crate::deadline::deadline;

/// Counts binds by whatever they are counted by, for instance an account. Clones count together.
///
/// A peer whose connection broke without a word looks bound until a timer finds it, and would lock itself out when it
/// comes back. So a newcomer that finds no room may have those of its own address asked whether they live:
/// [`take_over`](Self::take_over).
#[derive(Debug)]
pub struct Binds<K>(Arc<Inner<K>>);

#[derive(Debug)]
struct Inner<K> {
    bound: Mutex<HashMap<K, Vec<Arc<Seat>>>>,
    /// Somebody left.
    left: Notify,
}

/// Who sits on a place.
#[derive(Debug)]
struct Seat {
    address: Option<IpAddr>,
    wanted: Notify,
}

impl<K: Clone + Eq + Hash> Binds<K> {
    /// One more bind, if fewer than `max` are open.
    pub fn enter(&self, key: K, max: usize, address: Option<IpAddr>) -> Option<Place<K>> {
        let mut bound = self.0.bound();
        let seats = bound.entry(key.clone()).or_default();
        if seats.len() >= max {
            return None;
        }
        let seat = Arc::new(Seat { address, wanted: Notify::new() });
        seats.push(Arc::clone(&seat));
        Some(Place { inner: Arc::clone(&self.0), key, seat })
    }

    /// The same; where there is no room, those of the same address are asked whether they live, and one of them that is
    /// gone within this time makes room.
    ///
    /// Ask for it once the newcomer has shown its password: the question costs the others something.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives up the wait; those that were asked still have to answer.
    pub async fn take_over(
        &self,
        key: K,
        max: usize,
        address: Option<IpAddr>,
        within: Duration,
    ) -> Option<Place<K>> {
        let until = deadline(within);
        let mut asked = false;
        loop {
            // Whoever leaves between the look and the wait is not missed.
            let left = self.0.left.notified();
            tokio::pin!(left);
            left.as_mut().enable();
            if let Some(place) = self.enter(key.clone(), max, address) {
                return Some(place);
            }
            if !std::mem::replace(&mut asked, true) && self.ask(&key, address) == 0 {
                return None;
            }
            timeout_at(until, left).await.ok()?;
        }
    }

    /// How many are bound.
    pub fn count(&self, key: &K) -> usize {
        self.0.bound().get(key).map_or(0, Vec::len)
    }

    /// Asks those of this address whether they live; how many there are.
    fn ask(&self, key: &K, address: Option<IpAddr>) -> usize {
        let bound = self.0.bound();
        let theirs = bound.get(key).into_iter().flatten().filter(|seat| seat.address == address);
        theirs.inspect(|seat| seat.wanted.notify_one()).count()
    }
}

impl<K> Inner<K> {
    fn bound(&self) -> MutexGuard<'_, HashMap<K, Vec<Arc<Seat>>>> {
        self.bound.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K> Clone for Binds<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K> Default for Binds<K> {
    fn default() -> Self {
        Self(Arc::new(Inner { bound: Mutex::default(), left: Notify::new() }))
    }
}

/// One bind; over when it is dropped.
#[derive(Debug)]
pub struct Place<K: Eq + Hash> {
    inner: Arc<Inner<K>>,
    key: K,
    seat: Arc<Seat>,
}

impl<K: Eq + Hash> Place<K> {
    /// Resolves when somebody wants the place: then ask the peer whether it lives, with
    /// [`Connection::probe`](crate::Connection::probe), and let go of the place if it does not.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped.
    pub async fn wanted(&self) {
        self.seat.wanted.notified().await;
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut bound = self.inner.bound();
        if let Some(seats) = bound.get_mut(&self.key) {
            seats.retain(|seat| !Arc::ptr_eq(seat, &self.seat));
            if seats.is_empty() {
                bound.remove(&self.key);
            }
        }
        drop(bound);
        self.inner.left.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(2);

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn a_key_has_so_many_binds_and_a_place_is_free_when_one_ends() {
        let binds = Binds::default();
        let first = binds.enter("acme", 1, None).unwrap();
        assert!(binds.enter("acme", 1, None).is_none());
        assert!(binds.enter("other", 1, None).is_some());
        drop(first);
        assert!(binds.enter("acme", 1, None).is_some());
        assert_eq!(binds.count(&"acme"), 0);
        assert!(binds.0.bound().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_newcomer_gets_the_place_of_one_that_is_gone() {
        let binds = Binds::default();
        let old = binds.enter("acme", 1, address(1)).unwrap();
        let leaves = tokio::spawn(async move { old.wanted().await });
        assert!(binds.take_over("acme", 1, address(1), PATIENCE).await.is_some());
        leaves.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_lives_keeps_its_place() {
        let binds = Binds::default();
        let _old = binds.enter("acme", 1, address(1)).unwrap();
        let started = Instant::now();
        assert!(binds.take_over("acme", 1, address(1), PATIENCE).await.is_none());
        assert_eq!(started.elapsed(), PATIENCE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_newcomer_may_wait_for_ever() {
        let binds = Binds::default();
        let old = binds.enter("acme", 1, address(1)).unwrap();
        let waits = binds.take_over("acme", 1, address(1), Duration::MAX);
        let leaves = async {
            tokio::time::sleep(PATIENCE).await;
            drop(old);
        };
        assert!(tokio::join!(waits, leaves).0.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn one_of_another_address_is_not_even_asked() {
        let binds = Binds::default();
        let old = binds.enter("acme", 1, address(1)).unwrap();
        let started = Instant::now();
        assert!(binds.take_over("acme", 1, address(2), PATIENCE).await.is_none());
        assert_eq!(started.elapsed(), Duration::ZERO);
        assert!(tokio::time::timeout(PATIENCE, old.wanted()).await.is_err());
    }
}
