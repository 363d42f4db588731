//! The codec from outside: its tables against the facts in `spec/`, its views against the vectors, its laws.

#![allow(clippy::unwrap_used)]

mod address;
mod codes;
mod fields;
mod frames;
mod generous;
mod laws;
mod sloppy;
mod spec;
mod strict;
mod tlvs;
mod vectors;
mod versions;

use std::fs;
use std::path::Path;

/// A file of the repository's `spec/` folder.
fn spec_file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
