//! What was sent and has no answer: kept, so that a refusal or a lost connection loses nothing.

use crate::air::Outgoing;

/// What was sent and has no answer, each under a token.
#[derive(Debug, Default)]
pub(crate) struct Flight {
    slots: Vec<Option<Outgoing>>,
    free: Vec<usize>,
}

impl Flight {
    /// The token the next item will have.
    pub(crate) fn next_token(&self) -> u64 {
        self.free.last().copied().unwrap_or(self.slots.len()) as u64
    }

    /// Keeps `item` under [`next_token`](Self::next_token).
    pub(crate) fn keep(&mut self, item: Outgoing) {
        match self.free.pop() {
            Some(slot) => self.slots[slot] = Some(item),
            None => self.slots.push(Some(item)),
        }
    }

    /// Takes out what was kept under `token`.
    pub(crate) fn take(&mut self, token: u64) -> Option<Outgoing> {
        let slot = usize::try_from(token).ok()?;
        let item = self.slots.get_mut(slot)?.take()?;
        self.free.push(slot);
        Some(item)
    }

    /// Takes out everything.
    pub(crate) fn take_all(&mut self) -> impl Iterator<Item = Outgoing> + '_ {
        self.free.clear();
        self.slots.drain(..).flatten()
    }
}
