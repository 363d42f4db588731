//! The send window: which requests of ours the peer has not answered.
//!
//! A ring of slots, found by sequence number, and a list through them in the order of sending. All requests of a
//! session wait equally long, so the front of the list is the only deadline that has to be watched.

use std::time::Instant;

use smpp_wire::CommandId;

/// The highest sequence number (SMPP 5.0 §3.2.1.4); 1 follows it.
const SEQUENCE_MAX: u32 = 0x7FFF_FFFF;
/// No slot.
const NIL: u32 = u32::MAX;
/// Slots of a ring at its first use.
const SLOTS_MIN: usize = 16;

/// Whose request fills a slot.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Owner {
    /// The session's own: enquire_link and unbind.
    Session,
    /// The caller's; the token comes back with the answer.
    Caller(u64),
}

/// One open request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(crate) sequence: u32,
    pub(crate) id: CommandId,
    pub(crate) owner: Owner,
    pub(crate) deadline: Instant,
    /// Where the request ends in the stream of all octets ever queued.
    pub(crate) ends_at: u64,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    slot: Slot,
    before: u32,
    after: u32,
}

/// The open requests of a session.
#[derive(Debug)]
pub(crate) struct Window {
    /// A power of two long, at most three quarters full.
    ring: Vec<Option<Place>>,
    oldest: u32,
    newest: u32,
    open: usize,
    of_caller: usize,
    next: u32,
}

impl Window {
    /// An empty window whose first number is `first`, or the nearest that may be.
    pub(crate) fn new(first: u32) -> Self {
        let next = first.clamp(1, SEQUENCE_MAX);
        Self { ring: Vec::new(), oldest: NIL, newest: NIL, open: 0, of_caller: 0, next }
    }

    /// Gives back what an empty ring holds.
    pub(crate) fn shrink(&mut self) {
        if self.open == 0 {
            self.ring = Vec::new();
        }
    }

    /// Open requests of the caller.
    pub(crate) fn used(&self) -> usize {
        self.of_caller
    }

    /// The next sequence number that is not in use. The ring has room when this returns.
    pub(crate) fn next_sequence(&mut self) -> u32 {
        if (self.open + 1) * 4 > self.ring.len() * 3 {
            self.grow();
        }
        loop {
            let sequence = self.next;
            self.next = if sequence >= SEQUENCE_MAX { 1 } else { sequence + 1 };
            // A number that is still open must not be used again (SMPP 5.0 §2.6), nor its place in the ring.
            if self.ring[self.place(sequence)].is_none() {
                return sequence;
            }
        }
    }

    /// Opens a slot under a number from [`next_sequence`](Self::next_sequence).
    pub(crate) fn open(&mut self, slot: Slot) {
        let at = self.place(slot.sequence);
        debug_assert!(self.ring[at].is_none(), "the number is in use");
        self.open += 1;
        self.of_caller += usize::from(slot.owner != Owner::Session);
        let here = at as u32;
        match self.place_mut(self.newest) {
            Some(last) => last.after = here,
            None => self.oldest = here,
        }
        self.ring[at] = Some(Place { slot, before: self.newest, after: NIL });
        self.newest = here;
    }

    /// The open request of this number.
    pub(crate) fn find(&self, sequence: u32) -> Option<&Slot> {
        let place = self.ring.get(self.place(sequence))?.as_ref()?;
        (place.slot.sequence == sequence).then_some(&place.slot)
    }

    /// Closes the request of this number.
    pub(crate) fn close(&mut self, sequence: u32) -> Option<Slot> {
        self.find(sequence)?;
        let at = self.place(sequence);
        let Place { slot, before, after } = self.ring[at].take()?;
        match self.place_mut(before) {
            Some(place) => place.after = after,
            None => self.oldest = after,
        }
        match self.place_mut(after) {
            Some(place) => place.before = before,
            None => self.newest = before,
        }
        self.open -= 1;
        self.of_caller -= usize::from(slot.owner != Owner::Session);
        Some(slot)
    }

    /// The request that has waited longest.
    pub(crate) fn front(&self) -> Option<&Slot> {
        self.ring.get(self.oldest as usize)?.as_ref().map(|place| &place.slot)
    }

    /// Closes the request that has waited longest.
    pub(crate) fn close_front(&mut self) -> Option<Slot> {
        let sequence = self.front()?.sequence;
        self.close(sequence)
    }

    fn place(&self, sequence: u32) -> usize {
        // An empty ring has no place: the index is then beyond its end.
        sequence as usize & self.ring.len().wrapping_sub(1)
    }

    fn place_mut(&mut self, at: u32) -> Option<&mut Place> {
        self.ring.get_mut(at as usize)?.as_mut()
    }

    /// Doubles the ring and moves every open request to its new place, oldest first.
    fn grow(&mut self) {
        let size = (self.ring.len() * 2).max(SLOTS_MIN);
        let old = std::mem::replace(&mut self.ring, vec![None; size]);
        let mut at = self.oldest;
        (self.oldest, self.newest, self.open, self.of_caller) = (NIL, NIL, 0, 0);
        // Numbers that differ modulo the old size differ modulo its double: no two meet.
        while let Some(Some(place)) = old.get(at as usize) {
            self.open(place.slot);
            at = place.after;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(window: &mut Window, token: u64, at: Instant) -> u32 {
        let sequence = window.next_sequence();
        let owner = Owner::Caller(token);
        window.open(Slot { sequence, id: CommandId::SUBMIT_SM, owner, deadline: at, ends_at: 0 });
        sequence
    }

    #[test]
    fn an_occupied_number_is_skipped_after_the_wrap() {
        let at = Instant::now_for_tests();
        let mut window = Window::new(1);
        assert_eq!(send(&mut window, 1, at), 1);
        window.next = SEQUENCE_MAX;
        assert_eq!(send(&mut window, 2, at), SEQUENCE_MAX);
        assert_eq!(send(&mut window, 3, at), 2, "1 is still open");
    }

    #[test]
    fn the_front_is_the_oldest_in_whatever_order_answers_come() {
        let at = Instant::now_for_tests();
        let mut window = Window::new(1);
        for token in 0..100 {
            send(&mut window, token, at);
        }
        for sequence in [1, 3, 2, 50] {
            assert_eq!(window.close(sequence).map(|slot| slot.sequence), Some(sequence));
        }
        assert!(window.close(3).is_none(), "closed twice");
        assert_eq!(window.front().map(|slot| slot.sequence), Some(4));
        let rest: Vec<u32> = std::iter::from_fn(|| window.close_front()).map(|slot| slot.sequence).collect();
        assert_eq!(rest, (4..=100).filter(|n| *n != 50).collect::<Vec<_>>());
        assert_eq!(window.used(), 0);
    }

    #[test]
    fn a_straggler_does_not_stop_the_numbers() {
        let at = Instant::now_for_tests();
        let mut window = Window::new(1);
        let first = send(&mut window, 0, at);
        for token in 1..10_000 {
            let sequence = send(&mut window, token, at);
            assert!(window.close(sequence).is_some());
        }
        assert_eq!(window.front().map(|slot| slot.sequence), Some(first));
        assert!(window.ring.len() <= SLOTS_MIN);
    }

    trait TestClock {
        fn now_for_tests() -> Instant;
    }

    impl TestClock for Instant {
        #[allow(clippy::disallowed_methods, reason = "a virtual clock starts somewhere")]
        fn now_for_tests() -> Instant {
            Instant::now()
        }
    }
}
