//! Which messages a search asks for.

use chappe_core::{AccountId, Message, Timestamp};
use chappe_store::{Filter, Origin, Scope};

use super::key::{Key, normal};
use super::mark::{Mark, Span};
use super::touch::{Kind, Touch};

/// A scope and a filter in one, with its numbers as they are compared.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    to: Option<&'a [u8]>,
    from: Option<&'a [u8]>,
    account: Option<AccountId>,
    /// At or after this.
    since: Timestamp,
    /// Before this.
    until: Option<Timestamp>,
    /// Before this sequence number.
    before: u64,
}

impl<'a> Wanted<'a> {
    /// `None` if nothing can match.
    pub(crate) fn new(scope: Scope, filter: &'a Filter, before: Option<u64>) -> Option<Self> {
        let Filter { to, from, account, since, until, remote: _ } = filter;
        let account = match (scope, *account) {
            (Scope::Account(own), Some(other)) if own != other => return None,
            (Scope::Account(own), _) => Some(own),
            (Scope::All, account) => account,
        };
        Some(Self {
            to: to.as_deref().map(normal),
            from: from.as_deref().map(normal),
            account,
            since: since.unwrap_or(Timestamp::ZERO),
            until: *until,
            before: before.unwrap_or(u64::MAX),
        })
    }

    /// The keys that the record of every wanted message has, the most telling first.
    pub(crate) fn keys(&self) -> Vec<Key> {
        let to = self.to.map(Key::to);
        let from = self.from.map(Key::from);
        let account = self.account.map(Key::account);
        let keys: Vec<_> = [to, from, account].into_iter().flatten().collect();
        if keys.is_empty() { vec![Key::ANY] } else { keys }
    }

    /// Whether a wanted message can have been accepted within a span.
    pub(crate) fn meets(&self, span: &Span) -> bool {
        span.records > 0
            && span.sequences.0 < self.before
            && span.times.1 >= self.since
            && self.until.is_none_or(|until| span.times.0 < until)
    }

    /// Whether every message accepted within a span is wanted, as far as number and time tell.
    pub(crate) fn covers(&self, span: &Span) -> bool {
        span.sequences.1 < self.before
            && span.times.0 >= self.since
            && self.until.is_none_or(|until| span.times.1 < until)
    }

    /// Leaves out acceptances that stand before the first or behind the last that can be wanted.
    pub(crate) fn cut(&self, marks: &[Mark], touches: &mut Vec<Touch>) {
        let late =
            |mark: &Mark| mark.sequence >= self.before || self.until.is_some_and(|until| mark.time >= until);
        let end = marks.iter().find(|mark| late(mark)).map_or(u64::MAX, |mark| mark.offset);
        let begin = marks.iter().rev().find(|mark| mark.time < self.since).map_or(0, |mark| mark.offset);
        touches.retain(|touch| !touch.is(Kind::Accepted) || (begin..end).contains(&touch.offset()));
    }

    /// Whether this message is wanted.
    pub(crate) fn wants(&self, sequence: u64, at: Timestamp, origin: Origin, body: &[u8]) -> bool {
        let in_time = at >= self.since && self.until.is_none_or(|until| at < until);
        let owned = self.account.is_none_or(|account| origin == Origin::Account(account));
        if sequence >= self.before || !in_time || !owned {
            return false;
        }
        if self.to.is_none() && self.from.is_none() {
            return true;
        }
        let message = Message::read(body).unwrap_or_default();
        self.to.is_none_or(|to| message.destination.normal() == to)
            && self.from.is_none_or(|from| message.source.normal() == from)
    }
}
