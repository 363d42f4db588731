//! The sum of a run, short enough for a chat message.

use chappe_lab::load::{Checked, Quantiles, Summary};
use serde_json::{Value, json};

use crate::ui::{Tone, Ui, folded, grouped};

/// The sum and its checks as one object.
pub(super) fn json(summary: &Summary, checks: &[Checked]) -> Value {
    let mut value = serde_json::to_value(summary).unwrap_or_default();
    let checks = checks.iter().map(
        |check| json!({ "expect": check.expect.to_string(), "measured": check.measured, "held": check.held }),
    );
    value["lost"] = summary.lost().into();
    value["refused"] = summary.refused().into();
    value["expected"] = checks.collect();
    value
}

/// The sum for a person; the verdicts come last, because the shell shows the last line.
pub(super) fn print(ui: &Ui, summary: &Summary, checks: &[Checked]) {
    ui.line(head(summary));
    ui.line("");
    row(ui, "answered", &answered(summary));
    if let Some(receipts) = receipts(summary) {
        row(ui, "receipts", &receipts);
    }
    row(ui, "lost", &lost(summary));
    row(ui, "answer in ms", &format!("    {}", quantiles(&summary.answer_ms)));
    if let Some(receipts) = &summary.receipts {
        row(ui, "receipt in ms", &format!("   {}", quantiles(&receipts.after_ms)));
    }
    if summary.rate.is_some() {
        row(ui, "late", &late(summary));
    }
    ui.line("");
    row(ui, "limited by", &format!("  {}", summary.limited_by));
    row(ui, "this tool", &format!("   {:.2} of a core; seed {}", summary.cores, summary.seed));
    // In one piece, to be pasted.
    ui.line(format_args!("  {}         {}", ui.paint(Tone::Dim, "again"), summary.again));
    for why in &summary.ended_early {
        row(ui, "ended early", &format!(" {}", ui.paint(Tone::Bad, why)));
    }
    if !checks.is_empty() {
        ui.line("");
        checks.iter().for_each(|check| verdict(ui, check));
    }
}

/// Where the texts of the rows begin.
const INDENT: usize = 17;

fn row(ui: &Ui, head: &str, text: &str) {
    let line = format!("  {head}  {text}");
    // A pipe gets one fact a line.
    let line = if ui.is_terminal() { folded(&line, ui.width(), INDENT) } else { line };
    ui.line(line.replacen(head, &ui.paint(Tone::Dim, head), 1));
}

fn head(summary: &Summary) -> String {
    let pace = match summary.rate {
        Some(rate) => format!("{}/s offered, open model", grouped(rate.round() as u64)),
        None => "as fast as the window allows".into(),
    };
    let binds =
        if summary.binds == 1 { "1 transceiver".into() } else { format!("{} transceivers", summary.binds) };
    format!(
        "load {} · {:.1} s · {binds} · window {} · {pace}",
        summary.server, summary.seconds, summary.window
    )
}

fn answered(summary: &Summary) -> String {
    let mut text = format!(
        "{:>11}   {}/s      ok {}",
        grouped(summary.answered),
        grouped(summary.per_second.round() as u64),
        grouped(summary.ok)
    );
    for (status, count) in &summary.refused_by {
        text.push_str(&format!(" · {status} {}", grouped(*count)));
    }
    text
}

fn receipts(summary: &Summary) -> Option<String> {
    let receipts = summary.receipts.as_ref()?;
    let states: Vec<_> =
        receipts.by_state.iter().map(|(state, count)| format!("{state} {}", grouped(*count))).collect();
    let each = match (receipts.missing, receipts.unexpected) {
        (0, 0) => "one each".to_owned(),
        (missing, 0) => format!("{} missing", grouped(missing)),
        (0, unexpected) => format!("{} twice or of others", grouped(unexpected)),
        (missing, unexpected) => {
            format!("{} missing, {} twice or of others", grouped(missing), grouped(unexpected))
        }
    };
    Some(format!("{:>11}   {each}      {}", grouped(receipts.matched), states.join(" · ")))
}

fn lost(summary: &Summary) -> String {
    let missing = summary.receipts.as_ref().map(|receipts| receipts.missing);
    let why = match (summary.unanswered, missing) {
        (0, None) => "every message was answered".to_owned(),
        (0, Some(0)) => "every accepted message has exactly one final receipt".to_owned(),
        (unanswered, None) => format!("{} without an answer", grouped(unanswered)),
        (unanswered, Some(missing)) => {
            format!("{} without an answer, {} without a receipt", grouped(unanswered), grouped(missing))
        }
    };
    format!("    {:>11}   {why}", grouped(summary.lost()))
}

fn late(summary: &Summary) -> String {
    let share = summary.late as f64 / summary.sent.max(1) as f64 * 100.0;
    format!(
        "           {share:>5.2} %  left more than 2 ms after their turn; their times count from the turn"
    )
}

fn quantiles(quantiles: &Quantiles) -> String {
    let Quantiles { p50, p90, p99, p99_9, max } = quantiles;
    let [p50, p90, p99, p99_9, max] = [*p50, *p90, *p99, *p99_9, *max].map(tenths);
    format!("p50 {p50} · p90 {p90} · p99 {p99} · p99.9 {p99_9} · max {max}")
}

/// Tenths below 100, whole ones above.
fn tenths(ms: f64) -> String {
    if ms < 100.0 { format!("{ms:.1}") } else { grouped(ms.round() as u64) }
}

fn verdict(ui: &Ui, check: &Checked) {
    let (mark, tone) = if check.held { ("✓", Tone::Good) } else { ("✗", Tone::Bad) };
    let measured = (check.measured * 10.0).round() / 10.0;
    ui.line(format_args!("  {} {:<16} {measured}", ui.paint(tone, mark), check.expect.to_string()));
}
