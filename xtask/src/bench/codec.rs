//! The codec's own benchmark, read from what criterion prints.

use anyhow::{Result, ensure};

use super::document::Section;
use super::table::Table;
use crate::shell;

pub(crate) fn measure() -> Result<Section> {
    let said = shell::read(&mut shell::cargo(&["bench", "--locked", "--package", "smpp-wire"]))?;
    let medians = medians(&said);
    ensure!(!medians.is_empty(), "cargo bench printed no time:\n{said}");
    let mut table = Table::with_head(&["case", "median", "of floor"]);
    for (name, nanoseconds) in &medians {
        table.push(vec![
            name.clone(),
            format!("{nanoseconds:.1} ns"),
            of_floor(&medians, name, *nanoseconds),
        ]);
    }
    let about = "`cargo bench -p smpp-wire`: one PDU, or 64 in a row where the name says so, beside a parser that \
                 only checks bounds and walks TLVs.";
    Ok(Section { title: "Codec", about: about.to_owned(), table })
}

/// The middle of `time: [low median high]`, in nanoseconds, for each name.
fn medians(said: &str) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    let mut last = "";
    for line in said.lines() {
        if let Some((before, times)) = line.split_once("time:") {
            let name = if before.trim().is_empty() { last } else { before };
            if let Some(time) = middle(times) {
                found.push((name.trim().to_owned(), time));
            }
        } else if !line.trim().is_empty() {
            last = line;
        }
    }
    found
}

fn middle(times: &str) -> Option<f64> {
    let words: Vec<&str> = times.trim().trim_matches(['[', ']']).split_whitespace().collect();
    let [_, _, number, unit, ..] = words.as_slice() else {
        return None;
    };
    let factor = match *unit {
        "ps" => 0.001,
        "ns" => 1.0,
        "µs" | "us" => 1_000.0,
        "ms" => 1_000_000.0,
        _ => return None,
    };
    number.parse::<f64>().ok().map(|number| number * factor)
}

/// The ratio to the case of the same group whose last part is `floor`.
fn of_floor(medians: &[(String, f64)], name: &str, time: f64) -> String {
    let Some((group, _)) = name.rsplit_once('/') else {
        return String::new();
    };
    let floor = medians.iter().find(|(other, _)| *other == format!("{group}/floor"));
    floor.map_or_else(String::new, |(_, floor)| format!("{:.2}", time / floor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beside_and_above_their_times_are_read() {
        let said = "decode/resp/ours        time:   [30.1 ns 31.0 ns 32.0 ns]\n\
                    a name that is too long for one line/floor\n                        time:   [1.0 µs 2.0 µs 3.0 µs]\n";
        let expected = [
            ("decode/resp/ours".to_owned(), 31.0),
            ("a name that is too long for one line/floor".to_owned(), 2_000.0),
        ];
        assert_eq!(medians(said), expected);
    }

    #[test]
    fn a_case_stands_beside_the_floor_of_its_group() {
        let medians = vec![("a/ours".to_owned(), 15.0), ("a/floor".to_owned(), 10.0)];
        assert_eq!(of_floor(&medians, "a/ours", 15.0), "1.50");
        assert_eq!(of_floor(&medians, "b/ours", 15.0), "");
    }
}
