//! What is right but unwise.

use std::collections::HashMap;

use super::join::Joined;
use super::problem::Problem;
use super::route::Via;
use super::source::Place;
use super::store::Durability;

/// Everything unwise, in the order of the files.
pub(super) fn of(joined: &Joined) -> Vec<Problem> {
    let mut notes = Vec::new();
    doors(joined, &mut notes);
    accounts(joined, &mut notes);
    links(joined, &mut notes);
    routes(joined, &mut notes);
    notes.sort_by(|a, b| a.place.cmp(&b.place));
    notes
}

fn note(notes: &mut Vec<Problem>, place: &Place, what: impl Into<String>) {
    notes.push(Problem { place: place.clone(), what: what.into(), hint: None });
}

fn doors(joined: &Joined, notes: &mut Vec<Problem>) {
    if let Some(http) = joined.http.as_ref().filter(|http| !http.value.listen.ip().is_loopback()) {
        note(notes, &http.place, format!("{} shows metrics to everyone who can reach it", http.value.listen));
    }
    if let Some(store) = joined.store.as_ref()
        && store.value.durability == Durability::Process
    {
        note(
            notes,
            &store.place,
            "durability \"process\": a loss of power can lose messages that were acknowledged",
        );
    }
}

fn accounts(joined: &Joined, notes: &mut Vec<Problem>) {
    if joined.accounts.is_empty() {
        note(notes, &joined.top, "no [[account]]: nobody can bind");
    }
    let open = joined
        .smpp
        .as_ref()
        .is_some_and(|smpp| smpp.value.listen.iter().any(|address| !address.ip().is_loopback()));
    for read in &joined.accounts {
        let (account, name) = (&read.account, &read.account.system_id);
        for unwise in &read.secret.unwise {
            note(notes, &read.secret.place, format!("account \"{name}\": {unwise}"));
        }
        if account.rate.is_none() {
            note(
                notes,
                &read.place,
                format!("account \"{name}\" has no rate limit; it may submit as fast as it can"),
            );
        }
        if open && account.allow_from.is_empty() {
            note(
                notes,
                &read.place,
                format!("account \"{name}\" may bind from everywhere; allow_from names its networks"),
            );
        }
    }
}

fn links(joined: &Joined, notes: &mut Vec<Problem>) {
    for read in &joined.links {
        let name = &read.link.name;
        for unwise in &read.kept.unwise {
            note(notes, &read.kept.place, format!("link \"{name}\": {unwise}"));
        }
        let used = joined
            .routes
            .iter()
            .flat_map(|route| &route.via)
            .any(|way| matches!(&way.value, Via::Link(link) if link == name));
        if !used {
            note(notes, &read.place, format!("no route goes via link \"{name}\""));
        }
    }
}

fn routes(joined: &Joined, notes: &mut Vec<Problem>) {
    if joined.routes.is_empty() {
        note(notes, &joined.top, "no [[route]]: every message is refused with no_route");
    }
    // Of two routes with the same pattern and kind of first way, the first counts.
    let mut seen: HashMap<(&str, bool), &str> = HashMap::new();
    for route in &joined.routes {
        let to_account = matches!(route.via.first().map(|at| &at.value), Some(Via::Account(_)));
        for pattern in &route.destination {
            let key = (pattern.value.trim_start_matches('+'), to_account);
            match seen.get(&key) {
                Some(first) => note(
                    notes,
                    &pattern.place,
                    format!("\"{}\" already goes the way of route \"{first}\"", pattern.value),
                ),
                None => {
                    seen.insert(key, &route.name.value);
                }
            }
        }
    }
}
