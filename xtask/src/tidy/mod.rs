//! `cargo xtask tidy`: the rules of the house that a machine can hold.
//!
//! Each check is a function from a [`Tree`](tree::Tree) of files to [`Finding`](finding::Finding)s, so that a
//! made-up tree can show that it is able to fail.

mod circles;
mod clock;
mod edges;
mod finding;
mod imports;
mod lengths;
mod licences;
mod manifests;
mod modules;
mod report;
mod table;
mod tree;
mod words;

pub(crate) use report::run;
