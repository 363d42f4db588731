//! How far a copy has come: a bar on a terminal, a line every five seconds elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Without a terminal a line comes this often.
const LINE_EVERY: Duration = Duration::from_secs(5);

pub(super) struct Copying {
    bar: ProgressBar,
    terminal: bool,
    told: Instant,
}

impl Copying {
    pub(super) fn new() -> Self {
        let terminal = std::io::stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) =
            ProgressStyle::with_template("[{bar:30}] {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left")
        {
            bar.set_style(style.progress_chars("##."));
        }
        Self { bar, terminal, told: Instant::now() }
    }

    /// So many octets of so many are done.
    pub(super) fn at(&mut self, octets: u64, of: u64) {
        self.bar.set_length(of);
        self.bar.set_position(octets);
        if !self.terminal && self.told.elapsed() >= LINE_EVERY {
            self.told = Instant::now();
            eprintln!("{} of {}", HumanBytes(octets), HumanBytes(of));
        }
    }
}

impl Drop for Copying {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// `1.20 GiB`
pub(super) fn size(octets: u64) -> String {
    HumanBytes(octets).to_string()
}
