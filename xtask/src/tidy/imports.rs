//! Who imports whom: the paths a module names, resolved to the files that define what they mean.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::modules::{Module, Way, is_for_tests};

/// For each file the files it imports from, with the first line that does so.
pub(crate) type Imports = BTreeMap<String, BTreeMap<String, usize>>;

/// Resolves every path of every module of one target.
pub(crate) fn of(modules: &BTreeMap<Way, Module>) -> Imports {
    let mut names = Names::default();
    for (way, module) in modules {
        names.collect(way, &module.file, &module.items);
    }
    let mut imports = Imports::new();
    for mention in &names.mentions {
        let Some(from) = names.scopes.get(&mention.within).map(|scope| &scope.file) else {
            continue;
        };
        let Some(to) = names.resolve(&mention.within, &mention.path, RESOLVE_DEPTH_MAX) else {
            continue;
        };
        if from == to {
            continue;
        }
        let line = imports.entry(from.clone()).or_default().entry(to.to_owned()).or_insert(mention.line);
        *line = mention.line.min(*line);
    }
    imports
}

/// Re-exports of re-exports are followed this far; a glob that leads to itself ends here.
const RESOLVE_DEPTH_MAX: usize = 8;

#[derive(Debug, Default)]
struct Names {
    scopes: BTreeMap<Way, Scope>,
    mentions: Vec<Mention>,
}

/// What one module (a file, or an inline module of it) defines and imports.
#[derive(Debug, Default)]
struct Scope {
    file: String,
    defined: BTreeSet<String>,
    imported: BTreeMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
}

/// A path as written, where it was written.
#[derive(Debug)]
struct Mention {
    within: Way,
    path: Vec<String>,
    line: usize,
}

impl Names {
    fn collect(&mut self, way: &Way, file: &str, items: &[syn::Item]) {
        let mut scope = Scope { file: file.to_owned(), ..Scope::default() };
        for item in items.iter().filter(|item| !is_for_tests(attributes(item))) {
            match item {
                syn::Item::Use(import) => self.import(way, &mut scope, import),
                syn::Item::Mod(module) => {
                    if let Some((_, items)) = &module.content {
                        let mut below = way.clone();
                        below.push(module.ident.to_string());
                        self.collect(&below, file, items);
                    }
                }
                _ => {
                    scope.defined.extend(name(item));
                    Paths { within: way, found: &mut self.mentions }.visit_item(item);
                }
            }
        }
        self.scopes.insert(way.clone(), scope);
    }

    fn import(&mut self, way: &Way, scope: &mut Scope, import: &syn::ItemUse) {
        let line = import.span().start().line;
        for leaf in leaves(&import.tree) {
            if !passes_on_a_child(&import.vis, &leaf.path) {
                self.mentions.push(Mention { within: way.clone(), path: leaf.path.clone(), line });
            }
            match leaf.name {
                Some(name) => drop(scope.imported.insert(name, leaf.path)),
                None => scope.globs.push(leaf.path),
            }
        }
    }

    /// The file that defines what `path` means inside the module `within`; none for another crate's things.
    fn resolve(&self, within: &Way, path: &[String], depth: usize) -> Option<&str> {
        let depth = depth.checked_sub(1)?;
        let (mut way, mut rest) = start(within, path);
        let mut relative = rest.len() == path.len();
        while let Some((first, after)) = rest.split_first() {
            let mut below = way.clone();
            below.push(first.clone());
            if !self.scopes.contains_key(&below) {
                return self.resolve_item(&way, first, after, depth).or_else(|| {
                    // What a macro defines is not seen: it counts as the module's own.
                    if relative { None } else { self.scopes.get(&way).map(|scope| scope.file.as_str()) }
                });
            }
            (way, rest, relative) = (below, after, false);
        }
        self.scopes.get(&way).map(|scope| scope.file.as_str())
    }

    fn resolve_item(&self, way: &Way, name: &String, after: &[String], depth: usize) -> Option<&str> {
        let scope = self.scopes.get(way)?;
        if scope.defined.contains(name) {
            return Some(&scope.file);
        }
        if let Some(path) = scope.imported.get(name) {
            // `use frame::frame` inside a scope names the module, not itself again.
            return self.resolve(way, &[path.as_slice(), after].concat(), depth);
        }
        let through = |glob: &Vec<String>| {
            let mut path = glob.clone();
            path.push(name.clone());
            self.resolve_strictly(way, &path, depth)
        };
        scope.globs.iter().find_map(through)
    }

