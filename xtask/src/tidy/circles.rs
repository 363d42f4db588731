//! Import circles between the files of a crate: there are none, so that a file can be read after what it needs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::finding::Finding;
use super::imports::{self, Imports};
use super::modules;
use super::tree::Tree;

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let targets = tree.crates().flat_map(|folder| modules::roots(tree, folder));
    targets.flat_map(|root| circles(&imports::of(&modules::of_target(tree, root)))).collect()
}

/// One finding for each knot of files that reach each other: its shortest circle.
fn circles(imports: &Imports) -> Vec<Finding> {
    let mut told = BTreeSet::new();
    let mut findings = Vec::new();
    for file in imports.keys() {
        if told.contains(file) {
            continue;
        }
        if let Some(circle) = shortest_circle(imports, file) {
            findings.push(describe(imports, &circle));
            told.extend(circle);
        }
    }
    findings
}

/// The shortest way from `file` back to itself, without the return to the start.
fn shortest_circle(imports: &Imports, file: &String) -> Option<Vec<String>> {
    let mut came_from: BTreeMap<&String, &String> = BTreeMap::new();
    let mut next = VecDeque::from([file]);
    while let Some(here) = next.pop_front() {
        for there in imports.get(here).into_iter().flat_map(BTreeMap::keys) {
            if there == file {
                return Some(way_back(&came_from, here));
            }
            if !came_from.contains_key(there) {
                came_from.insert(there, here);
                next.push_back(there);
            }
        }
    }
    None
}

fn way_back(came_from: &BTreeMap<&String, &String>, last: &String) -> Vec<String> {
    let mut way = vec![last.clone()];
    let mut here = last;
    while let Some(before) = came_from.get(here) {
        way.push((*before).clone());
        here = before;
    }
    way.reverse();
    way
}

fn describe(imports: &Imports, circle: &[String]) -> Finding {
    let steps = circle.iter().zip(circle.iter().cycle().skip(1));
    let mut text = String::from("import circle:");
    for (from, to) in steps {
        let line = line(imports, from, to);
        text.push_str(&format!(" {from}:{line} →"));
    }
    text.push_str(&format!(" {}", circle[0]));
    let second = circle.get(1).unwrap_or(&circle[0]);
    Finding::at(&circle[0], line(imports, &circle[0], second), text)
}

fn line(imports: &Imports, from: &String, to: &String) -> usize {
    imports.get(from).and_then(|named| named.get(to)).copied().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(files: &[(&str, &str)]) -> Vec<String> {
        let mut all = vec![("c/Cargo.toml", "")];
        all.extend(files);
        check(&Tree::made_up(&all)).iter().map(ToString::to_string).collect()
    }

    const ROOT: (&str, &str) = ("c/src/lib.rs", "mod a; mod b; pub use a::A; pub use b::B;");
    const A_USES_B: (&str, &str) = ("c/src/a.rs", "use crate::b::B;\npub struct A(B);");
    const CIRCLE: &str = "c/src/a.rs:1 import circle: c/src/a.rs:1 → c/src/b.rs:2 → c/src/a.rs";

    #[test]
    fn two_files_that_want_each_other_are_found_with_the_way_round() {
        let b = ("c/src/b.rs", "pub struct B;\nimpl B { fn a() -> Option<crate::a::A> { None } }");
        assert_eq!(findings(&[ROOT, A_USES_B, b]), [CIRCLE]);
    }

    #[test]
    fn one_direction_is_fine() {
        assert_eq!(findings(&[ROOT, A_USES_B, ("c/src/b.rs", "pub struct B;")]), [""; 0]);
    }

    #[test]
    fn a_circle_through_a_re_export_a_glob_or_super_is_seen() {
        for import in
            ["use crate::A;", "use super::A;", "use super::*; type X = A;", "use crate::{a::{self}};"]
        {
            let b = format!("pub struct B;\n{import} fn a() {{ A::new(); }}");
            assert_eq!(findings(&[ROOT, A_USES_B, ("c/src/b.rs", &b)]), [CIRCLE], "{import}");
        }
    }

    #[test]
    fn a_circle_inside_a_macro_call_is_seen() {
        let b = ("c/src/b.rs", "pub struct B;\nfn a() { println!(\"{}\", crate::a::A::name()); }");
        assert_eq!(findings(&[ROOT, A_USES_B, b]), [CIRCLE]);
    }

    #[test]
    fn a_child_that_imports_from_a_parent_that_uses_it_is_a_circle() {
        let root = ("c/src/lib.rs", "mod a;");
        let parent = ("c/src/a/mod.rs", "mod b;\nuse b::B;\npub struct A(B);");
        let child = ("c/src/a/b.rs", "pub struct B;\nfn a() -> Option<super::A> { None }");
        assert_eq!(
            findings(&[root, parent, child]),
            ["c/src/a/b.rs:2 import circle: c/src/a/b.rs:2 → c/src/a/mod.rs:2 → c/src/a/b.rs"]
        );
    }

    #[test]
    fn a_parent_that_only_declares_and_re_exports_is_no_part_of_a_circle() {
        let root = ("c/src/lib.rs", "mod a;");
        let parent = ("c/src/a/mod.rs", "mod b; mod d;\npub(crate) use b::B;\npub(crate) use self::d::D;");
        let b = ("c/src/a/b.rs", "use super::D; pub struct B(D);");
        assert_eq!(findings(&[root, parent, b, ("c/src/a/d.rs", "pub struct D;")]), [""; 0]);
    }

    #[test]
    fn test_modules_may_look_anywhere() {
        let b = ("c/src/b.rs", "pub struct B;\n#[cfg(test)]\nmod tests { use crate::a::A; }");
        assert_eq!(findings(&[ROOT, A_USES_B, b]), [""; 0]);
    }

    #[test]
    fn a_circle_of_three_is_told_once() {
        let root = ("c/src/lib.rs", "mod a; mod b; mod d;");
        let found = findings(&[
            root,
            ("c/src/a.rs", "use crate::b::B; pub struct A;"),
            ("c/src/b.rs", "use crate::d::D; pub struct B;"),
            ("c/src/d.rs", "use crate::a::A; pub struct D;"),
        ]);
        assert_eq!(
            found,
            ["c/src/a.rs:1 import circle: c/src/a.rs:1 → c/src/b.rs:1 → c/src/d.rs:1 → c/src/a.rs"]
        );
    }
}
