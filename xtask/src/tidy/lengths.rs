//! Files of at most 500 lines and functions of at most 70, as a ratchet: an exception stands in
//! `tidy.toml` with its present number, and that number may only shrink.

use std::collections::BTreeMap;

use serde::Deserialize;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::finding::Finding;
use super::tree::Tree;

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
const RATCHET: &str = "tidy.toml";

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let ratchet = match Ratchet::of(tree) {
        Ok(ratchet) => ratchet,
        Err(finding) => return vec![finding],
    };
    let mut measured = Measured::default();
    for (path, text) in tree.sources() {
        measured.files.push(Length {
            name: path.to_owned(),
            path: path.to_owned(),
            line: 1,
            lines: text.lines().count(),
        });
        // A file that cannot be parsed is found by the check for words.
        if let Ok(file) = syn::parse_file(text) {
            Functions { path, within: Vec::new(), found: &mut measured.functions }.visit_file(&file);
        }
    }
    let mut findings = compare("file", &measured.files, FILE_LINES_MAX, &ratchet.files);
    findings.extend(compare("function", &measured.functions, FUNCTION_LINES_MAX, &ratchet.functions));
    findings
}

/// The exceptions: `"path" = lines` for files, `"path::function" = lines` for functions.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Ratchet {
    files: BTreeMap<String, usize>,
    functions: BTreeMap<String, usize>,
}

impl Ratchet {
    fn of(tree: &Tree) -> Result<Self, Finding> {
        let text = tree.text(RATCHET).unwrap_or_default();
        toml::from_str(text).map_err(|error| Finding::of(RATCHET, error.message()))
    }
}

#[derive(Debug, Default)]
struct Measured {
    files: Vec<Length>,
    functions: Vec<Length>,
}

#[derive(Debug)]
struct Length {
    name: String,
    path: String,
    line: usize,
    lines: usize,
}

fn compare(what: &str, measured: &[Length], max: usize, ratchet: &BTreeMap<String, usize>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for length in measured {
        let Length { name, path, line, lines } = length;
        match ratchet.get(name) {
            None if *lines > max => {
                findings.push(Finding::at(
                    path,
                    *line,
                    format!("{what} {name} has {lines} lines, at most {max}"),
                ));
            }
            Some(allowed) if lines > allowed => {
                let grown =
                    format!("{what} {name} has grown to {lines} lines from the {allowed} of {RATCHET}");
                findings.push(Finding::at(path, *line, grown));
            }
            Some(allowed) if lines < allowed => {
                let shrunk = format!("{name} has {lines} lines: {}", lowered(*lines, max));
                findings.push(Finding::of(RATCHET, shrunk));
            }
            _ => {}
        }
    }
    let gone = ratchet.keys().filter(|name| !measured.iter().any(|length| length.name == **name));
    findings.extend(gone.map(|name| Finding::of(RATCHET, format!("{name} is gone: take its entry out"))));
    findings
}

fn lowered(lines: usize, max: usize) -> String {
    if lines > max { format!("lower its entry to {lines}") } else { "take its entry out".to_owned() }
}

/// Functions with a body, from `fn` to the closing brace; what stands above `fn` does not count.
struct Functions<'a> {
    path: &'a str,
    within: Vec<String>,
    found: &'a mut Vec<Length>,
}

impl Functions<'_> {
    fn measure(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let first = signature.span().start().line;
        let last = body.span().end().line;
        let mut name = vec![self.path.to_owned()];
        name.extend(self.within.iter().cloned());
        name.push(signature.ident.to_string());
        self.found.push(Length {
            name: name.join("::"),
            path: self.path.to_owned(),
            line: first,
            lines: last - first + 1,
        });
    }

    fn inside(&mut self, name: String, visit: impl FnOnce(&mut Self)) {
        self.within.push(name);
        visit(self);
        self.within.pop();
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.measure(&function.sig, &function.block);
        self.inside(function.sig.ident.to_string(), |this| {
            visit::visit_item_fn(this, function);
        });
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.measure(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(body) = &function.default {
            self.measure(&function.sig, body);
        }
        visit::visit_trait_item_fn(self, function);
    }

    fn visit_item_impl(&mut self, block: &'ast syn::ItemImpl) {
        let name = match &*block.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        self.inside(name.unwrap_or_else(|| "impl".to_owned()), |this| {
            visit::visit_item_impl(this, block);
        });
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.inside(module.ident.to_string(), |this| {
            visit::visit_item_mod(this, module);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::made_up(files)).iter().map(ToString::to_string).collect()
    }

    fn function_of(lines: usize) -> String {
        format!("/// Doc.\nimpl A {{\n    fn long() {{\n{}    }}\n}}\n", "        a();\n".repeat(lines - 2))
    }

    #[test]
    fn a_file_of_501_lines_is_found() {
        assert_eq!(findings(&[("e2e/src/lib.rs", &"\n".repeat(500))]), [""; 0]);
        assert_eq!(
            findings(&[("e2e/src/lib.rs", &"\n".repeat(501))]),
            ["e2e/src/lib.rs:1 file e2e/src/lib.rs has 501 lines, at most 500"]
        );
    }

    #[test]
    fn a_function_of_71_lines_is_found_with_its_place() {
        assert_eq!(findings(&[("a.rs", &function_of(70))]), [""; 0]);
        assert_eq!(
            findings(&[("a.rs", &function_of(71))]),
            ["a.rs:3 function a.rs::A::long has 71 lines, at most 70"]
        );
    }

    #[test]
    fn an_exception_allows_its_number_and_nothing_above_it() {
        let ratchet = "[functions]\n\"a.rs::A::long\" = 80\n";
        assert_eq!(findings(&[("a.rs", &function_of(80)), ("tidy.toml", ratchet)]), [""; 0]);
        assert_eq!(
            findings(&[("a.rs", &function_of(81)), ("tidy.toml", ratchet)]),
            ["a.rs:3 function a.rs::A::long has grown to 81 lines from the 80 of tidy.toml"]
        );
    }

    #[test]
    fn an_exception_must_shrink_with_what_it_excuses() {
        let ratchet = "[functions]\n\"a.rs::A::long\" = 80\n";
        assert_eq!(
            findings(&[("a.rs", &function_of(75)), ("tidy.toml", ratchet)]),
            ["tidy.toml:1 a.rs::A::long has 75 lines: lower its entry to 75"]
        );
        assert_eq!(
            findings(&[("a.rs", &function_of(60)), ("tidy.toml", ratchet)]),
            ["tidy.toml:1 a.rs::A::long has 60 lines: take its entry out"]
        );
        assert_eq!(
            findings(&[("tidy.toml", ratchet)]),
            ["tidy.toml:1 a.rs::A::long is gone: take its entry out"]
        );
    }
}
