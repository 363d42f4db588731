//! Which way a number goes.

use std::collections::HashMap;

use crate::party::{AccountId, LinkId};

/// Where messages leave the centre.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Target {
    /// To a carrier or peer centre.
    Link(LinkId),
    /// To the mailbox of an account.
    Mailbox(AccountId),
}

/// A destination and the ways to it.
#[derive(Clone, Debug)]
pub struct Route {
    pub name: String,
    /// Patterns: digits, or digits with a final `*`; `*` is everything.
    pub destination: Vec<String>,
    /// Tried in this order; never empty.
    pub via: Vec<Target>,
}

/// All routes, ready for look-up: the longest prefix wins, the exact number before any prefix.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    routes: Vec<Route>,
    exact: HashMap<Vec<u8>, Ways>,
    prefixes: HashMap<Vec<u8>, Ways>,
    /// The lengths of the prefixes, the longest first.
    lengths: Vec<usize>,
}

/// The routes of one pattern: to links and to mailboxes, as places in the list.
#[derive(Clone, Copy, Debug, Default)]
struct Ways {
    link: Option<usize>,
    mailbox: Option<usize>,
}

impl Ways {
    fn find(self, prefer_mailbox: bool) -> Option<usize> {
        if prefer_mailbox { self.mailbox.or(self.link) } else { self.link.or(self.mailbox) }
    }
}

impl Routes {
    /// Of two routes with the same pattern and the same kind of target, the first counts.
    pub fn new(routes: Vec<Route>) -> Self {
        let mut all = Self::default();
        for (at, route) in routes.iter().enumerate() {
            for pattern in &route.destination {
                let (table, key) = match pattern.strip_suffix('*') {
                    Some(prefix) => (&mut all.prefixes, prefix),
                    None => (&mut all.exact, pattern.as_str()),
                };
                let key = key.strip_prefix('+').unwrap_or(key);
                let ways = table.entry(key.as_bytes().to_vec()).or_default();
                match route.via.first() {
                    Some(Target::Mailbox(_)) => ways.mailbox.get_or_insert(at),
                    Some(Target::Link(_)) | None => ways.link.get_or_insert(at),
                };
            }
        }
        all.lengths = all.prefixes.keys().map(Vec::len).collect();
        all.lengths.sort_unstable_by(|a, b| b.cmp(a));
        all.lengths.dedup();
        all.routes = routes;
        all
    }

    /// The route of a message that an account submitted; of equals, one to a link.
    pub fn outward(&self, destination: &[u8]) -> Option<&Route> {
        self.find(destination, false)
    }

    /// The route of a message that came in over a link; of equals, one to a mailbox.
    pub fn inward(&self, destination: &[u8]) -> Option<&Route> {
        self.find(destination, true)
    }

    /// The first link on the way of a message, of an account or from over a link.
    pub fn first(&self, destination: &[u8], outward: bool) -> Option<Target> {
        let route = if outward { self.outward(destination) } else { self.inward(destination) };
        route?.via.iter().copied().find(|way| matches!(way, Target::Link(_)))
    }

    /// The next link on the way of a message that did not get through by `present`: of its outward route, or of its inward
    /// one where that is the one it took.
    pub fn after(&self, destination: &[u8], present: Target) -> Option<Target> {
        let routes = [self.outward(destination), self.inward(destination)];
        let ways = routes.into_iter().flatten().map(|route| &route.via).find(|via| via.contains(&present))?;
        let rest = ways.iter().skip_while(|way| **way != present).skip(1);
        rest.copied().find(|way| matches!(way, Target::Link(_)) && *way != present)
    }

    fn find(&self, destination: &[u8], prefer_mailbox: bool) -> Option<&Route> {
        let exact = self.exact.get(destination).copied();
        let found = exact.or_else(|| {
            let fitting = self.lengths.iter().filter(|length| **length <= destination.len());
            fitting.filter_map(|length| self.prefixes.get(&destination[..*length])).copied().next()
        });
        self.routes.get(found?.find(prefer_mailbox)?)
    }

    /// Every route, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.routes.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(name: &str, destination: &str, via: Target) -> Route {
        Route { name: name.into(), destination: vec![destination.into()], via: vec![via] }
    }

    #[test]
    fn the_longest_prefix_wins_and_the_exact_number_before_it() {
        let link = Target::Link(LinkId(0));
        let routes = Routes::new(vec![
            route("world", "*", link),
            route("croatia", "385*", link),
            route("mobile", "38591*", link),
            route("one", "385911", link),
        ]);
        for (number, name) in
            [("1555", "world"), ("38512", "croatia"), ("3859122", "mobile"), ("385911", "one")]
        {
            assert_eq!(routes.outward(number.as_bytes()).map(|r| r.name.as_str()), Some(name), "{number}");
        }
        assert!(Routes::default().outward(b"1").is_none());
    }

    #[test]
    fn the_links_of_a_route_come_one_after_the_other_and_none_twice() {
        let link = |number| Target::Link(LinkId(number));
        let mut croatia = route("croatia", "385*", link(1));
        croatia.via = vec![link(1), link(2), link(3)];
        let routes = Routes::new(vec![croatia]);
        let after = |present| routes.after(b"38591", link(present));
        assert_eq!([1, 2, 3, 4].map(after), [Some(link(2)), Some(link(3)), None, None]);
        assert_eq!(routes.after(b"49", link(1)), None);
    }

    #[test]
    fn of_equals_a_submission_leaves_and_an_answer_comes_home() {
        let routes = Routes::new(vec![
            route("phones", "*", Target::Link(LinkId(0))),
            route("answers", "*", Target::Mailbox(AccountId(0))),
        ]);
        assert_eq!(routes.outward(b"1").map(|r| r.name.as_str()), Some("phones"));
        assert_eq!(routes.inward(b"1").map(|r| r.name.as_str()), Some("answers"));
    }
}
