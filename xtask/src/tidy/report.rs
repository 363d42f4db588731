//! All checks over the repository, one line a finding.

use anyhow::{Result, bail};

use super::finding::Finding;
use super::tree::Tree;
use super::{circles, clock, edges, lengths, licences, manifests, words};
use crate::shell;

/// Prints `path:line what` for each finding and the sum; an error where there is any.
pub(crate) fn run() -> Result<()> {
    let tree = Tree::of_repository(&shell::root())?;
    let mut findings = check(&tree);
    findings.extend(licences::check(&tree)?);
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    println!("tidy: {} files, {} findings", tree.len(), findings.len());
    if !findings.is_empty() {
        bail!("the tree breaks rules of the house; each line above names one");
    }
    Ok(())
}

fn check(tree: &Tree) -> Vec<Finding> {
    [edges::check, circles::check, lengths::check, words::check, clock::check, manifests::check]
        .iter()
        .flat_map(|check| check(tree))
        .collect()
}
