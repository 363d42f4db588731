//! What is measured, and where the tables go.

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::document::{self, Section};
use super::{carried, codec, machine, session, soak, store, way};

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Some areas; without any, all but the soak. What was measured is written into docs/benchmarks.md.
    areas: Vec<Area>,
    /// Messages of each end-to-end case.
    #[arg(long, default_value_t = 1_000_000)]
    messages: u64,
    /// Seconds of each session case.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Messages of the store's whole life, and as many that wait as one tenth of them.
    #[arg(long, default_value_t = 10_000_000)]
    finished: u64,
    /// Minutes of the soak.
    #[arg(long, default_value_t = 20)]
    minutes: u64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Area {
    Codec,
    Session,
    Store,
    EndToEnd,
    Soak,
}

/// Measures, prints, and writes into the document.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let all = [Area::Codec, Area::Session, Area::Store, Area::EndToEnd];
    let asked = &arguments.areas;
    let wanted = if asked.is_empty() { &all[..] } else { &asked[..] };
    let neighbours = machine::neighbours();
    let mut sections = Vec::new();
    for area in wanted {
        for section in measure(*area, arguments)? {
            println!("{section}");
            sections.push(section);
        }
    }
    document::write(&sections, &neighbours)
}

fn measure(area: Area, arguments: &Arguments) -> Result<Vec<Section>> {
    let section = match area {
        Area::Codec => codec::measure(),
        Area::Session => {
            let session = session::measure(arguments.seconds)?;
            return Ok(vec![session, carried::throughput(arguments.seconds)?, carried::idle()?]);
        }
        Area::Store => store::measure(arguments.finished, arguments.finished / 10),
        Area::Soak => soak::measure(arguments.minutes),
        Area::EndToEnd => way::measure(arguments.messages),
    }?;
    Ok(vec![section])
}
