//! Joins the files: one of each table, unique names, and no name that leads nowhere.

use std::collections::HashMap;

use super::checked::{Config, Route};
use super::doors::{Http, Smpp};
use super::file::Parts;
use super::nearest::nearest;
use super::problem::{Problem, Problems};
use super::queue::Queue;
use super::route::Via;
use super::source::{At, Place, Source};
use super::store::Store;
use super::{account, link, route};

/// All files together, with their places.
#[derive(Debug)]
pub(super) struct Joined {
    pub(super) smpp: Option<At<Smpp>>,
    pub(super) http: Option<At<Http>>,
    pub(super) store: Option<At<Store>>,
    pub(super) queue: Option<At<Queue>>,
    /// What holds where no file has a `[store]`.
    store_default: Store,
    /// The top of the first file.
    pub(super) top: Place,
    pub(super) accounts: Vec<account::Read>,
    pub(super) links: Vec<link::Read>,
    pub(super) routes: Vec<route::Read>,
    account_names: Vec<At<String>>,
    link_names: Vec<At<String>>,
}

/// Joins `parts`. Names are looked up only where all files are there (`whole`).
pub(super) fn join(
    first: &Source,
    parts: impl Iterator<Item = Parts>,
    whole: bool,
    problems: &Problems,
) -> Joined {
    let mut joined = Joined {
        smpp: None,
        http: None,
        store: None,
        queue: None,
        store_default: Store::beside(first),
        top: first.place(0),
        accounts: Vec::new(),
        links: Vec::new(),
        routes: Vec::new(),
        account_names: Vec::new(),
        link_names: Vec::new(),
    };
    for part in parts {
        once(&mut joined.smpp, part.smpp, "[smpp]", problems);
        once(&mut joined.http, part.http, "[http]", problems);
        once(&mut joined.store, part.store, "[store]", problems);
        once(&mut joined.queue, part.queue, "[queue]", problems);
        joined.accounts.extend(part.accounts);
        joined.links.extend(part.links);
        joined.routes.extend(part.routes);
        joined.account_names.extend(part.account_names);
        joined.link_names.extend(part.link_names);
    }
    unique("account", &joined.account_names, problems);
    unique("link", &joined.link_names, problems);
    unique("route", joined.routes.iter().map(|read| &read.name), problems);
    if whole {
        lookup(&joined, problems);
    }
    joined
}

fn once<T>(kept: &mut Option<At<T>>, found: Option<At<T>>, title: &str, problems: &Problems) {
    let Some(found) = found else { return };
    match kept {
        Some(first) => problems.add(
            found.place,
            format!("{title} a second time"),
            Some(format!("the first is at {}", first.place)),
        ),
        None => *kept = Some(found),
    }
}

fn unique<'a>(noun: &str, names: impl IntoIterator<Item = &'a At<String>>, problems: &Problems) {
    let mut seen: HashMap<&str, &Place> = HashMap::new();
    for At { value: name, place } in names {
        match seen.get(name.as_str()) {
            Some(first) => problems.add(
                place.clone(),
                format!("{noun} \"{name}\" a second time"),
                Some(format!("the first is at {first}")),
            ),
            None => {
                seen.insert(name, place);
            }
        }
    }
}

fn lookup(joined: &Joined, problems: &Problems) {
    let links: Vec<&str> = joined.link_names.iter().map(|at| at.value.as_str()).collect();
    let accounts: Vec<&str> = joined.account_names.iter().map(|at| at.value.as_str()).collect();
    for route in &joined.routes {
        for way in &route.via {
            let (noun, name, names) = match &way.value {
                Via::Link(name) => ("link", name, &links),
                Via::Account(name) => ("account", name, &accounts),
            };
            if names.contains(&name.as_str()) {
                continue;
            }
            let route = &route.name.value;
            problems.add(
                way.place.clone(),
                format!("route \"{route}\" goes via {noun} \"{name}\", which does not exist"),
                Some(meant(noun, name, names, &accounts)),
            );
        }
    }
}

fn meant(noun: &str, name: &str, names: &[&str], accounts: &[&str]) -> String {
    if noun == "link" && accounts.contains(&name) {
        return format!("an account's mailbox is written \"account:{name}\"");
    }
    match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None if names.is_empty() => format!("there is no [[{noun}]] in the file"),
        None => format!("there are: {}", names.join(", ")),
    }
}

impl Joined {
    /// Without the places.
    pub(super) fn checked(self, notes: Vec<Problem>) -> Config {
        let route = |read: route::Read| Route {
            name: read.name.value,
            destination: read.destination.into_iter().map(|at| at.value).collect(),
            via: read.via.into_iter().map(|at| at.value).collect(),
        };
        Config {
            smpp: self.smpp.map(|at| at.value).unwrap_or_default(),
            http: self.http.map(|at| at.value).unwrap_or_default(),
            store: self.store.map_or(self.store_default, |at| at.value),
            queue: self.queue.map(|at| at.value).unwrap_or_default(),
            accounts: self.accounts.into_iter().map(|read| (read.account, read.secret.secret)).collect(),
            links: self.links.into_iter().map(|read| (read.link, read.credentials)).collect(),
            routes: self.routes.into_iter().map(route).collect(),
            notes,
        }
    }
}
