//! What went wrong on the way out, for whoever looks at a queue.

use chappe_core::Timestamp;

/// One thing that went wrong, once or often.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trouble {
    /// `bind refused: ESME_RINVPASWD 0x0E`, `carrier_throttled 0x58`.
    pub what: String,
    pub count: u64,
    pub first: Timestamp,
    pub last: Timestamp,
}

/// The last distinct troubles of one target, the latest last.
#[derive(Debug, Default)]
pub(crate) struct Troubles {
    list: Vec<Trouble>,
    /// Whether the latest stands: nothing went well since.
    stands: bool,
}

/// Distinct troubles that are kept.
const KEPT: usize = 10;

impl Troubles {
    /// Something went wrong, so often. Whether that is none of the last ten kinds.
    pub(crate) fn add(&mut self, what: String, count: u64, now: Timestamp) -> bool {
        self.stands = true;
        let known = self.list.iter().position(|known| known.what == what);
        let before = known.map(|at| self.list.remove(at));
        self.list.push(Trouble {
            count: count + before.as_ref().map_or(0, |before| before.count),
            first: before.as_ref().map_or(now, |before| before.first),
            last: now,
            what,
        });
        if self.list.len() > KEPT {
            self.list.remove(0);
        }
        before.is_none()
    }

    /// Something went well: what was wrong is history.
    pub(crate) fn clear(&mut self) {
        self.stands = false;
    }

    /// What is wrong at this moment.
    pub(crate) fn present(&self) -> Option<String> {
        self.list.last().filter(|_| self.stands).map(|last| last.what.clone())
    }

    /// The last ten distinct ones, the latest first.
    pub(crate) fn list(&self) -> Vec<Trouble> {
        self.list.iter().rev().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ten_kinds_are_kept_and_counted_and_the_latest_stands_until_something_goes_well() {
        let mut troubles = Troubles::default();
        for n in 0..12 {
            troubles.add(format!("trouble {n}"), 1, Timestamp(n));
        }
        troubles.add("trouble 5".into(), 3, Timestamp(20));
        let list = troubles.list();
        assert_eq!(list.len(), 10);
        let expected =
            Trouble { what: "trouble 5".into(), count: 4, first: Timestamp(5), last: Timestamp(20) };
        assert_eq!((&list[0], troubles.present().as_deref()), (&expected, Some("trouble 5")));
        troubles.clear();
        assert_eq!((troubles.present(), troubles.list().len()), (None, 10));
    }
}
