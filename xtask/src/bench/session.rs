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

/// Lines of five words whose last four are numbers.
fn rows(said: &str) -> Vec<Vec<String>> {
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let is_row =
        |row: &Vec<String>| row.len() == 5 && row[1..].iter().all(|word| word.parse::<f64>().is_ok());
    let mut rows: Vec<Vec<String>> = said.lines().map(words).filter(is_row).collect();
    for row in &mut rows {
        row[2] = super::table::grouped(row[2].parse().unwrap_or(0.0));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rows_of_figures_are_taken() {
        let said =
            "case      window   messages/s  of floor CPU s per 100k\nfloor  10  288000  1.00  0.020\nnoise\n";
        assert_eq!(rows(said), [["floor", "10", "288 000", "1.00", "0.020"]]);
    }
}
