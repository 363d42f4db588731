//! Reads what `spec/` says.

use serde_json::Value;
use std::path::PathBuf;

pub(crate) fn spec(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../spec").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn gsm0338() -> toml::Table {
    spec("gsm0338.toml").parse().unwrap()
}

/// The vectors of one kind; there is at least one.
pub(crate) fn vectors(kind: &str) -> Vec<Value> {
    let vectors: Vec<Value> = spec("vectors/shared.jsonl")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|vector| vector["kind"] == kind)
        .collect();
    assert!(!vectors.is_empty(), "no vector of the kind {kind}");
    vectors
}

pub(crate) fn text<'a>(vector: &'a Value, key: &str) -> &'a str {
    vector[key].as_str().unwrap_or_else(|| panic!("{} has no {key}", vector["id"]))
}

pub(crate) fn octets(vector: &Value, key: &str) -> Vec<u8> {
    unhex(text(vector, key))
}

pub(crate) fn number(vector: &Value, key: &str) -> usize {
    usize::try_from(vector[key].as_u64().unwrap_or_else(|| panic!("{} has no {key}", vector["id"]))).unwrap()
}

pub(crate) fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

pub(crate) fn can(vector: &Value, direction: &str) -> bool {
    [direction, "both"].contains(&text(vector, "direction"))
}
