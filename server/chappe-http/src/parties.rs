//! Names from requests, back to what they stand for.

use chappe_api::Problem;
use chappe_core::{AccountId, LinkId, MessageId, Reason, Target};
use chappe_exchange::Exchange;

use crate::error::Failed;

/// `carrier-a`, or `account:acme` for a mailbox: of the configuration in force.
pub(crate) fn target(exchange: &Exchange, name: &str) -> Result<Target, Failed> {
    match name.strip_prefix("account:") {
        Some(system_id) => account(exchange, system_id).map(Target::Mailbox),
        None => link(exchange, name).map(Target::Link),
    }
}

pub(crate) fn link(exchange: &Exchange, name: &str) -> Result<LinkId, Failed> {
    let policy = exchange.policy();
    let found = policy.links().find(|(_, link)| link.name == name);
    found.map(|(id, _)| id).ok_or_else(|| unknown("link", name, policy.links().map(|(_, link)| &*link.name)))
}

pub(crate) fn account(exchange: &Exchange, system_id: &str) -> Result<AccountId, Failed> {
    let policy = exchange.policy();
    let names = || policy.accounts().map(|(_, account)| &*account.system_id);
    policy.account_id(system_id).ok_or_else(|| unknown("account", system_id, names()))
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Failed {
    const SHOWN: usize = 10;
    let mut known: Vec<_> = known.collect();
    known.sort_unstable();
    let more = known.len().saturating_sub(SHOWN);
    known.truncate(SHOWN);
    let names = match (known.len(), more) {
        (0, _) => format!("there is no {what} at all"),
        (_, 0) => format!("there is {}", known.join(", ")),
        _ => format!("there is {}, and {more} more", known.join(", ")),
    };
    Problem::new(404, format!("unknown_{what}"), format!("no {what} is called {name:?}; {names}")).into()
}

pub(crate) fn id(text: &str) -> Result<MessageId, Failed> {
    let read = text.parse();
    read.map_err(|error| Problem::new(400, "invalid_message_id", format!("{text}: {error}")).into())
}

/// `carrier_throttled`
pub(crate) fn reason(name: &str) -> Result<Reason, Failed> {
    let found = Reason::ALL.iter().find(|reason| reason.name() == name);
    let detail = || format!("{name:?} is no reason; a story or a queue shows them");
    found.copied().ok_or_else(|| Problem::new(422, "unknown_reason", detail()).into())
}
