//! Where the entry of a sequence number stands.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

const PAGE: usize = 256;
/// No entry.
const NONE: u32 = u32::MAX;

/// Slots by sequence number, in pages: messages that came together are looked up together, and their numbers follow
/// each other. A page is given back when its last message is over.
#[derive(Debug, Default)]
pub(super) struct Index {
    pages: HashMap<u64, Page, FixedState>,
    len: usize,
}

#[derive(Debug)]
struct Page {
    slots: Box<[u32; PAGE]>,
    used: usize,
}

fn place(sequence: u64) -> (u64, usize) {
    let page = PAGE as u64;
    (sequence / page, (sequence % page) as usize)
}

impl Index {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn get(&self, sequence: u64) -> Option<u32> {
        let (page, at) = place(sequence);
        self.pages.get(&page).map(|page| page.slots[at]).filter(|slot| *slot != NONE)
    }

    /// The first number that is known from the one to the other, both included and of one page.
    pub(super) fn next(&self, first: u64, last: u64) -> Option<u64> {
        let ((page, from), (_, to)) = (place(first), place(last));
        let slots = &self.pages.get(&page)?.slots;
        let at = (from..=to).find(|at| slots[*at] != NONE)?;
        Some(first + (at - from) as u64)
    }

    /// The sequence number must be new.
    pub(super) fn insert(&mut self, sequence: u64, slot: u32) {
        debug_assert!(self.get(sequence).is_none(), "{sequence} is known");
        let (page, at) = place(sequence);
        let fresh = || Page { slots: Box::new([NONE; PAGE]), used: 0 };
        let page = self.pages.entry(page).or_insert_with(fresh);
        page.slots[at] = slot;
        page.used += 1;
        self.len += 1;
    }

    pub(super) fn remove(&mut self, sequence: u64) -> Option<u32> {
        let (number, at) = place(sequence);
        let page = self.pages.get_mut(&number)?;
        let slot = std::mem::replace(&mut page.slots[at], NONE);
        if slot == NONE {
            return None;
        }
        self.len -= 1;
        page.used -= 1;
        if page.used == 0 {
            self.pages.remove(&number);
        }
        Some(slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_lives_as_long_as_its_last_number() {
        let mut index = Index::default();
        for sequence in 1..=1000 {
            index.insert(sequence, u32::try_from(sequence).unwrap());
        }
        for sequence in (1..=1000).filter(|sequence| *sequence != 300) {
            assert_eq!(index.remove(sequence), u32::try_from(sequence).ok());
            assert_eq!(index.remove(sequence), None);
        }
        assert_eq!((index.len(), index.pages.len(), index.get(300)), (1, 1, Some(300)));
        assert_eq!(
            (index.next(256, 511), index.next(300, 300), index.next(301, 511)),
            (Some(300), Some(300), None)
        );
        assert_eq!(index.next(0, 255), None);
    }
}
