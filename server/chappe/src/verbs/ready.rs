//! What `--json` prints once a centre lets everyone in.

use std::fmt;
use std::path::Path;
use std::time::Instant;

use serde::Serialize;

use crate::centre::Running;

/// Everything is open.
#[derive(Debug, Serialize)]
pub(super) struct Ready {
    ready: bool,
    smpp: Vec<String>,
    smpp_tls: Vec<String>,
    http: String,
    data: String,
    pub(super) took_ms: u128,
}

impl Ready {
    pub(super) fn of(running: &Running, data: &Path, start: Instant) -> Self {
        let smpp = &running.smpp;
        Self {
            ready: true,
            smpp: smpp.plain.iter().map(ToString::to_string).chain(smpp.unix()).collect(),
            smpp_tls: smpp.tls.iter().map(ToString::to_string).collect(),
            http: running.http.to_string(),
            data: data.display().to_string(),
            took_ms: start.elapsed().as_millis(),
        }
    }
}

impl fmt::Display for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { smpp, smpp_tls, http, data, took_ms, .. } = self;
        write!(f, "ready in {took_ms} ms · SMPP {}", smpp.join(" "))?;
        if !smpp_tls.is_empty() {
            write!(f, " · TLS {}", smpp_tls.join(" "))?;
        }
        write!(f, " · HTTP {http} · data {data}")
    }
}
