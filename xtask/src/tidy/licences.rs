//! The licence of every crate that is built, against the list that `deny.toml` holds for cargo-deny too.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde::Deserialize;
use toml::{Table, Value};

use super::finding::Finding;
use super::tree::Tree;
use crate::shell;

const LIST: &str = "deny.toml";

/// Asks `cargo metadata` for the licence of every package in the lock file.
pub(crate) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut cargo = shell::cargo(&["metadata", "--format-version", "1", "--locked"]);
    let graph = serde_json::from_str(&shell::read(&mut cargo)?).context("cargo metadata")?;
    Ok(judge(tree, &graph))
}

#[derive(Debug, Deserialize)]
struct Graph {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
}

fn judge(tree: &Tree, graph: &Graph) -> Vec<Finding> {
    let Some(allowed) = allowed(tree) else {
        return vec![Finding::of(LIST, "has no list `licenses.allow`")];
    };
    let refused =
        |package: &&Package| !package.license.as_deref().is_some_and(|terms| permits(terms, &allowed));
    let finding = |package: &Package| {
        let terms = package.license.as_deref().unwrap_or("no licence");
        Finding::of("Cargo.lock", format!("{} {}: {terms} is not permitted", package.name, package.version))
    };
    graph.packages.iter().filter(refused).map(finding).collect()
}

fn allowed(tree: &Tree) -> Option<BTreeSet<String>> {
    let table: Table = tree.text(LIST)?.parse().ok()?;
    let list = table.get("licenses")?.get("allow")?.as_array()?;
    Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Whether an SPDX expression can be met with the allowed licences; `A/B` is the old form of `A OR B`.
fn permits(terms: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = terms.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any(&mut rest, allowed) == Some(true) && rest.is_empty()
}

/// Terms joined by OR; none where they cannot be read.
fn any(rest: &mut &[&str], allowed: &BTreeSet<String>) -> Option<bool> {
    let mut met = all(rest, allowed)?;
    while take(rest, "OR") {
        met |= all(rest, allowed)?;
    }
    Some(met)
}

fn all(rest: &mut &[&str], allowed: &BTreeSet<String>) -> Option<bool> {
    let mut met = one(rest, allowed)?;
    while take(rest, "AND") {
        met &= one(rest, allowed)?;
    }
    Some(met)
}

fn one(rest: &mut &[&str], allowed: &BTreeSet<String>) -> Option<bool> {
    if take(rest, "(") {
        let met = any(rest, allowed)?;
        return take(rest, ")").then_some(met);
    }
    let mut terms = next(rest)?.to_owned();
    if take(rest, "WITH") {
        terms = format!("{terms} WITH {}", next(rest)?);
    }
    Some(allowed.contains(&terms))
}

fn next<'a>(rest: &mut &[&'a str]) -> Option<&'a str> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    Some(first)
}

fn take(rest: &mut &[&str], word: &str) -> bool {
    let Some((first, after)) = rest.split_first() else {
        return false;
    };
    if *first == word {
        *rest = after;
    }
    *first == word
}

#[cfg(test)]
mod tests {
    use super::*;

    const DENY: &str = "[licenses]\nallow = [\"MIT\", \"Apache-2.0\", \"Unicode-3.0\", \"Apache-2.0 WITH LLVM-exception\"]\n";

    fn findings(licence: Option<&str>) -> Vec<String> {
        let package = Package {
            name: "x".to_owned(),
            version: "1.0.0".to_owned(),
            license: licence.map(str::to_owned),
        };
        let tree = Tree::made_up(&[("deny.toml", DENY)]);
        judge(&tree, &Graph { packages: vec![package] }).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_choice_with_one_permitted_licence_is_fine() {
        for terms in [
            "MIT",
            "MIT OR GPL-3.0",
            "GPL-3.0/Apache-2.0",
            "(MIT OR GPL-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
        ] {
            assert_eq!(findings(Some(terms)), [""; 0], "{terms}");
        }
    }

    #[test]
    fn what_the_list_lacks_is_found() {
        for terms in ["GPL-3.0-only", "MIT AND GPL-3.0", "MIT OR", "(MIT"] {
            assert_eq!(
                findings(Some(terms)),
                [format!("Cargo.lock:1 x 1.0.0: {terms} is not permitted")],
                "{terms}"
            );
        }
        assert_eq!(findings(None), ["Cargo.lock:1 x 1.0.0: no licence is not permitted"]);
    }

    #[test]
    fn a_missing_list_is_found() {
        let found = judge(&Tree::made_up(&[]), &Graph { packages: vec![] });
        assert_eq!(found[0].to_string(), "deny.toml:1 has no list `licenses.allow`");
    }
}
