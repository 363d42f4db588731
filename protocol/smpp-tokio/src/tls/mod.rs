//! TLS under SMPP, both sides, TLS 1.2 at least.

mod ahead;
mod certificate;
mod client;
mod error;
mod pem;
mod pinned;
mod provider;
mod server;
mod stream;

pub use certificate::Certificate;
pub use client::{ClientTls, ClientTlsFiles, Identity, Roots};
pub use error::{BadTlsFile, NotSecured};
pub use server::{ClientAuth, ServerTls, ServerTlsFiles};
pub use stream::TlsStream;
