//! Words that may not stand in a committed file: `unsafe` as code, and paths of somebody's machine.

use proc_macro2::{TokenStream, TokenTree};

use super::finding::Finding;
use super::tree::Tree;

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        tree.sources().flat_map(|(path, text)| unsafe_code(path, text)).collect();
    findings.extend(tree.files().flat_map(|(path, text)| machine_paths(path, text, tree.here())));
    findings
}

/// The keyword itself; the lint cannot see what a macro or a disabled `cfg` hides.
fn unsafe_code(path: &str, text: &str) -> Vec<Finding> {
    match text.parse::<TokenStream>() {
        Ok(tokens) => {
            keyword_lines(tokens).into_iter().map(|line| Finding::at(path, line, "unsafe code")).collect()
        }
        Err(error) => vec![Finding::at(path, error.span().start().line, "is not Rust that can be read")],
    }
}

fn keyword_lines(tokens: TokenStream) -> Vec<usize> {
    let mut lines = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(word) if word == "unsafe" => lines.push(word.span().start().line),
            TokenTree::Group(group) => lines.extend(keyword_lines(group.stream())),
            _ => {}
        }
    }
    lines
}

/// Put together here, so that this file does not find itself.
const PLACES: &[&str] =
    &[concat!("/ro", "ot/"), concat!("/Us", "ers/"), concat!("/wo", "rk/"), concat!("/tmp/", "target")];

/// Places of any machine, and those of the one this runs on. A made-up home in a test is nobody's.
fn machine_paths(path: &str, text: &str, here: &[String]) -> Vec<Finding> {
    let places = || PLACES.iter().copied().chain(here.iter().map(String::as_str));
    let place = |line: &str| places().find(|place| starts_a_path(line, place));
    text.lines()
        .enumerate()
        .filter_map(|(index, line)| place(line).map(|place| (index + 1, place)))
        .map(|(line, place)| Finding::at(path, line, format!("names a path of a machine: {place}…")))
        .collect()
}

/// `docs/root/x` is a place inside something; the same with nothing before it is a place on a machine.
fn starts_a_path(line: &str, place: &str) -> bool {
    let inner =
        |before: char| before.is_alphanumeric() || matches!(before, '.' | '_' | '-' | '}' | ')' | '*');
    line.match_indices(place).any(|(at, _)| !line[..at].chars().next_back().is_some_and(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        check(&Tree::made_up(&[(path, text)])).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn unsafe_code_is_found_even_inside_a_macro() {
        let text = concat!("fn a() {\n    vec![un", "safe { b() }];\n}\n");
        assert_eq!(findings("e2e/src/lib.rs", text), ["e2e/src/lib.rs:2 unsafe code"]);
    }

    #[test]
    fn the_word_in_a_comment_a_string_or_a_lint_is_not_code() {
        let text = "// unsafe\n#![forbid(unsafe_code)]\nconst A: &str = \"unsafe\";\n";
        assert_eq!(findings("e2e/src/lib.rs", text), [""; 0]);
    }

    #[test]
    fn a_path_of_a_machine_is_found_in_any_file() {
        let text = concat!("a\nsee /ro", "ot/notes\n");
        let expected = concat!("README.md:2 names a path of a machine: /ro", "ot/…");
        assert_eq!(findings("README.md", text), [expected]);
    }

    #[test]
    fn the_place_of_this_checkout_is_found_too() {
        let tree = Tree::made_up(&[("README.md", "see /home/ana/chappe/notes\n")]).at("/home/ana/chappe");
        let found = check(&tree);
        assert_eq!(found[0].to_string(), "README.md:1 names a path of a machine: /home/ana/chappe…");
    }

    #[test]
    fn a_path_inside_a_project_is_fine() {
        let text = concat!("docs/ro", "ot/index.html and https://example.org/wo", "rk\n");
        assert_eq!(findings("README.md", text), [""; 0]);
    }
}
