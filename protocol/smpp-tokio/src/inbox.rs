//! Where the octets of a peer are read to.
//!
//! A read goes to a large buffer that the connections of a thread share; what remains of a frame between two reads
//! is kept in a small one, and an idle connection owns none.

use std::cell::RefCell;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, ReadBuf};

/// Octets of one read at most.
const READ_MAX: usize = 256 << 10;
/// Large buffers that a thread keeps for its connections.
const SPARE_MAX: usize = 4;

thread_local! {
    static SPARE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// Octets read and not yet taken: `start..end` of the buffer.
#[derive(Default)]
pub(crate) struct Inbox {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

/// What was read is not shown: there are passwords and messages in it.
impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Inbox({} octets)", self.end - self.start)
    }
}

impl Inbox {
    /// One that holds these octets as if they had just been read.
    pub(crate) fn holding(octets: Vec<u8>) -> Self {
        let end = octets.len();
        Self { buffer: octets, start: 0, end }
    }

    /// What is unread, and the mark that moves over it.
    pub(crate) fn unread(&mut self) -> (&[u8], &mut usize) {
        (&self.buffer[..self.end], &mut self.start)
    }

    /// Reads once, as much as is there; the number of octets, none at the end of the stream.
    pub(crate) fn poll_fill(
        &mut self,
        io: &mut (impl AsyncRead + Unpin),
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let left = self.end - self.start;
        let mut buffer = self.large_buffer(left);
        let mut room = ReadBuf::new(&mut buffer[left..]);
        let polled = Pin::new(io).poll_read(cx, &mut room);
        let count = room.filled().len();
        if matches!(polled, Poll::Ready(Ok(()))) && count > 0 {
            recycle(std::mem::replace(&mut self.buffer, buffer));
            (self.start, self.end) = (0, left + count);
        } else {
            self.keep_small(left, buffer);
        }
        polled.map_ok(|()| count)
    }

    /// A large buffer that begins with what is unread.
    fn large_buffer(&mut self, left: usize) -> Vec<u8> {
        let unread = self.start..self.end;
        let mut buffer = if self.buffer.len() >= READ_MAX {
            self.buffer.copy_within(unread, 0);
            std::mem::take(&mut self.buffer)
        } else {
            let mut spare = SPARE.with_borrow_mut(Vec::pop).unwrap_or_else(|| vec![0; READ_MAX]);
            spare[..left].copy_from_slice(&self.buffer[unread]);
            spare
        };
        // Only where the longest PDU allowed is longer than a read.
        if left * 2 > buffer.len() {
            buffer.resize(buffer.len() * 2, 0);
        }
        buffer
    }

    /// Keeps only what is unread: nothing came.
    fn keep_small(&mut self, left: usize, buffer: Vec<u8>) {
        if self.buffer.len() != left || self.start != 0 {
            self.buffer = buffer[..left].to_vec();
        }
        (self.start, self.end) = (0, left);
        recycle(buffer);
    }
}

fn recycle(buffer: Vec<u8>) {
    if buffer.len() == READ_MAX {
        SPARE.with_borrow_mut(|spare| {
            if spare.len() < SPARE_MAX {
                spare.push(buffer);
            }
        });
    }
}
