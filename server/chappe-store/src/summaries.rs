//! Summaries of messages, gathered from records.

use std::collections::BTreeMap;

use chappe_core::lifecycle::{self, State};
use chappe_core::{LinkId, Malformed, Message, MessageId};

use crate::history::{Filter, Page, Summary};
use crate::record::{Event, Readable, Record};
use crate::row::{ErrorCode, Final, Origin};
use crate::scope::Scope;

/// Every message that was accepted in the records that were read, with how it ended.
#[derive(Debug, Default)]
pub(crate) struct Summaries {
    messages: BTreeMap<u64, (Summary, Remotes)>,
}

/// The ids that carriers gave a message.
type Remotes = Vec<(LinkId, Box<[u8]>)>;

impl Summaries {
    /// Reads the next record.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when it cannot be read.
    pub(crate) fn read(&mut self, record: &[u8], id: impl Fn(u64) -> MessageId) -> Result<(), Malformed> {
        let record = Record::read(record)?;
        let at = record.time;
        record.each(|event| match event {
            Event::Accepted { sequence, origin, target, class, body, .. } => {
                let Readable { body, erased } = body.readable();
                let summary = Summary {
                    sequence,
                    id: id(sequence),
                    accepted_at: at,
                    origin,
                    target,
                    class,
                    body,
                    text_erased: erased,
                    state: State::Enroute,
                    ended: None,
                };
                self.messages.insert(sequence, (summary, Vec::new()));
            }
            Event::Moved { sequence, target, .. } => {
                if let Some((summary, _)) = self.messages.get_mut(&sequence) {
                    summary.target = target;
                }
            }
            Event::Replaced { sequence, body } => {
                if let Some((summary, _)) = self.messages.get_mut(&sequence) {
                    let Readable { body, erased } = body.readable();
                    (summary.body, summary.text_erased) = (body, erased);
                }
            }
            Event::Sent { sequence, target: chappe_core::Target::Link(link), remote } => {
                if let Some((_, remotes)) = self.messages.get_mut(&sequence) {
                    remotes.push((link, remote.into()));
                }
            }
            Event::Ended { sequence, ended, .. } => self.end(sequence, ended),
            Event::Receipt { sequence: Some(sequence), state, error, .. } if state.is_final() => {
                self.end(sequence, Final { state, error, reason: lifecycle::reason(state), at });
            }
            Event::Cancelled { sequence } => {
                let (state, error) = (State::Deleted, ErrorCode::default());
                self.end(sequence, Final { state, error, reason: None, at });
            }
            Event::Notified { sequence, .. } => {
                let (state, error) = (State::Delivered, ErrorCode::default());
                self.end(sequence, Final { state, error, reason: None, at });
            }
            _ => {}
        })
    }

    /// The first end counts.
    fn end(&mut self, sequence: u64, ended: Final) {
        if let Some((summary, _)) =
            self.messages.get_mut(&sequence).filter(|(known, _)| known.ended.is_none())
        {
            (summary.state, summary.ended) = (ended.state, Some(ended));
        }
    }

    /// Those that match, the newest first.
    pub(crate) fn page(&self, scope: Scope, filter: &Filter, before: Option<u64>, limit: usize) -> Page {
        let before = before.unwrap_or(u64::MAX);
        let mut matching = self
            .messages
            .range(..before)
            .rev()
            .map(|(_, message)| message)
            .filter(|(summary, remotes)| is_seen(scope, summary) && is_meant(filter, summary, remotes));
        let found: Vec<_> = matching.by_ref().take(limit).map(|(summary, _)| summary.clone()).collect();
        let next = found.last().map(|last| last.sequence).filter(|_| matching.next().is_some());
        Page { found, next }
    }
}

fn is_seen(scope: Scope, summary: &Summary) -> bool {
    match scope {
        Scope::All => true,
        Scope::Account(account) => summary.origin == Origin::Account(account),
    }
}

fn is_meant(filter: &Filter, summary: &Summary, remotes: &[(LinkId, Box<[u8]>)]) -> bool {
    let Filter { to, from, account, since, until, remote } = filter;
    let message = Message::read(&summary.body).unwrap_or_default();
    to.as_ref().is_none_or(|to| **to == *message.destination.digits)
        && from.as_ref().is_none_or(|from| **from == *message.source.digits)
        && account.is_none_or(|account| summary.origin == Origin::Account(account))
        && since.is_none_or(|since| summary.accepted_at >= since)
        && until.is_none_or(|until| summary.accepted_at < until)
        && remote.as_ref().is_none_or(|remote| remotes.contains(remote))
}
