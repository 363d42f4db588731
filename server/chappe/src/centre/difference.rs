//! What changed from one configuration to another.

use std::net::SocketAddr;

use chappe_api::{Changes, Reloaded};

use crate::config::Config;

/// What came, went or changed from `old` to `new`; `policy` is the number of the new one.
pub(super) fn difference(old: &Config, new: &Config, policy: u32) -> Reloaded {
    Reloaded {
        policy,
        accounts: changes(&old.accounts, &new.accounts, |(account, _)| &account.system_id),
        links: changes(&old.links, &new.links, |(link, _)| &link.name),
        routes: changes(&old.routes, &new.routes, |route| &route.name),
        restart: restart(old, new),
        notes: new.notes.iter().map(|note| format!("{}  {}", note.place, note.what)).collect(),
    }
}

/// The keys that are read at the start only.
fn restart(old: &Config, new: &Config) -> Vec<String> {
    let keys = [
        ("[smpp] listen", old.smpp.listen != new.smpp.listen),
        ("[smpp] unix", old.smpp.unix != new.smpp.unix),
        ("[smpp] tls", tls_listeners(old) != tls_listeners(new)),
        ("[smpp] proxy_protocol", old.smpp.proxies != new.smpp.proxies),
        ("[smpp] takeover", old.smpp.takeover != new.smpp.takeover),
        ("[smpp] timers", old.smpp.timers != new.smpp.timers),
        ("[smpp] unbound_max", old.smpp.unbound_max != new.smpp.unbound_max),
        (
            "[smpp] unbound_per_address_max",
            old.smpp.unbound_per_address_max != new.smpp.unbound_per_address_max,
        ),
        ("[http] listen", old.http != new.http),
        ("[store] path", old.store.path != new.store.path),
        ("[store] durability", old.store.durability != new.store.durability),
        ("[store] segment_octets", old.store.segment_octets != new.store.segment_octets),
        ("[store] live_max", old.store.live_max != new.store.live_max),
        ("[store] parked_max", old.store.parked_max != new.store.parked_max),
        ("[store] parked_for", old.store.parked_for != new.store.parked_for),
        ("[store] duplicates_max", old.store.duplicates_max != new.store.duplicates_max),
        ("[store] groups_max", old.store.groups_max != new.store.groups_max),
        ("[store] dead_max", old.store.dead_max != new.store.dead_max),
        ("[store] dead_for", old.store.dead_for != new.store.dead_for),
        ("[store] pending_octets", old.store.pending_octets != new.store.pending_octets),
        ("[store] reserve_octets", old.store.reserve_octets != new.store.reserve_octets),
        ("[store] bodies", old.store.bodies != new.store.bodies),
        ("[store] carry_octets", old.store.carry_octets != new.store.carry_octets),
        ("[store] history_days", old.store.history_days != new.store.history_days),
        ("[store] history_octets", old.store.history_octets != new.store.history_octets),
        ("[store] text_days", old.store.text_days != new.store.text_days),
        ("[store] min_free", old.store.min_free != new.store.min_free),
        ("[store] copy", old.store.copy != new.store.copy),
        ("[queue]", old.queue != new.queue),
    ];
    let changed = keys.into_iter().filter(|(_, changed)| *changed);
    changed.map(|(key, _)| key.to_owned()).collect()
}

/// Where TLS is spoken; the certificates are read again at each reload.
fn tls_listeners(config: &Config) -> Option<&[SocketAddr]> {
    config.smpp.tls.as_ref().map(|tls| tls.listen.as_slice())
}

fn changes<T: PartialEq>(old: &[T], new: &[T], name: impl Fn(&T) -> &String) -> Changes {
    let found = |list: &[T], wanted: &T| list.iter().position(|item| name(item) == name(wanted));
    let mut changes = Changes::default();
    for item in new {
        match found(old, item) {
            None => changes.added.push(name(item).clone()),
            Some(at) if old[at] != *item => changes.changed.push(name(item).clone()),
            Some(_) => {}
        }
    }
    let gone = old.iter().filter(|item| found(new, item).is_none());
    changes.removed = gone.map(|item| name(item).clone()).collect();
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_went_and_changed_is_told_by_name() {
        let old = [("a".to_owned(), 1), ("b".to_owned(), 2), ("c".to_owned(), 3)];
        let new = [("b".to_owned(), 2), ("c".to_owned(), 4), ("d".to_owned(), 5)];
        let Changes { added, removed, changed } = changes(&old, &new, |(name, _)| name);
        assert_eq!((added, removed, changed), (vec!["d".into()], vec!["a".into()], vec!["c".into()]));
    }
}
