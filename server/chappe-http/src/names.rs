//! What targets and origins are called.

use chappe_core::{AccountId, LinkId, Target};
use chappe_exchange::{Exchange, Origin};

/// `carrier-a`, or `account:acme` for a mailbox: as a route's `via` has it.
pub(crate) fn target(exchange: &Exchange, target: Target) -> String {
    let name = exchange.store().name(target);
    let name = name.as_deref().unwrap_or("?");
    match target {
        Target::Link(_) => name.to_owned(),
        Target::Mailbox(_) => format!("account:{name}"),
    }
}

/// Who handed a message in.
pub(crate) fn origin(exchange: &Exchange, origin: Origin) -> String {
    match origin {
        Origin::Account(id) => account(exchange, id),
        Origin::Link(id) => link(exchange, id),
    }
}

pub(crate) fn account(exchange: &Exchange, id: AccountId) -> String {
    target(exchange, Target::Mailbox(id))
}

pub(crate) fn link(exchange: &Exchange, id: LinkId) -> String {
    target(exchange, Target::Link(id))
}
