//! Crate edges: each `Cargo.toml` against the [table](super::table).

use toml::Table;

use super::finding::Finding;
use super::table::{self, FOR_TESTS, Row};
use super::tree::Tree;

/// The edges of every crate, and that `protocol/` never names `server/`.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for folder in tree.crates() {
        let path = format!("{folder}/Cargo.toml");
        let text = tree.text(&path).unwrap_or_default();
        let Some(row) = table::row(folder) else {
            findings.push(Finding::of(&path, "is a crate that the table of crates does not know"));
            continue;
        };
        match text.parse::<Table>() {
            Ok(manifest) => findings.extend(crate_edges(row, &path, text, &manifest)),
            Err(error) => findings.push(Finding::of(&path, error.message())),
        }
    }
    findings.extend(upward_names(tree));
    findings
}

fn crate_edges(row: &Row, path: &str, text: &str, manifest: &Table) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (kind, name) in dependencies(manifest) {
        let allowed = match kind {
            Kind::Shipped => may_ship(row, &name),
            Kind::ForTests => may_test(row, &name),
        };
        if !allowed {
            let what = format!("{} may not depend on {name}{}", row.name(), kind.remark());
            findings.push(Finding::at(path, line_of(text, &name), what));
        }
    }
    findings
}

fn may_ship(row: &Row, name: &str) -> bool {
    match table::named(name) {
        Some(_) => row.ours.contains(&name),
        None => row.outside.contains(&name) || row.common.allows(name),
    }
}

/// Tests may look further than the code, but never upwards.
fn may_test(row: &Row, name: &str) -> bool {
    let Some(other) = table::named(name) else {
        return FOR_TESTS.contains(&name) || may_ship(row, name);
    };
    let published = row.folder.starts_with("protocol/");
    below(other, row) && !(published && other.folder.starts_with("server/"))
}

fn below(other: &Row, row: &Row) -> bool {
    let place = |wanted: &Row| table::TABLE.iter().position(|row| row.folder == wanted.folder);
    place(other) <= place(row)
}

/// `protocol/` is published: its sources name no crate of `server/`, not even in a test or a comment.
fn upward_names(tree: &Tree) -> Vec<Finding> {
    let upward = concat!("chappe", "_");
    let lines = tree.sources().filter(|(path, _)| path.starts_with("protocol/")).flat_map(|(path, text)| {
        text.lines().enumerate().map(move |(number, line)| (path, number + 1, line))
    });
    lines
        .filter(|(_, _, line)| line.contains(upward))
        .map(|(path, line, _)| Finding::at(path, line, "protocol/ names a crate of server/"))
        .collect()
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Shipped,
    ForTests,
}

impl Kind {
    fn remark(self) -> &'static str {
        match self {
            Self::Shipped => "",
            Self::ForTests => ", not even in tests",
        }
    }
}

/// Every dependency by the name of its package, wherever a manifest can hold one.
fn dependencies(manifest: &Table) -> Vec<(Kind, String)> {
    let mut all = section(manifest);
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        all.extend(targets.values().filter_map(toml::Value::as_table).flat_map(section));
    }
    all
}

fn section(of: &Table) -> Vec<(Kind, String)> {
    let sections = [
        ("dependencies", Kind::Shipped),
        ("build-dependencies", Kind::Shipped),
        ("dev-dependencies", Kind::ForTests),
    ];
    let mut all = Vec::new();
    for (title, kind) in sections {
        let Some(entries) = of.get(title).and_then(toml::Value::as_table) else {
            continue;
        };
        for (key, value) in entries {
            let renamed = value.get("package").and_then(toml::Value::as_str);
            all.push((kind, renamed.unwrap_or(key).to_owned()));
        }
    }
    all
}

fn line_of(text: &str, name: &str) -> usize {
    text.lines().position(|line| line.trim_start().starts_with(name)).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(folder: &str, manifest: &str) -> Vec<String> {
        let tree = Tree::made_up(&[(&format!("{folder}/Cargo.toml"), manifest)]);
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_edge_of_the_table_is_allowed() {
        let manifest = "[dependencies]\nsmpp-wire.workspace = true\nbytes.workspace = true\n";
        assert_eq!(findings("protocol/smpp-session", manifest), [""; 0]);
    }

    #[test]
    fn an_edge_the_table_lacks_is_found_with_its_line() {
        let manifest = "[dependencies]\nchappe-store.workspace = true\nsmpp-wire.workspace = true\n";
        assert_eq!(
            findings("server/chappe-exchange", manifest),
            ["server/chappe-exchange/Cargo.toml:3 chappe-exchange may not depend on smpp-wire"]
        );
    }

    #[test]
    fn an_outside_crate_beyond_the_row_is_found_even_when_renamed_or_for_one_target() {
        let manifest = "[target.'cfg(unix)'.dependencies]\nnet = { package = \"tokio\", version = \"1\" }\n";
        assert_eq!(
            findings("server/chappe-core", manifest),
            ["server/chappe-core/Cargo.toml:1 chappe-core may not depend on tokio"]
        );
    }

    #[test]
    fn tests_of_protocol_may_not_name_the_server() {
        let manifest = "[dev-dependencies]\nchappe-core.workspace = true\ntempfile.workspace = true\n";
        assert_eq!(
            findings("protocol/smpp-tokio", manifest),
            ["protocol/smpp-tokio/Cargo.toml:2 smpp-tokio may not depend on chappe-core, not even in tests"]
        );
    }

    #[test]
    fn a_crate_outside_the_table_is_found() {
        assert_eq!(
            findings("server/chappe-misc", ""),
            ["server/chappe-misc/Cargo.toml:1 is a crate that the table of crates does not know"]
        );
    }

    #[test]
    fn protocol_sources_may_not_name_the_server() {
        let line = concat!("use chappe", "_core::Message;\n");
        let tree = Tree::made_up(&[("protocol/smpp-wire/src/lib.rs", line)]);
        assert_eq!(
            check(&tree)[0].to_string(),
            "protocol/smpp-wire/src/lib.rs:1 protocol/ names a crate of server/"
        );
    }

    #[test]
    fn no_row_of_the_table_points_upwards() {
        for row in table::TABLE {
            for name in row.ours {
                let other = table::named(name).unwrap_or_else(|| panic!("{name} has no row"));
                assert!(below(other, row) && other.folder != row.folder, "{} names {name}", row.folder);
            }
        }
    }
}
