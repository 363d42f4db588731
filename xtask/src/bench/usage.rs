//! What one process used: CPU time and anonymous memory, read from `/proc`.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result};

/// User and system time of a process until now, in seconds.
pub(crate) fn cpu_secs(id: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).context("the process is gone")?;
    // The name in parentheses may hold blanks; utime and stime are the 14th and 15th field.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    Ok((ticks(11) + ticks(12)) / TICKS_A_SECOND)
}

/// Looks at the anonymous memory of a process until it is asked for the peak.
#[derive(Debug)]
pub(crate) struct Peak {
    octets: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Peak {
    pub(crate) fn of(id: u32) -> Self {
        let octets = Arc::new(AtomicU64::new(0));
        let over = Arc::new(AtomicBool::new(false));
        let (seen, end) = (Arc::clone(&octets), Arc::clone(&over));
        let thread = thread::spawn(move || {
            while !end.load(Ordering::Relaxed) {
                seen.fetch_max(anonymous(id).unwrap_or(0), Ordering::Relaxed);
                thread::sleep(Duration::from_millis(20));
            }
        });
        Self { octets, over, thread }
    }

    /// The highest value seen, in octets.
    pub(crate) fn end(self) -> u64 {
        self.over.store(true, Ordering::Relaxed);
        // The thread only reads and sleeps.
        drop(self.thread.join());
        self.octets.load(Ordering::Relaxed)
    }
}

/// Anonymous memory of a process at this moment, in octets.
pub(crate) fn anonymous(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("RssAnon:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}

/// The unit of `/proc/PID/stat` on every Linux that matters.
const TICKS_A_SECOND: f64 = 100.0;
