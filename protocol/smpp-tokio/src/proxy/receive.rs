//! Reads the header from a connection, and not one octet more.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

use super::header::{Header, Step};

/// Octets of a header that most proxies stay below.
const USUAL: usize = 128;

/// The header at the head of a connection.
///
/// # Errors
///
/// The connection failed, or what came is no header: then the error holds a [`BadHeader`](super::BadHeader).
pub(crate) async fn receive(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Header> {
    let mut octets = Vec::with_capacity(USUAL);
    loop {
        match Header::read(&octets) {
            Ok(Step::Done(header)) => return Ok(header),
            Ok(Step::More(count)) => {
                let read = octets.len();
                octets.resize(read + count, 0);
                stream.read_exact(&mut octets[read..]).await?;
            }
            Err(bad) => return Err(io::Error::new(io::ErrorKind::InvalidData, bad)),
        }
    }
}
