//! The process that a tracer started.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::wait;

/// The only child of the process `parent`.
pub(crate) fn only_child(parent: u32) -> Result<u32> {
    let place = format!("/proc/{parent}/task/{parent}/children");
    let read = || fs::read_to_string(&place).ok()?.split_whitespace().next()?.parse().ok();
    wait::within(Duration::from_secs(5), read).with_context(|| format!("{place} names no process"))
}
