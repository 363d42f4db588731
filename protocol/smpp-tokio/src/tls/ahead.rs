//! Reads more than is asked for.
//!
//! rustls asks for four kilobytes at a time, a system call each. What is read ahead lies in a buffer that the connections
//! of a thread share; an idle connection owns none.

use std::cell::RefCell;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Octets of one read at most.
const READ_MAX: usize = 64 << 10;
/// Buffers that a thread keeps for its connections.
const SPARE_MAX: usize = 4;

thread_local! {
    static SPARE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// A connection that is read ahead: `start..end` of the buffer is read and not yet taken.
#[derive(Debug)]
pub(super) struct Ahead<Io> {
    io: Io,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl<Io> Ahead<Io> {
    pub(super) fn new(io: Io) -> Self {
        Self { io, buffer: Vec::new(), start: 0, end: 0 }
    }

    pub(super) fn io(&self) -> &Io {
        &self.io
    }

    /// Gives as much as is wanted of what is here, and the buffer back when nothing is left.
    fn give(&mut self, buf: &mut ReadBuf<'_>) {
        let count = buf.remaining().min(self.end - self.start);
        buf.put_slice(&self.buffer[self.start..self.start + count]);
        self.start += count;
        if self.start == self.end {
            recycle(std::mem::take(&mut self.buffer));
        }
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for Ahead<Io> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.start == this.end {
            let mut buffer = SPARE.with_borrow_mut(Vec::pop).unwrap_or_else(|| vec![0; READ_MAX]);
            let mut room = ReadBuf::new(&mut buffer);
            let polled = Pin::new(&mut this.io).poll_read(cx, &mut room);
            let count = room.filled().len();
            if count == 0 {
                recycle(buffer);
                ready!(polled)?;
                return Poll::Ready(Ok(()));
            }
            (this.buffer, this.start, this.end) = (buffer, 0, count);
        }
        this.give(buf);
        Poll::Ready(Ok(()))
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for Ahead<Io> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write(cx, octets)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        octets: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write_vectored(cx, octets)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(cx)
    }
}

fn recycle(buffer: Vec<u8>) {
    SPARE.with_borrow_mut(|spare| {
        if spare.len() < SPARE_MAX {
            spare.push(buffer);
        }
    });
}
