//! Whose turn it is: classes first, then lanes in turn.

use std::collections::HashMap;

use chappe_core::{Class, Timestamp};
use chappe_store::{Entered, Lane, Lease, Row, Store, StoreError};

use crate::window::Window;

/// The lanes of one shard.
#[derive(Debug)]
pub(crate) struct Lanes {
    windows: Vec<Window>,
    numbers: HashMap<Lane, usize>,
    /// For each class the lane whose turn is next.
    turns: [usize; Class::ALL.len()],
    window_max: usize,
    quantum: usize,
}

impl Lanes {
    pub(crate) fn new(window_max: usize, quantum: usize) -> Self {
        Self {
            windows: Vec::new(),
            numbers: HashMap::new(),
            turns: [0; Class::ALL.len()],
            window_max,
            quantum,
        }
    }

    /// The window of a lane, which is new to us perhaps.
    pub(crate) fn lane(&mut self, lane: Lane) -> &mut Window {
        let number = *self.numbers.entry(lane).or_insert_with(|| {
            self.windows.push(Window::new(lane, self.window_max));
            self.windows.len() - 1
        });
        &mut self.windows[number]
    }

    /// A row began to wait.
    pub(crate) fn enter(&mut self, entered: Entered, now: Timestamp) {
        self.lane(entered.lane).enter(entered.row, now);
    }

    /// Takes up to `room` rows: a more urgent class first, within a class the lanes in turn.
    ///
    /// # Errors
    ///
    /// Those of [`Store::window`].
    pub(crate) fn pick(
        &mut self,
        room: usize,
        store: &dyn Store,
        lease: &Lease,
        now: Timestamp,
        picked: &mut Vec<Row>,
    ) -> Result<(), StoreError> {
        for class in Class::ALL {
            let mut idle = 0;
            while picked.len() < room && idle < self.windows.len() {
                let turn = &mut self.turns[class as usize];
                let number = *turn % self.windows.len();
                *turn = number + 1;
                let window = &mut self.windows[number];
                let before = picked.len();
                if window.lane.class == class {
                    window.refill(store, lease, now)?;
                    let share = self.quantum.min(room - picked.len());
                    picked.extend(std::iter::from_fn(|| window.pop()).take(share));
                }
                idle = if picked.len() == before { idle + 1 } else { 0 };
            }
        }
        Ok(())
    }

    /// Forgets what was read: rows were picked and did not leave, and the store has them all.
    pub(crate) fn read_anew(&mut self) {
        self.windows.iter_mut().for_each(Window::read_anew);
    }

    /// When there is something to pick again: `None` while rows are here, or nothing waits for its time.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.windows.iter().filter_map(Window::next_due).min()
    }

    /// Whether nothing is here to be picked, nor in the store beyond what was read.
    pub(crate) fn is_empty(&self) -> bool {
        self.windows.iter().all(Window::is_empty)
    }
}
