//! Passwords that fitted a short while ago.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a password that fitted is not hashed again: links that reconnect in a storm burn no processor.
const LIFETIME: Duration = Duration::from_secs(600);

/// Remembers (hash, password) pairs that fitted, as a tag of 128 bits under keys that never leave the process.
#[derive(Debug, Default)]
pub(super) struct Known {
    keys: [RandomState; 2],
    tags: Mutex<HashMap<Tag, Instant>>,
}

type Tag = [u64; 2];

impl Known {
    /// Whether this password fitted this hash within the last minutes.
    pub(super) fn contains(&self, hash: &str, password: &[u8], now: Instant) -> bool {
        let tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        tags.get(&self.tag(hash, password)).is_some_and(|until| now < *until)
    }

    /// Remembers a pair; those that are too old are forgotten, so there is at most one a successful bind of the last
    /// minutes.
    pub(super) fn insert(&self, hash: &str, password: &[u8], now: Instant) {
        let tag = self.tag(hash, password);
        let mut tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        tags.retain(|_, until| now < *until);
        tags.insert(tag, now + LIFETIME);
    }

    fn tag(&self, hash: &str, password: &[u8]) -> Tag {
        self.keys.each_ref().map(|key| key.hash_one((hash, password)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_for_ten_minutes_and_only_with_its_hash() {
        let (known, now) = (Known::default(), Instant::now());
        known.insert("a", b"secret", now);
        assert!(known.contains("a", b"secret", now));
        assert!(!known.contains("b", b"secret", now));
        assert!(!known.contains("a", b"Secret", now));
        assert!(!known.contains("a", b"secret", now + LIFETIME));
    }
}
