//! Who waits for which answer.

use std::task::{Poll, Waker};

/// A place to wait at.
#[derive(Debug)]
enum Slot<T> {
    /// Nobody's; the next free place.
    Free(usize),
    /// Somebody waits.
    Waiting(Option<Waker>),
    /// The result is here and not fetched.
    Settled(T),
    /// Whoever waited has gone; the result is still to come.
    Abandoned,
}

/// Places to wait at, each with a number that stays free of reuse until it is settled and fetched.
#[derive(Debug)]
pub(crate) struct Slots<T> {
    places: Vec<Slot<T>>,
    free: usize,
}

const NONE: usize = usize::MAX;

impl<T> Slots<T> {
    pub(crate) fn new() -> Self {
        Self { places: Vec::new(), free: NONE }
    }

    /// Takes a place.
    pub(crate) fn open(&mut self, waker: Option<Waker>) -> usize {
        let waiting = Slot::Waiting(waker);
        let at = self.free;
        match self.places.get_mut(at) {
            Some(place) => {
                if let Slot::Free(next) = *place {
                    self.free = next;
                }
                *place = waiting;
                at
            }
            None => {
                self.places.push(waiting);
                self.places.len() - 1
            }
        }
    }

    /// Gives a place back to which no result will come.
    pub(crate) fn close(&mut self, at: usize) {
        self.release(at);
    }

    /// The result, if it has come; else remembers whom to wake.
    pub(crate) fn poll(&mut self, at: usize, waker: &Waker) -> Poll<T> {
        match &mut self.places[at] {
            Slot::Waiting(Some(known)) if known.will_wake(waker) => Poll::Pending,
            Slot::Waiting(known) => {
                *known = Some(waker.clone());
                Poll::Pending
            }
            _ => match self.release(at) {
                Slot::Settled(result) => Poll::Ready(result),
                _ => Poll::Pending,
            },
        }
    }

    /// Brings a result; whom to wake.
    pub(crate) fn settle(&mut self, at: usize, result: T) -> Option<Waker> {
        match std::mem::replace(&mut self.places[at], Slot::Settled(result)) {
            Slot::Waiting(waker) => waker,
            Slot::Abandoned => {
                self.release(at);
                None
            }
            Slot::Free(_) | Slot::Settled(_) => None,
        }
    }

    /// Whoever waited has gone.
    pub(crate) fn abandon(&mut self, at: usize) {
        match self.places[at] {
            Slot::Settled(_) => {
                self.release(at);
            }
            Slot::Waiting(_) => self.places[at] = Slot::Abandoned,
            Slot::Free(_) | Slot::Abandoned => {}
        }
    }

    /// Settles whatever is still waited for.
    pub(crate) fn settle_all(&mut self, mut result: impl FnMut() -> T) -> Vec<Waker> {
        let waiting = |place: &Slot<T>| matches!(place, Slot::Waiting(_) | Slot::Abandoned);
        let open: Vec<usize> = (0..self.places.len()).filter(|at| waiting(&self.places[*at])).collect();
        open.into_iter().filter_map(|at| self.settle(at, result())).collect()
    }

    fn release(&mut self, at: usize) -> Slot<T> {
        let place = std::mem::replace(&mut self.places[at], Slot::Free(self.free));
        self.free = at;
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_used_again_only_after_its_result_was_fetched_or_given_up() {
        let mut slots = Slots::new();
        let (first, second) = (slots.open(None), slots.open(None));
        slots.abandon(first);
        assert_ne!(slots.open(None), first, "its result is still to come");
        slots.settle(first, 1);
        assert_eq!(slots.open(None), first);
        slots.settle(second, 2);
        assert_ne!(slots.open(None), second, "its result is not fetched");
        assert_eq!(slots.poll(second, Waker::noop()), Poll::Ready(2));
        assert_eq!(slots.open(None), second);
    }

    #[test]
    fn what_is_waited_for_at_the_end_is_settled_once() {
        let mut slots = Slots::new();
        let places: Vec<usize> = (0..4).map(|_| slots.open(Some(Waker::noop().clone()))).collect();
        slots.settle(places[0], "answered");
        slots.abandon(places[1]);
        assert_eq!(slots.settle_all(|| "over").len(), 2);
        assert_eq!(slots.poll(places[0], Waker::noop()), Poll::Ready("answered"));
        assert_eq!(slots.poll(places[2], Waker::noop()), Poll::Ready("over"));
        assert_eq!(slots.poll(places[3], Waker::noop()), Poll::Ready("over"));
    }
}
