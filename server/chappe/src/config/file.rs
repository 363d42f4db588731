//! One file: its tables.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::doors::{self, Http, Smpp};
use super::problem::Problems;
use super::queue::{self, Queue};
use super::section::Section;
use super::source::{At, Source};
use super::store::{self, Store};
use super::{account, link, route};

/// What one file says.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) smpp: Option<At<Smpp>>,
    pub(super) http: Option<At<Http>>,
    pub(super) store: Option<At<Store>>,
    pub(super) queue: Option<At<Queue>>,
    pub(super) accounts: Vec<account::Read>,
    pub(super) links: Vec<link::Read>,
    pub(super) routes: Vec<route::Read>,
    /// Every name that is given to something, also where that is wrong in another way.
    pub(super) account_names: Vec<At<String>>,
    pub(super) link_names: Vec<At<String>>,
}

/// Reads a file; `None` when it is no TOML, of which every instance is told.
pub(super) fn read(source: &Source, problems: &Problems) -> Option<Parts> {
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    for error in &errors {
        let octet = error.span().map_or(0, |span| span.start);
        problems.add(source.place(octet), error.message(), None);
    }
    if !errors.is_empty() {
        // What could be recovered would only add problems that are none.
        return None;
    }
    let mut top = Section::new(source, problems, "the file", 0, document.get_ref());
    let smpp = table(&mut top, "smpp", "[smpp]").map(|section| placed(section, doors::smpp));
    let http = table(&mut top, "http", "[http]").map(|section| placed(section, doors::http));
    let store = table(&mut top, "store", "[store]").map(|section| placed(section, store::read));
    let queue = table(&mut top, "queue", "[queue]").map(|section| placed(section, queue::read));
    let accounts = each(&mut top, "account", "[[account]]", account::read);
    let links = each(&mut top, "link", "[[link]]", link::read);
    let routes = each(&mut top, "route", "[[route]]", route::read);
    let account_names = names(&mut top, "account", "system_id");
    let link_names = names(&mut top, "link", "name");
    top.not_built(&["rule"]);
    top.finish();
    Some(Parts { smpp, http, store, queue, accounts, links, routes, account_names, link_names })
}

fn names(top: &mut Section<'_>, key: &'static str, name: &str) -> Vec<At<String>> {
    let tables = top.value(key).and_then(|value| value.get_ref().as_array());
    let tables = tables.into_iter().flat_map(|list| list.iter());
    let named = tables.filter_map(|item| item.get_ref().get(name));
    named.filter_map(|value| Some(top.at(value, value.get_ref().as_str()?.to_owned()))).collect()
}

fn placed<T>(section: Section<'_>, read: impl FnOnce(Section<'_>) -> T) -> At<T> {
    At { place: section.place(), value: read(section) }
}

fn table<'a>(top: &mut Section<'a>, key: &'static str, title: &'static str) -> Option<Section<'a>> {
    let value = top.value(key)?;
    match value.get_ref().as_table() {
        Some(table) => Some(section(top, title, value, table)),
        None => {
            top.wrong(key, value, &format!("a table, {title}"), None);
            None
        }
    }
}

fn each<'a, T>(
    top: &mut Section<'a>,
    key: &'static str,
    title: &'static str,
    read: impl Fn(Section<'a>) -> Option<T>,
) -> Vec<T> {
    let Some(value) = top.value(key) else {
        return Vec::new();
    };
    let tables = value.get_ref().as_array();
    let tables = tables.filter(|list| list.iter().all(|item| item.get_ref().is_table()));
    let Some(tables) = tables else {
        top.wrong(
            key,
            value,
            &format!("a list of tables, each under {title}"),
            Some(format!("write {title}")),
        );
        return Vec::new();
    };
    let tables = tables.iter().filter_map(|item| Some((item, item.get_ref().as_table()?)));
    tables.filter_map(|(item, table)| read(section(top, title, item, table))).collect()
}

fn section<'a>(
    top: &Section<'a>,
    title: &'static str,
    value: &Spanned<DeValue<'a>>,
    table: &'a DeTable<'a>,
) -> Section<'a> {
    Section::new(top.source, top.problems, title, value.span().start, table)
}
