//! `[[route]]`: which way a number goes.

use super::section::Section;
use super::source::At;

/// One way of a route, by name.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Via {
    Link(String),
    /// The mailbox of the account with this system_id.
    Account(String),
}

/// One route of the file; its names are not looked up yet.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub(super) name: At<String>,
    pub(super) destination: Vec<At<String>>,
    pub(super) via: Vec<At<Via>>,
}

pub(super) fn read(mut section: Section<'_>) -> Option<Read> {
    let name = section.required("name");
    let destination = section.strings("destination");
    match &destination {
        None => section.missing("destination"),
        Some(patterns) => patterns.iter().for_each(|at| pattern(&section, at)),
    }
    let via = ways(&mut section);
    section.not_built(&["account", "source", "time", "text", "weight"]);
    section.finish();
    Some(Read { name: name?, destination: destination?, via: via? })
}

fn pattern(section: &Section<'_>, at: &At<String>) {
    let digits = at.value.strip_suffix('*').unwrap_or(&at.value);
    let digits_alone = digits.strip_prefix('+').unwrap_or(digits);
    if at.value.is_empty() || !digits_alone.bytes().all(|octet| octet.is_ascii_digit()) {
        section.bad(
            at,
            format!("\"{}\" is not a pattern of numbers", at.value),
            Some("digits, or digits with a final *: \"385*\"; \"*\" is everything".into()),
        );
    }
}

fn ways(section: &mut Section<'_>) -> Option<Vec<At<Via>>> {
    let Some(value) = section.value("via") else {
        section.missing("via");
        return None;
    };
    let Some(list) = value.get_ref().as_array() else {
        let hint = value.get_ref().as_str().map(|name| format!("write via = [\"{name}\"]"));
        section.wrong("via", value, "a list of links", hint);
        return None;
    };
    if list.is_empty() {
        let at = section.at(value, ());
        section.bad(&at, "`via` is empty", None);
    }
    let mut ways = Vec::new();
    for item in list.iter() {
        let at = section.at(item, ());
        if item.get_ref().is_table() {
            section.bad(&at, "sharing load by weight in `via` is not built yet", None);
            continue;
        }
        let Some(name) = item.get_ref().as_str() else {
            section.wrong("via", item, "a list of links", None);
            continue;
        };
        if name.starts_with("webhook:") {
            section.bad(&at, "a webhook in `via` is not built yet", None);
            continue;
        }
        let via = match name.strip_prefix("account:") {
            Some(system_id) => Via::Account(system_id.to_owned()),
            None => Via::Link(name.to_owned()),
        };
        ways.push(section.at(item, via));
    }
    Some(ways)
}
