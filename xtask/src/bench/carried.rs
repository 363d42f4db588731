//! What TLS costs a session, and what sessions hold that have nothing to do.

use anyhow::{Result, ensure};

use super::beside;
use super::document::Section;
use super::table::{Table, grouped};
use crate::shell;

/// The rates over TLS beside plain TCP.
pub(crate) fn throughput(seconds: f64) -> Result<Section> {
    let lines = lines(&["throughput", &seconds.to_string()])?;
    let mut table = Table::with_head(&["way", "window", "messages/s", "of plain", "CPU s per 100k", "goal"]);
    for [way, window, rate, ratio, cpu] in lines {
        let goal = match (way.as_str(), ratio.parse::<f64>()) {
            ("TLS", Ok(ratio)) => format!("0.6 of plain: {}", if ratio >= 0.6 { "met" } else { "missed" }),
            _ => String::new(),
        };
        let rate = rate.parse().map_or(rate, grouped);
        table.push(vec![way, window, rate, ratio, cpu, goal]);
    }
    let about = "`cargo bench -p smpp-tokio --bench carried -- throughput`: our client against our server in batches over \
                 loopback, one connection, one thread a side, plain and over TLS.";
    Ok(Section { title: "Session over TLS", about: about.to_owned(), table })
}

/// The memory of sessions that are bound and silent.
pub(crate) fn idle() -> Result<Section> {
    let mut table =
        Table::with_head(&["way", "sessions", "MB resident", "MB anonymous", "octets a session", "goal"]);
    for [way, sessions, resident, anonymous, each] in lines(&["idle"])? {
        let most = if way.starts_with("TLS") { 400.0 } else { 100.0 };
        let goal = resident.parse::<f64>().map_or_else(
            |_| String::new(),
            |resident| format!("{most} MB: {}", if resident <= most { "met" } else { "missed" }),
        );
        table.push(vec![way, sessions, resident, anonymous, each, goal]);
    }
    let about = "`cargo bench -p smpp-tokio --bench carried -- idle`: sessions that are bound and say nothing, each side a \
                 process of its own.";
    Ok(Section { title: "Idle sessions", about: about.to_owned(), table })
}

/// Rows of five, without their head.
fn lines(arguments: &[&str]) -> Result<Vec<[String; 5]>> {
    let mut cargo = shell::cargo(&["bench", "--quiet", "--locked", "--package", "smpp-tokio"]);
    let rows = beside::rows(cargo.args(["--bench", "carried", "--"]).args(arguments))?;
    let rows: Vec<[String; 5]> = rows
        .into_iter()
        .filter_map(|words| words.try_into().ok())
        .filter(|row: &[String; 5]| row[0] != "way")
        .collect();
    ensure!(!rows.is_empty(), "the bench printed nothing");
    Ok(rows)
}
