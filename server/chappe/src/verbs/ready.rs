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
    http: String,
    data: String,
    pub(super) took_ms: u128,
}

impl Ready {
    pub(super) fn of(running: &Running, data: &Path, start: Instant) -> Self {
        Self {
            ready: true,
            smpp: running.smpp.iter().map(ToString::to_string).collect(),
            http: running.http.to_string(),
            data: data.display().to_string(),
            took_ms: start.elapsed().as_millis(),
        }
    }
}

impl fmt::Display for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { smpp, http, data, took_ms, .. } = self;
        let smpp = smpp.join(" ");
        write!(f, "ready in {took_ms} ms · SMPP {smpp} · HTTP {http} · data {data}")
    }
}
