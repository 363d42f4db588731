//! The session's own benchmark, whose table is taken over.

use anyhow::{Result, ensure};

use super::document::Section;
use super::table::Table;
use crate::shell;

pub(crate) fn measure(seconds: f64) -> Result<Section> {
    let seconds = seconds.to_string();
    let said =
        shell::read(&mut shell::cargo(&["bench", "--locked", "--package", "smpp-tokio", "--", &seconds]))?;
    let rows = rows(&said);
    ensure!(!rows.is_empty(), "cargo bench printed no table:\n{said}");
    let mut table =
        Table::with_head(&["case", "window", "messages/s", "of floor", "CPU s per 100k, both sides"]);
    rows.into_iter().for_each(|row| table.push(row));
    let about = "`cargo bench -p smpp-tokio`: our client against our server over loopback TCP, one connection, one \
                 thread a side; the floor moves the same frames and does nothing else.";
    Ok(Section { title: "Session", about: about.to_owned(), table })
}

/// Lines that end in four numbers; what stands before them is the name of the case.
fn rows(said: &str) -> Vec<Vec<String>> {
    said.lines().filter_map(row).collect()
}

fn row(line: &str) -> Option<Vec<String>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (name, figures) = words.split_at(words.len().checked_sub(4)?);
    let numbers: Vec<f64> = figures.iter().map_while(|word| word.parse().ok()).collect();
    if name.is_empty() || numbers.len() < figures.len() {
        return None;
    }
    let [window, _, ratio, cpu] = figures else { return None };
    let rate = super::table::grouped(numbers[1]);
    Some(vec![name.join(" "), (*window).to_owned(), rate, (*ratio).to_owned(), (*cpu).to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rows_of_figures_are_taken() {
        let said = "case      window   messages/s  of floor CPU s per 100k\nfloor  10  288000  1.00  0.020\none by one 10 9000 0.9 0.1\nnoise\n";
        assert_eq!(
            rows(said),
            [["floor", "10", "288 000", "1.00", "0.020"], ["one by one", "10", "9 000", "0.9", "0.1"]]
        );
    }
}
