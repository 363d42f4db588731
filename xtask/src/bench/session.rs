//! The session beside those of others.

use anyhow::{Result, ensure};

use super::beside;
use super::document::Section;
use super::table::{Table, grouped};

pub(crate) fn measure(seconds: f64) -> Result<Section> {
    let binary = beside::build()?;
    let rows: Vec<Row> = beside::lines(&binary, &["session", &seconds.to_string()])?
        .into_iter()
        .filter_map(Row::read)
        .collect();
    ensure!(!rows.is_empty(), "the bench printed no rate");
    let mut table =
        Table::with_head(&["way", "window", "messages/s", "of floor", "CPU s per 100k, both sides", "goal"]);
    for row in &rows {
        let floor = rows.iter().find(|other| other.window == row.window && other.way == FLOOR);
        let ratio = floor.map(|floor| row.rate / floor.rate);
        table.push(vec![
            row.way.clone(),
            row.window.to_string(),
            grouped(row.rate),
            ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")),
            format!("{:.3}", row.cpu),
            row.goal(ratio),
        ]);
    }
    let about = "`cargo xtask bench session`: a client against a server over loopback TCP, one connection, one thread a \
                 side, everybody's in one run; the floor moves the same frames and does nothing else. Rusmpp is a codec: \
                 window and loop are the bench's own. smpp34 has as many tasks as the window has places.";
    Ok(Section { title: "Session", about: about.to_owned(), table })
}

/// One way of moving messages with one window.
#[derive(Debug)]
struct Row {
    way: String,
    window: u32,
    rate: f64,
    /// CPU seconds of both sides for 100 000 messages.
    cpu: f64,
}

impl Row {
    fn read(words: Vec<String>) -> Option<Self> {
        let [way, window, rate, cpu] = <[String; 4]>::try_from(words).ok()?;
        Some(Self { way, window: window.parse().ok()?, rate: rate.parse().ok()?, cpu: cpu.parse().ok()? })
    }

    /// What this way has to reach, and whether it does.
    fn goal(&self, of_floor: Option<f64>) -> String {
        let (rates, cpu_max) = match self.way.as_str() {
            "smpp-tokio, batch" | "smpp-tokio, submit_all" => ((1_300_000.0, 3_500_000.0), 0.05),
            "smpp-tokio, one by one" => ((900_000.0, 2_000_000.0), 0.1),
            _ => return String::new(),
        };
        let (goal, met) = match self.window {
            10 => ("0.9 of floor".to_owned(), of_floor.is_some_and(|ratio| ratio >= 0.9)),
            100 => (grouped(rates.0), self.rate >= rates.0),
            _ => (
                format!("{}, {cpu_max} CPU s", grouped(rates.1)),
                self.rate >= rates.1 && self.cpu <= cpu_max,
            ),
        };
        format!("{goal}: {}", if met { "met" } else { "missed" })
    }
}

const FLOOR: &str = "floor";

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: &str) -> Option<Row> {
        Row::read(line.split(" | ").map(str::to_owned).collect())
    }

    #[test]
    fn only_the_rows_of_figures_are_taken() {
        assert!(row("noise").is_none());
        let row = row("smpp-tokio, batch | 1000 | 4000000 | 0.04").expect("a row");
        assert_eq!((row.window, row.rate), (1000, 4_000_000.0));
    }

    #[test]
    fn each_window_has_its_goal() {
        let goal = |line: &str, ratio: f64| row(line).expect("a row").goal(Some(ratio));
        assert_eq!(goal("smpp-tokio, batch | 10 | 250000 | 0.3", 0.95), "0.9 of floor: met");
        assert_eq!(goal("smpp-tokio, one by one | 100 | 800000 | 0.1", 0.3), "900 000: missed");
        assert_eq!(goal("smpp-tokio, batch | 1000 | 4000000 | 0.06", 0.5), "3 500 000, 0.05 CPU s: missed");
        assert_eq!(goal("smpp34 | 10 | 1 | 9", 0.1), "");
    }
}
