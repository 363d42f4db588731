//! What a connection begins with: a bind, or the outbind of a carrier that calls us.

use std::io;
use std::time::Duration;

use smpp_tokio::{PeerAddr, Stream};
use smpp_wire::{CommandId, Outbind, cut};
use tokio::io::AsyncReadExt;
use tokio::time::timeout;
use tracing::{info, warn};

use super::desk::Desk;
use crate::callers::Call;
use crate::metrics::ReasonLabels;

/// Octets of the longest PDU before the bind.
const HEAD_MAX: usize = 1 << 10;
/// Where in a header the command_id ends.
const COMMAND_ID_END: usize = 8;

/// Reads until it is clear what the connection begins with, and all of it where that is an outbind.
///
/// # Errors
///
/// The peer is gone, or took longer than `within`.
pub(super) async fn head(stream: &mut Stream, within: Duration) -> io::Result<Vec<u8>> {
    let reading = async {
        let mut head = Vec::with_capacity(HEAD_MAX);
        while !is_enough(&head) {
            if (&mut *stream).take((HEAD_MAX - head.len()) as u64).read_buf(&mut head).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(head)
    };
    timeout(within, reading).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

fn is_enough(head: &[u8]) -> bool {
    if head.len() < COMMAND_ID_END {
        return false;
    }
    // What is too long is refused by the session.
    !begins_with_outbind(head) || !matches!(cut(head, HEAD_MAX), Ok(None)) || head.len() == HEAD_MAX
}

/// Whether the first PDU is an outbind.
pub(super) fn begins_with_outbind(head: &[u8]) -> bool {
    head.get(4..COMMAND_ID_END) == Some(&CommandId::OUTBIND.0.to_be_bytes())
}

/// Hands a call to the link whose carrier it is; a stranger's is closed.
pub(super) async fn connect_through(desk: &Desk, stream: Stream, head: Vec<u8>, peer: PeerAddr) {
    let frame = cut(&head, HEAD_MAX).ok().flatten();
    let outbind = frame.and_then(|frame| Outbind::read(frame.body()).ok());
    let Some((outbind, _)) = outbind else {
        return warn!(%peer, "an outbind that cannot be read");
    };
    let link = desk.callers.of(outbind.system_id, outbind.password);
    let system_id = outbind.system_id.escape_ascii().to_string();
    let Some(link) = link else {
        desk.metrics.bind_refusals.get_or_create(&ReasonLabels { reason: "unknown_caller" }).inc();
        return warn!(%peer, system_id, "outbind refused: no link expects this system_id with this password");
    };
    info!(%peer, system_id, "a carrier calls");
    if link.try_send(Call { stream, head, peer }).is_err() {
        warn!(%peer, system_id, "outbind refused: the link has as many sessions as it wants");
    }
}

#[cfg(test)]
mod tests {
    use smpp_wire::{CommandStatus, write_pdu};

    use super::*;

    #[test]
    fn an_outbind_is_read_whole_and_a_bind_is_left_to_the_session() {
        let mut outbind = Vec::new();
        let body = Outbind { system_id: b"smsc", password: b"knock", ..Outbind::default() };
        write_pdu(&mut outbind, CommandStatus::OK, 1, &body).unwrap();
        assert!((0..outbind.len()).all(|end| !is_enough(&outbind[..end])));
        assert!(is_enough(&outbind) && begins_with_outbind(&outbind));
        let bind = [0, 0, 0, 40, 0, 0, 0, 9];
        assert!(is_enough(&bind) && !begins_with_outbind(&bind));
        let absurd = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0x0B];
        assert!(is_enough(&absurd), "a length that cannot be is not waited for");
    }
}
