//! Which file is which module: a target followed from its root through its `mod` declarations.

use std::collections::BTreeMap;

use super::tree::Tree;

/// A module's place below the root of its target: `["frame", "header"]` for `crate::frame::header`.
pub(crate) type Way = Vec<String>;

/// One file of a target, parsed.
pub(crate) struct Module {
    pub(crate) file: String,
    pub(crate) items: Vec<syn::Item>,
}

/// The roots of the targets in a crate's folder: library, binaries, tests, benches, examples.
pub(crate) fn roots<'a>(tree: &'a Tree, folder: &str) -> Vec<&'a str> {
    let is_root = |path: &str| {
        let Some(inner) = path.strip_prefix(folder).and_then(|inner| inner.strip_prefix('/')) else {
            return false;
        };
        let parts: Vec<&str> = inner.split('/').collect();
        matches!(
            parts.as_slice(),
            ["src", "lib.rs" | "main.rs"]
                | ["src", "bin", _]
                | ["src", "bin", _, "main.rs"]
                | ["tests" | "benches" | "examples", _]
                | ["tests" | "benches" | "examples", _, "main.rs"]
        )
    };
    tree.sources().map(|(path, _)| path).filter(|path| is_root(path)).collect()
}

/// The modules of the target whose root is the file `root`. Test-only modules are no part of the layers.
pub(crate) fn of_target(tree: &Tree, root: &str) -> BTreeMap<Way, Module> {
    let mut modules = BTreeMap::new();
    let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
    read(tree, root, folder, Way::new(), &mut modules);
    modules
}

/// Reads `file` as the module `way`, and the files of its children, which lie in `folder`.
fn read(tree: &Tree, file: &str, folder: &str, way: Way, modules: &mut BTreeMap<Way, Module>) {
    let Some(parsed) = tree.text(file).and_then(|text| syn::parse_file(text).ok()) else {
        return;
    };
    children(tree, &parsed.items, folder, &way, modules);
    modules.insert(way, Module { file: file.to_owned(), items: parsed.items });
}

fn children(tree: &Tree, items: &[syn::Item], folder: &str, way: &Way, modules: &mut BTreeMap<Way, Module>) {
    for item in items {
        let syn::Item::Mod(declared) = item else { continue };
        if is_for_tests(&declared.attrs) {
            continue;
        }
        let name = declared.ident.to_string();
        let inner = format!("{folder}/{name}");
        let mut below = way.clone();
        below.push(name);
        if let Some((_, items)) = &declared.content {
            children(tree, items, &inner, &below, modules);
            continue;
        }
        let places = [format!("{inner}.rs"), format!("{inner}/mod.rs")];
        if let Some(file) = places.iter().find(|file| tree.text(file).is_some()) {
            read(tree, file, &inner, below, modules);
        }
    }
}

/// Whether an item stands under `#[cfg(test)]`.
pub(crate) fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    let is_test = |attribute: &syn::Attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|condition| condition.is_ident("test"))
    };
    attributes.iter().any(is_test)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_followed_through_folders_and_inline_modules() {
        let tree = Tree::made_up(&[
            ("c/src/lib.rs", "mod a; mod b { mod c; } #[cfg(test)] mod d;"),
            ("c/src/a/mod.rs", "mod e;"),
            ("c/src/a/e.rs", ""),
            ("c/src/b/c.rs", ""),
            ("c/src/d.rs", ""),
            ("c/src/left_over.rs", ""),
        ]);
        let modules = of_target(&tree, "c/src/lib.rs");
        let files: Vec<&str> = modules.values().map(|module| module.file.as_str()).collect();
        assert_eq!(files, ["c/src/lib.rs", "c/src/a/mod.rs", "c/src/a/e.rs", "c/src/b/c.rs"]);
    }

    #[test]
    fn every_kind_of_target_is_a_root() {
        let roots_there =
            ["c/benches/b.rs", "c/src/bin/x.rs", "c/src/lib.rs", "c/src/main.rs", "c/tests/it/main.rs"];
        let mut files: Vec<(&str, &str)> = roots_there.iter().map(|path| (*path, "")).collect();
        files.extend([("c/tests/it/talk.rs", ""), ("c/src/a.rs", ""), ("cd/src/lib.rs", "")]);
        assert_eq!(roots(&Tree::made_up(&files), "c"), roots_there);
    }
}
