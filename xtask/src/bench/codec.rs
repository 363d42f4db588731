//! The codec beside those of others: time and instructions.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, ensure};

use super::document::Section;
use super::table::Table;
use super::{beside, instructions};

pub(crate) fn measure() -> Result<Section> {
    let binary = beside::build()?;
    let figures = figures(&binary)?;
    let mut table =
        Table::with_head(&["case", "codec", "ns a PDU", "of floor", "instructions", "of floor", "goal"]);
    for figure in &figures {
        let floor = figures.iter().find(|other| other.case == figure.case && other.codec == FLOOR);
        let ratio = |of: fn(&Figure) -> f64| {
            floor.map_or_else(String::new, |floor| format!("{:.2}", of(figure) / of(floor)))
        };
        table.push(vec![
            figure.case.clone(),
            figure.codec.clone(),
            format!("{:.1}", figure.nanoseconds),
            ratio(|figure| figure.nanoseconds),
            format!("{:.0}", figure.instructions),
            ratio(|figure| figure.instructions),
            goal(figure, floor),
        ]);
    }
    let about = "`cargo xtask bench codec`: the same octets for all, in one run; the middle of 101 samples taken in turn. \
                 Instructions by callgrind, which do not depend on the neighbours. The floor only checks bounds and walks \
                 TLVs. smpp-codec and smpp34 are given frames that are cut already, by nothing but their length; smpp34 is \
                 given a clone of the message that it encodes, since it takes it by value; Rusmpp's owned form takes its \
                 octets out of a buffer, and filling that counts.";
    Ok(Section { title: "Codec", about: about.to_owned(), table })
}

#[derive(Debug)]
struct Figure {
    case: String,
    codec: String,
    nanoseconds: f64,
    instructions: f64,
}

fn figures(binary: &Path) -> Result<Vec<Figure>> {
    instructions::require()?;
    let pdus: BTreeMap<(String, String), f64> = rows(binary, "cases")?.into_iter().collect();
    let times = rows(binary, "codec")?;
    ensure!(!times.is_empty(), "the bench printed no time");
    let mut figures = Vec::new();
    for ((case, codec), nanoseconds) in times {
        let a_time = instructions::a_time(binary, &["count", &case, &codec])?;
        let pdus = pdus.get(&(case.clone(), codec.clone())).copied().unwrap_or(1.0);
        figures.push(Figure { case, codec, nanoseconds, instructions: a_time / pdus });
    }
    Ok(figures)
}

/// Lines of a case, a codec and a number.
fn rows(binary: &Path, what: &str) -> Result<Vec<((String, String), f64)>> {
    let row = |words: Vec<String>| match <[String; 3]>::try_from(words) {
        Ok([case, codec, number]) => number.parse().ok().map(|number| ((case, codec), number)),
        Err(_) => None,
    };
    Ok(beside::lines(binary, &[what])?.into_iter().filter_map(row).collect())
}

/// What our codec may take of the floor, and whether it does.
fn goal(figure: &Figure, floor: Option<&Figure>) -> String {
    let (true, Some(floor)) = (figure.codec == OURS, floor) else {
        return String::new();
    };
    let most = match figure.case.as_str() {
        "decode receipt with 2 TLVs" => 1.2,
        "encode submit_sm" => 1.3,
        _ => 1.0,
    };
    let met = figure.nanoseconds <= most * floor.nanoseconds;
    format!("≤ {most:.1}: {}", if met { "met" } else { "missed" })
}

const FLOOR: &str = "floor";
const OURS: &str = "smpp-wire";

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(case: &str, codec: &str, nanoseconds: f64) -> Figure {
        Figure { case: case.to_owned(), codec: codec.to_owned(), nanoseconds, instructions: 1.0 }
    }

    #[test]
    fn a_goal_is_held_against_the_floor_of_its_case() {
        let floor = figure("encode submit_sm", FLOOR, 10.0);
        assert_eq!(goal(&figure("encode submit_sm", OURS, 12.9), Some(&floor)), "≤ 1.3: met");
        assert_eq!(goal(&figure("encode submit_sm", OURS, 13.1), Some(&floor)), "≤ 1.3: missed");
        assert_eq!(goal(&figure("encode submit_sm", "another", 99.0), Some(&floor)), "");
    }
}
