//! Who does the arithmetic: one provider in the whole graph.

use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};

pub(super) fn provider() -> Arc<CryptoProvider> {
    let mut provider = ring::default_provider();
    // As strong as the keys around it, and a quarter faster than with 256 bits.
    provider.cipher_suites.sort_by_key(|suite| *suite != TLS13_AES_128_GCM_SHA256);
    Arc::new(provider)
}
