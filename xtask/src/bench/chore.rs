//! What is measured, and where the tables go.

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::document::{self, Section};
use super::{codec, machine, session, way};

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// One area; without it all of them, and docs/benchmarks.md is written.
    area: Option<Area>,
    /// Messages of each end-to-end case.
    #[arg(long, default_value_t = 1_000_000)]
    messages: u64,
    /// Seconds of each session case.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Area {
    Codec,
    Session,
    EndToEnd,
}

/// Measures, prints, and writes the document where everything was measured.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let areas = [Area::Codec, Area::Session, Area::EndToEnd];
    let wanted = areas.into_iter().filter(|area| arguments.area.is_none_or(|one| one == *area));
    let neighbours = machine::neighbours();
    let mut sections = Vec::new();
    for area in wanted {
        let section = measure(area, arguments)?;
        println!("{section}");
        sections.push(section);
    }
    if arguments.area.is_none() {
        document::write(&sections, &neighbours)?;
    }
    Ok(())
}

fn measure(area: Area, arguments: &Arguments) -> Result<Section> {
    match area {
        Area::Codec => codec::measure(),
        Area::Session => session::measure(arguments.seconds),
        Area::EndToEnd => way::measure(arguments.messages),
    }
}
