//! Segments stay while somebody copies them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts who needs the segments to stay.
#[derive(Debug, Default)]
pub(crate) struct Holds(Arc<AtomicUsize>);

/// No segment is removed or used again while this is held.
#[derive(Debug)]
pub(crate) struct Hold(Arc<AtomicUsize>);

impl Holds {
    pub(crate) fn take(&self) -> Hold {
        self.0.fetch_add(1, Ordering::AcqRel);
        Hold(Arc::clone(&self.0))
    }

    /// Whether the segments must stay. Asked under the lock under which a segment leaves the catalog.
    pub(crate) fn any(&self) -> bool {
        self.0.load(Ordering::Acquire) > 0
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_stay_until_the_last_hold_is_dropped() {
        let holds = Holds::default();
        let (one, other) = (holds.take(), holds.take());
        drop(one);
        assert!(holds.any());
        drop(other);
        assert!(!holds.any());
    }
}
