//! Where the entry of a sequence number stands.

use std::cell::Cell;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

const PAGE: usize = 256;
/// No entry.
const NONE: u32 = u32::MAX;

/// Slots by sequence number, in pages: messages that came together are looked up together, and their numbers follow
/// each other, so the page that was looked at last is mostly the one that is sought. A page is given back when its last
/// message is over.
#[derive(Debug)]
pub(super) struct Index {
    places: HashMap<u64, u32, FixedState>,
    pages: Vec<Page>,
    /// Places of pages that were given back.
    free: Vec<u32>,
    /// The page that was looked at last, and its place.
    last: Cell<(u64, u32)>,
    len: usize,
}

#[derive(Debug)]
struct Page {
    /// Empty while nobody uses it.
    slots: Option<Box<[u32; PAGE]>>,
    used: usize,
}

/// No page.
const NOWHERE: (u64, u32) = (u64::MAX, 0);

impl Default for Index {
    fn default() -> Self {
        let places = HashMap::default();
        Self { places, pages: Vec::new(), free: Vec::new(), last: Cell::new(NOWHERE), len: 0 }
    }
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
        self.slots(page).map(|slots| slots[at]).filter(|slot| *slot != NONE)
    }

    /// The first number that is known from the one to the other, both included and of one page.
    pub(super) fn next(&self, first: u64, last: u64) -> Option<u64> {
        let ((page, from), (_, to)) = (place(first), place(last));
        let slots = self.slots(page)?;
        let at = (from..=to).find(|at| slots[*at] != NONE)?;
        Some(first + (at - from) as u64)
    }

    /// The sequence number must be new.
    pub(super) fn insert(&mut self, sequence: u64, slot: u32) {
        debug_assert!(self.get(sequence).is_none(), "{sequence} is known");
        let (number, at) = place(sequence);
        let place = self.find(number).unwrap_or_else(|| self.begin(number));
        let page = &mut self.pages[place as usize];
        page.slots.get_or_insert_with(|| Box::new([NONE; PAGE]))[at] = slot;
        page.used += 1;
        self.len += 1;
    }

    pub(super) fn remove(&mut self, sequence: u64) -> Option<u32> {
        let (number, at) = place(sequence);
        let place = self.find(number)?;
        let page = self.pages.get_mut(place as usize)?;
        let slot = std::mem::replace(&mut page.slots.as_mut()?[at], NONE);
        if slot == NONE {
            return None;
        }
        self.len -= 1;
        page.used -= 1;
        if page.used == 0 {
            page.slots = None;
            self.places.remove(&number);
            self.free.push(place);
            self.last.set(NOWHERE);
        }
        Some(slot)
    }

    fn slots(&self, page: u64) -> Option<&[u32; PAGE]> {
        self.pages.get(self.find(page)? as usize)?.slots.as_deref()
    }

    /// Where a page stands.
    fn find(&self, page: u64) -> Option<u32> {
        let (number, place) = self.last.get();
        if number == page {
            return Some(place);
        }
        let place = *self.places.get(&page)?;
        self.last.set((page, place));
        Some(place)
    }

    /// A new page.
    fn begin(&mut self, number: u64) -> u32 {
        let place = self.free.pop().unwrap_or_else(|| {
            self.pages.push(Page { slots: None, used: 0 });
            u32::try_from(self.pages.len() - 1).unwrap_or(u32::MAX)
        });
        self.places.insert(number, place);
        self.last.set((number, place));
        place
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
        assert_eq!((index.len(), index.places.len(), index.get(300)), (1, 1, Some(300)));
        assert_eq!(
            (index.next(256, 511), index.next(300, 300), index.next(301, 511)),
            (Some(300), Some(300), None)
        );
        assert_eq!(index.next(0, 255), None);
    }
}