    /// As [`resolve`](Self::resolve), but a name the module does not hold is none of it.
    fn resolve_strictly(&self, within: &Way, path: &[String], depth: usize) -> Option<&str> {
        let depth = depth.checked_sub(1)?;
        let (last, before) = path.split_last()?;
        let (mut way, rest) = start(within, before);
        way.extend(rest.iter().cloned());
        let mut below = way.clone();
        below.push(last.clone());
        match self.scopes.get(&below) {
            Some(scope) => Some(&scope.file),
            None => self.resolve_item(&way, last, &[], depth),
        }
    }
}

/// Where a path starts, and what is left of it: `crate`, `self` and `super` taken off.
fn start<'a>(within: &Way, path: &'a [String]) -> (Way, &'a [String]) {
    let mut way = within.clone();
    let mut rest = path;
    while let Some((first, after)) = rest.split_first() {
        match first.as_str() {
            "crate" => way.clear(),
            "self" => {}
            "super" => drop(way.pop()),
            _ => break,
        }
        rest = after;
    }
    (way, rest)
}

/// `pub use child::Thing` (also `self::child::Thing`): the parent shows what a child defines, it does not use it.
fn passes_on_a_child(visibility: &syn::Visibility, path: &[String]) -> bool {
    let shown = !matches!(visibility, syn::Visibility::Inherited);
    shown && !matches!(path.first().map(String::as_str), Some("crate" | "super"))
}

#[derive(Debug)]
struct Leaf {
    path: Vec<String>,
    /// The name it is known by here; none for a glob.
    name: Option<String>,
}

/// A `use` taken apart: one path for each thing it names.
fn leaves(tree: &syn::UseTree) -> Vec<Leaf> {
    let mut found = Vec::new();
    grow(tree, &mut Vec::new(), &mut found);
    found
}

fn grow(tree: &syn::UseTree, before: &mut Vec<String>, found: &mut Vec<Leaf>) {
    let leaf = |last: &syn::Ident, name: &syn::Ident| {
        let mut path = before.clone();
        if last != "self" || before.is_empty() {
            path.push(last.to_string());
        }
        let own = if name == "self" { path.last().cloned() } else { Some(name.to_string()) };
        Leaf { path, name: own }
    };
    match tree {
        syn::UseTree::Path(step) => {
            before.push(step.ident.to_string());
            grow(&step.tree, before, found);
            before.pop();
        }
        syn::UseTree::Name(name) => found.push(leaf(&name.ident, &name.ident)),
        syn::UseTree::Rename(renamed) => found.push(leaf(&renamed.ident, &renamed.rename)),
        syn::UseTree::Glob(_) => found.push(Leaf { path: before.clone(), name: None }),
        syn::UseTree::Group(group) => group.items.iter().for_each(|item| grow(item, before, found)),
    }
}

/// Every path of more than one part inside an item, also in the tokens of a macro call.
struct Paths<'a> {
    within: &'a Way,
    found: &'a mut Vec<Mention>,
}

impl Paths<'_> {
    fn mention(&mut self, path: Vec<String>, line: usize) {
        if path.len() > 1 {
            self.found.push(Mention { within: self.within.clone(), path, line });
        }
    }

    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let (mut line, mut colons) = (0, 0);
        for token in tokens {
            match token {
                TokenTree::Ident(word) if colons == 2 && !path.is_empty() => {
                    path.push(word.to_string());
                    colons = 0;
                }
                TokenTree::Ident(word) => {
                    self.mention(std::mem::take(&mut path), line);
                    (line, colons) = (word.span().start().line, 0);
                    path.push(word.to_string());
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                other => {
                    self.mention(std::mem::take(&mut path), line);
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        self.mention(path, line);
    }
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let words = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.mention(words, path.span().start().line);
        visit::visit_path(self, path);
    }

    fn visit_item_use(&mut self, import: &'ast syn::ItemUse) {
        let line = import.span().start().line;
        leaves(&import.tree).into_iter().for_each(|leaf| self.mention(leaf.path, line));
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}

fn name(item: &syn::Item) -> Option<String> {
    let ident = match item {
        syn::Item::Const(item) => &item.ident,
        syn::Item::Enum(item) => &item.ident,
        syn::Item::Fn(item) => &item.sig.ident,
        syn::Item::Macro(item) => item.ident.as_ref()?,
        syn::Item::Static(item) => &item.ident,
        syn::Item::Struct(item) => &item.ident,
        syn::Item::Trait(item) => &item.ident,
        syn::Item::TraitAlias(item) => &item.ident,
        syn::Item::Type(item) => &item.ident,
        syn::Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
