//! What a run shows while it goes: a bar on a terminal, a line every five seconds elsewhere.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use chappe_lab::load::{Progress, Snapshot};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::ui::grouped;

/// When a run is done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Goal {
    pub(super) count: Option<u64>,
    pub(super) duration: Option<Duration>,
}

/// A bar is drawn anew this often.
const REDRAW: Duration = Duration::from_millis(200);
/// Without a terminal a line comes this often.
const LINE_EVERY: Duration = Duration::from_secs(5);
/// The bar counts thousandths of the goal.
const STEPS: u64 = 1_000;

/// Shows how the run goes until it is aborted; Ctrl-C ends the run early.
pub(super) async fn watch(progress: Arc<Progress>, goal: Goal) {
    let terminal = std::io::stderr().is_terminal();
    let bar = bar(terminal);
    let mut ticks = tokio::time::interval(if terminal { REDRAW } else { LINE_EVERY });
    let mut before = progress.snapshot();
    let stop = tokio::signal::ctrl_c();
    tokio::pin!(stop);
    let mut stopped = false;
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = &mut stop, if !stopped => {
                stopped = true;
                progress.stop();
            }
        }
        let snapshot = progress.snapshot();
        let line = line(&before, &snapshot);
        if terminal {
            bar.set_position(goal.reached(&snapshot));
            bar.set_message(line);
        } else if snapshot.elapsed >= LINE_EVERY {
            eprintln!("{:>5.0} s  {line}", snapshot.elapsed.as_secs_f64());
        }
        before = snapshot;
    }
}

fn bar(terminal: bool) -> ProgressBar {
    let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(STEPS), target);
    if let Ok(style) = ProgressStyle::with_template("[{bar:12}] {elapsed:>4}  {msg}") {
        bar.set_style(style.progress_chars("##."));
    }
    bar
}

impl Goal {
    /// How far the run is, in thousandths: by count or by time, whichever is nearer to its end.
    fn reached(self, snapshot: &Snapshot) -> u64 {
        let by_count = self.count.map(|count| snapshot.answered * STEPS / count.max(1));
        let by_time = self.duration.map(|duration| {
            (snapshot.elapsed.as_secs_f64() / duration.as_secs_f64().max(0.001) * STEPS as f64) as u64
        });
        by_count.max(by_time).unwrap_or(0).min(STEPS)
    }
}

fn line(before: &Snapshot, snapshot: &Snapshot) -> String {
    let seconds = (snapshot.elapsed - before.elapsed).as_secs_f64().max(0.001);
    let rate = (snapshot.answered - before.answered) as f64 / seconds;
    let mut line = format!("answered {}  {}/s", grouped(snapshot.answered), grouped(rate.round() as u64));
    if snapshot.refused > 0 {
        line.push_str(&format!("  refused {}", grouped(snapshot.refused)));
    }
    if snapshot.receipts > 0 || snapshot.awaited > 0 {
        line.push_str(&format!(
            "  receipts {}  awaited {}",
            grouped(snapshot.receipts),
            grouped(snapshot.awaited)
        ));
    }
    line.push_str(&format!("  p50 {:.1}  p99 {:.1} ms", snapshot.answer_ms.p50, snapshot.answer_ms.p99));
    line
}
