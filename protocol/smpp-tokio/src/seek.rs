//! The requests of a peer one by one, each lent from what was read.

use std::time::Instant;

use smpp_session::{Event, Session};
use smpp_wire::{CommandStatus, cut};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::connection::Connection;
use crate::request::PeerRequest;

impl<Io: AsyncRead + AsyncWrite + Unpin> Connection<Io> {
    /// Takes events up to the next request of the peer; whether there is one.
    pub(crate) fn seek(&mut self) -> bool {
        if let Some(asked) = self.open.take() {
            self.refuse(asked, CommandStatus::SYSTEM_ERROR);
        }
        while let Some(event) = self.take() {
            let frame = match event {
                Event::Request { frame, .. } => frame,
                Event::Bind(request) => request.frame,
                _ => continue,
            };
            self.sought = frame.bytes().len();
            return true;
        }
        false
    }

    /// The request that [`seek`](Self::seek) found, with the way to answer it.
    pub(crate) fn sought(&mut self) -> Option<PeerRequest<'_>> {
        let now = self.clock();
        let (octets, start) = self.inbox.unread();
        let length = std::mem::take(&mut self.sought);
        let frame = cut(&octets[*start - length..*start], length).ok().flatten()?;
        Some(PeerRequest::new(&mut self.session, frame, &mut self.open, now))
    }

    pub(crate) fn session_mut(&mut self) -> (&mut Session, Instant) {
        let now = self.clock();
        (&mut self.session, now)
    }
}
