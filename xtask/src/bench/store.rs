//! The store's own benchmark, whose lines are taken over.

use anyhow::{Result, ensure};

use super::document::Section;
use super::table::Table;
use crate::shell;

/// The whole life of `finished` messages, and a restart beside `queued` that wait.
pub(crate) fn measure(finished: u64, queued: u64) -> Result<Section> {
    let (of_finished, of_queued) = (finished.to_string(), queued.to_string());
    let mut arguments =
        vec!["bench", "--locked", "--package", "chappe-store-local", "--bench", "store", "--"];
    arguments.extend(["--finished", &of_finished, "--queued", &of_queued]);
    let said = shell::read(&mut shell::cargo(&arguments))?;
    let life = rows(&said);
    ensure!(!life.is_empty(), "cargo bench printed no figures:\n{said}");
    let history = [
        &["bench", "--locked", "--package", "chappe-store-local", "--bench", "history", "--"],
        &[&*of_finished][..],
    ];
    let searches = remarks(&shell::read(&mut shell::cargo(&history.concat()))?);
    ensure!(!searches.is_empty(), "cargo bench printed nothing about the history");
    let mut table = Table::with_head(&["what", "messages/s", "CPU µs each", "octets each"]);
    life.into_iter().chain(searches).for_each(|row| table.push(row));
    let about = "`cargo bench -p chappe-store-local --bench store`: the embedded store alone with durability power, \
                 history indexes included: accept, intend, settle, receipt, notified, forgotten; then messages that \
                 stay, and the restart beside them. Below: `--bench history`, searches of as many finished messages.";
    Ok(Section { title: "Store", about: about.to_owned(), table })
}

/// Lines with a name in their first columns; three numbers behind it are the figures, anything else is a remark.
fn rows(said: &str) -> Vec<Vec<String>> {
    said.lines().filter_map(row).collect()
}

fn row(line: &str) -> Option<Vec<String>> {
    let at = line.char_indices().nth(NAME).map(|(at, _)| at)?;
    let (name, figures) = line.split_at(at);
    let words: Vec<&str> = figures.split_whitespace().collect();
    let numbers = words.iter().filter(|word| word.parse::<f64>().is_ok()).count();
    if name.trim().is_empty() || numbers == 0 {
        return None;
    }
    let cells = match words[..] {
        [rate, cpu, octets] if numbers == 3 => {
            vec![super::table::grouped(rate.parse().unwrap_or(0.0)), cpu.to_owned(), octets.to_owned()]
        }
        _ => vec![words.join(" "), String::new(), String::new()],
    };
    Some([vec![name.trim().to_owned()], cells].concat())
}

/// Lines that say something in words: what, a colon or two blanks, and how much.
fn remarks(said: &str) -> Vec<Vec<String>> {
    let parts = |line: &str| {
        let (what, how_much) = line.split_once(": ").or_else(|| line.split_once("  ")).unwrap_or((line, ""));
        vec![what.trim().to_owned(), how_much.trim().to_owned(), String::new(), String::new()]
    };
    said.lines().filter(|line| line.contains(|letter: char| letter.is_ascii_digit())).map(parts).collect()
}

/// The columns of the name.
const NAME: usize = 46;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_remarks_are_told_apart() {
        let said = format!(
            "{:<46} {:>12} {:>12} {:>12}\n{:<46} {:>12} {:>12} {:>12}\n{:<46} {:>12} ms, 7 live\n",
            "",
            "messages/s",
            "CPU µs each",
            "octets each",
            "whole life",
            400_000,
            "2.50",
            "650.0",
            "opened again",
            812
        );
        let expected =
            [["whole life", "400 000", "2.50", "650.0"], ["opened again", "812 ms, 7 live", "", ""]];
        assert_eq!(rows(&said), expected);
        let said = "indexer: 0.5 µs\nby number    0.2 ms, at most 1 ms\n";
        assert_eq!(
            remarks(said),
            [["indexer", "0.5 µs", "", ""], ["by number", "0.2 ms, at most 1 ms", "", ""]]
        );
    }
}
