//! What is right but unwise.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use chappe_core::Link;
use smpp_tokio::ClientAuth;

use super::doors::Smpp;
use super::join::Joined;
use super::link::Read;
use super::problem::Problem;
use super::route::Via;
use super::source::Place;
use super::store::Durability;
use super::{network, retry, secret};

/// Everything unwise, in the order of the files.
pub(super) fn of(joined: &Joined) -> Vec<Problem> {
    let mut notes = Vec::new();
    doors(joined, &mut notes);
    keeping(joined, &mut notes);
    waiting(joined, &mut notes);
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
    if let Some(smpp) = joined.smpp.as_ref() {
        encryption(&smpp.value, &smpp.place, notes);
    }
    if let Some(smpp) = joined.smpp.as_ref()
        && smpp.value.unbound_per_address_max >= smpp.value.unbound_max
    {
        note(
            notes,
            &smpp.place,
            "one address alone can take every place of unbound_max and lock the others out",
        );
    }
}

/// Who could read along, and who could lie about where they come from.
fn encryption(smpp: &Smpp, place: &Place, notes: &mut Vec<Problem>) {
    for address in smpp.listen.iter().filter(|address| !network::is_private(address.ip())) {
        let what = format!(
            "{address} takes plain SMPP from other networks: passwords and texts can be read on the way; tls has a \
             listener of its own"
        );
        note(notes, place, what);
    }
    if smpp.listen.is_empty() && smpp.tls.is_none() && smpp.unix.is_none() {
        note(notes, place, "nothing listens: nobody can bind");
    }
    if let Some(tls) = &smpp.tls
        && let Some(unwise) = secret::readable_by_others(&tls.files.key)
    {
        note(notes, place, unwise);
    }
    if smpp.proxies.iter().any(|network| network.bits == 0) {
        note(notes, place, "proxy_protocol trusts everyone: any peer can name any address as its own");
    }
}

fn keeping(joined: &Joined, notes: &mut Vec<Problem>) {
    let Some((store, place)) = joined.store.as_ref().map(|store| (&store.value, &store.place)) else {
        return;
    };
    if store.history_days == 0 && store.history_octets == 0 {
        note(
            notes,
            place,
            "history_days and history_octets are both 0: the journal grows until the disk is full",
        );
    }
    if store.text_days > store.history_days && store.history_days > 0 {
        note(notes, place, "text_days is beyond history_days; texts go with their history");
    }
    if store.min_free == 0 {
        note(
            notes,
            place,
            "min_free is 0: messages are taken until the disk is full, and then nothing can be settled",
        );
    }
    if store.copy.as_ref().is_some_and(|copy| copy.starts_with(&store.path)) {
        note(notes, place, "copy lies within the data directory; what takes the one takes the other");
    }
}

fn waiting(joined: &Joined, notes: &mut Vec<Problem>) {
    let Some((queue, place)) = joined.queue.as_ref().map(|queue| (&queue.value, &queue.place)) else {
        return;
    };
    if queue.starvation < STARVATION_WISE {
        let what =
            format!("starvation {:?}: a campaign then takes turns with one-time passwords", queue.starvation);
        note(notes, place, what);
    }
    if queue.receipt_ttl < RECEIPT_TTL_WISE {
        let what = format!(
            "receipt_ttl {:?}: an application that is away for longer loses its receipts",
            queue.receipt_ttl
        );
        note(notes, place, what);
    }
}

const STARVATION_WISE: Duration = Duration::from_millis(100);
const RECEIPT_TTL_WISE: Duration = Duration::from_secs(3600);
const DUPLICATES_WISE: Duration = Duration::from_secs(24 * 3600);

fn accounts(joined: &Joined, notes: &mut Vec<Problem>) {
    if joined.accounts.is_empty() {
        note(notes, &joined.top, "no [[account]]: nobody can bind");
    }
    let smpp = joined.smpp.as_ref().map(|smpp| &smpp.value);
    let tls = smpp.and_then(|smpp| smpp.tls.as_ref());
    let listeners = smpp.into_iter().flat_map(|smpp| &smpp.listen);
    let open = listeners
        .chain(tls.into_iter().flat_map(|tls| &tls.listen))
        .any(|address| !address.ip().is_loopback());
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
        if let Some(window) = account.duplicates.filter(|window| *window > DUPLICATES_WISE) {
            let what = format!(
                "account \"{name}\" suppresses duplicates for {} h; each message of that time stays in memory",
                window.as_secs() / 3600
            );
            note(notes, &read.place, what);
        }
        if (account.tls_required || !account.certificate_names.is_empty()) && tls.is_none() {
            note(
                notes,
                &read.place,
                format!("account \"{name}\" needs TLS, and [smpp] has no tls: it cannot bind"),
            );
        }
        if !account.certificate_names.is_empty()
            && tls.is_some_and(|tls| tls.files.clients == ClientAuth::Off)
        {
            let what = format!(
                "account \"{name}\" has certificate_names, and tls asks for no certificate (client_ca): it cannot bind"
            );
            note(notes, &read.place, what);
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
        for kept in &read.kept {
            for unwise in &kept.unwise {
                note(notes, &kept.place, format!("link \"{name}\": {unwise}"));
            }
        }
        plain(read, notes);
        let used = joined
            .routes
            .iter()
            .flat_map(|route| &route.via)
            .any(|way| matches!(&way.value, Via::Link(link) if link == name));
        if !used {
            note(notes, &read.place, format!("no route goes via link \"{name}\""));
        }
        tries(joined, read, notes);
    }
}

/// A carrier on another network that is spoken to in the open. A name says nothing about where it leads.
fn plain(read: &Read, notes: &mut Vec<Problem>) {
    let Link { name, address, .. } = &read.link;
    let elsewhere = address.parse::<SocketAddr>().is_ok_and(|address| !network::is_private(address.ip()));
    if elsewhere && read.credentials.tls.is_none() {
        let what = format!(
            "link \"{name}\" sends its password and all texts in plain to {address}; tls = true hides them"
        );
        note(notes, &read.place, what);
    }
}

fn tries(joined: &Joined, read: &Read, notes: &mut Vec<Problem>) {
    let (link, name) = (&read.link, &read.link.name);
    if retry::is_hasty(&link.retry) {
        let what =
            format!("link \"{name}\" tries again within less than a second; carriers close such links");
        note(notes, &read.place, what);
    }
    if link.attempts_max == 1 {
        note(
            notes,
            &read.place,
            format!("link \"{name}\" has attempts_max 1: nothing is tried a second time"),
        );
    }
    if link.drops_max == 1 {
        let what =
            format!("link \"{name}\" has drops_max 1: a single loss of the link holds what was on its way");
        note(notes, &read.place, what);
    }
    // The defaults may lead elsewhere, too; whoever writes it down expects that there is such a way.
    let leads_on = link.retry.own().iter().any(|(_, rule)| rule.alternate);
    let has_next = joined.routes.iter().any(|route| {
        let place = route.via.iter().position(|way| matches!(&way.value, Via::Link(link) if link == name));
        place.is_some_and(|place| place + 1 < route.via.len())
    });
    if leads_on && !has_next {
        let what = format!("link \"{name}\" has rules with \"alternate\", and no route has a way after it");
        note(notes, &read.place, what);
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
