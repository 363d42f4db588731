//! Every conversation of `talks/` goes as it is written.

use std::path::{Path, PathBuf};

use crate::script;
use crate::talk::start;

fn talks() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("talks");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "talk"));
    paths.sort();
    paths
}

#[test]
fn every_talk_goes_as_it_is_written() {
    let talks = talks();
    assert!(talks.len() >= 30, "{} talks", talks.len());
    let wrong: Vec<String> = talks
        .iter()
        .filter_map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy();
            script::run(&text, start()).err().map(|why| format!("{name}, {why}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_talk_that_says_something_else_fails_at_its_line() {
    let bind = "session mc\nesme> bind_transmitter #1 system_id=a password=b version=3.4\n";
    for (rest, line) in [
        ("told bind_receiver #1", "line 3"),
        ("told bind_transmitter #1\naccept #1 centre\nmc> bind_transmitter_resp #2 ok", "line 5"),
        ("told bind_transmitter #1\naccept #1 centre\nis state open", "line 5"),
        ("told bind_transmitter #1\naccept #1 centre\n+1s", "line 5"),
        ("told bind_transmitter #1\naccept #1 centre", "after line 4"),
        ("told bind_transmitter #1\naccept #2 centre", "line 4"),
        ("+1s", "line 3"),
        ("dance", "line 3"),
    ] {
        let why = script::run(&format!("{bind}{rest}"), start()).unwrap_err();
        assert!(why.contains(line), "{rest}: {why}");
    }
}
