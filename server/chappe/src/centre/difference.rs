//! What changed from one configuration to another.

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
        ("[smpp] timers", old.smpp.timers != new.smpp.timers),
        ("[http] listen", old.http != new.http),
        ("[store] path", old.store.path != new.store.path),
        ("[store] durability", old.store.durability != new.store.durability),
    ];
    let changed = keys.into_iter().filter(|(_, changed)| *changed);
    changed.map(|(key, _)| key.to_owned()).collect()
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
