//! Requests on their way to the task that drives the connection.

use std::collections::VecDeque;
use std::fmt;

use smpp_wire::{Body, CommandId, InterfaceVersion, Unwritable};

/// A request that waits for its turn: its body is the next `octets` of the outbox.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Queued {
    pub(crate) id: CommandId,
    pub(crate) octets: usize,
    pub(crate) token: u64,
}

/// Requests in the order in which they were made, their bodies one behind the other.
#[derive(Default)]
pub(crate) struct Outbox {
    bodies: Vec<u8>,
    queue: VecDeque<Queued>,
    /// Octets of the bodies that are taken already.
    taken: usize,
}

/// What is queued is not shown: there are messages in it.
impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outbox({} requests)", self.queue.len())
    }
}

impl Outbox {
    /// Encodes a request as a peer of this version understands it.
    pub(crate) fn push(
        &mut self,
        body: &impl Body,
        version: InterfaceVersion,
        token: u64,
    ) -> Result<(), Unwritable> {
        let before = self.bodies.len();
        if let Err(why) = body.write(&mut self.bodies, version) {
            self.bodies.truncate(before);
            return Err(why);
        }
        let octets = self.bodies.len() - before;
        self.queue.push_back(Queued { id: body.command_id(), octets, token });
        Ok(())
    }

    /// The oldest request, with its body.
    pub(crate) fn front(&self) -> Option<(Queued, &[u8])> {
        let queued = *self.queue.front()?;
        Some((queued, &self.bodies[self.taken..self.taken + queued.octets]))
    }

    pub(crate) fn pop(&mut self) {
        self.taken += self.queue.pop_front().map_or(0, |queued| queued.octets);
        if self.queue.is_empty() {
            self.bodies.clear();
            self.taken = 0;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}
