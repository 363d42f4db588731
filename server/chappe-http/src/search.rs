//! `POST /messages/find`: searches history.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chappe_api::{Found, FoundMessage, Search};
use chappe_core::{Address, Message};
use chappe_exchange::{Exchange, Filter, Scope, Summary};

use crate::centre::Centre;
use crate::error::{Failed, of_store, ours};
use crate::{names, parties, time};

const LIMIT_DEFAULT: usize = 50;
const LIMIT_MAX: usize = 1_000;

pub(crate) async fn find(
    State(centre): State<Arc<Centre>>,
    Json(search): Json<Search>,
) -> Result<Json<Found>, Failed> {
    let exchange = &centre.exchange;
    let filter = filter(exchange, &search)?;
    let limit = search.limit.unwrap_or(LIMIT_DEFAULT).clamp(1, LIMIT_MAX);
    let store = Arc::clone(exchange.store());
    // It reads files.
    let page =
        tokio::task::spawn_blocking(move || store.history(Scope::All, &filter, search.before, limit)).await;
    let page = page.map_err(ours)?.map_err(|error| of_store(&error))?;
    let messages = page.found.iter().map(|summary| found(exchange, summary)).collect();
    Ok(Json(Found { messages, next: page.next }))
}

fn filter(exchange: &Exchange, search: &Search) -> Result<Filter, Failed> {
    let Search { to, from, account, remote, since, until, limit: _, before: _ } = search;
    // As messages have them, so that +385… and 00385… find the same.
    let number = |text: &String| Address { ton: 0, npi: 0, digits: text.trim().as_bytes() }.normal().into();
    Ok(Filter {
        to: to.as_ref().map(number),
        from: from.as_ref().map(number),
        account: account.as_deref().map(|name| parties::account(exchange, name)).transpose()?,
        since: since.map(time::ours),
        until: until.map(time::ours),
        remote: match remote {
            Some(remote) => Some((parties::link(exchange, &remote.link)?, remote.id.as_bytes().into())),
            None => None,
        },
    })
}

fn found(exchange: &Exchange, summary: &Summary) -> FoundMessage {
    // What cannot be read is shown by what is known of it beside.
    let message = Message::read(&summary.body).unwrap_or_default();
    FoundMessage {
        id: summary.id.to_string(),
        accepted: time::public(summary.accepted_at),
        origin: names::origin(exchange, summary.origin),
        source: message.source.to_string(),
        destination: message.destination.to_string(),
        target: names::target(exchange, summary.target),
        state: summary.state.stat().to_owned(),
        ended: summary.ended.map(|ended| time::public(ended.at)),
        reason: summary.ended.and_then(|ended| ended.reason).map(|reason| reason.name().to_owned()),
    }
}
