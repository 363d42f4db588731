//! A connection with TLS on it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::rustls::{CommonState, ProtocolVersion};

use super::ahead::Ahead;
use super::certificate::Certificate;

/// A connection with TLS on it.
#[derive(Debug)]
pub struct TlsStream<Io>(tokio_rustls::TlsStream<Ahead<Io>>);

impl<Io> TlsStream<Io> {
    pub(super) fn new(secured: tokio_rustls::TlsStream<Ahead<Io>>) -> Self {
        Self(secured)
    }

    /// The connection below.
    pub fn carrier(&self) -> &Io {
        self.0.get_ref().0.io()
    }

    /// The version of TLS by name: `TLS 1.3` or `TLS 1.2`.
    pub fn version(&self) -> &'static str {
        match self.state().protocol_version() {
            Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
            _ => "TLS 1.3",
        }
    }

    /// The certificate that the peer has proved to hold; nothing where it was not asked for, or sent none.
    pub fn certificate(&self) -> Option<Certificate> {
        self.state().peer_certificates()?.first().map(Certificate::read)
    }

    fn state(&self) -> &CommonState {
        self.0.get_ref().1
    }
}

impl<Io: AsyncRead + AsyncWrite + Unpin> AsyncRead for TlsStream<Io> {
    /// Brings all records that are here: the more PDUs come at once, the fewer writes answer them.
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let inner = &mut self.get_mut().0;
        let before = buf.filled().len();
        while buf.remaining() > 0 {
            let filled = buf.filled().len();
            match Pin::new(&mut *inner).poll_read(cx, buf) {
                Poll::Ready(Ok(())) if buf.filled().len() > filled => {}
                // What comes behind what was read is heard of at the next call.
                _ if filled > before => break,
                // A PDU has a length of its own: a cut is seen without a goodbye of TLS.
                Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => break,
                Poll::Pending => return Poll::Pending,
                ended => return ended,
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<Io: AsyncRead + AsyncWrite + Unpin> AsyncWrite for TlsStream<Io> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().0).poll_write(cx, octets)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        octets: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().0).poll_write_vectored(cx, octets)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_shutdown(cx)
    }
}
