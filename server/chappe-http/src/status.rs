//! `GET /status`: the centre as a whole.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chappe_api::{Journal, Status, WarmCopy};
use chappe_exchange::Side;

use crate::centre::{About, Centre};
use crate::queues::queues;
use crate::time;

pub(crate) async fn show(State(centre): State<Arc<Centre>>) -> Json<Status> {
    let Centre { exchange, about, .. } = &*centre;
    let About { version, started, smpp, smpp_tls, http, data } = about.clone();
    let (policy, store) = (exchange.policy(), exchange.store());
    let counts = store.counts();
    let sessions = exchange.sessions().list();
    let binds = |side| sessions.iter().filter(|view| view.info.side == side).count();
    Json(Status {
        version: version.to_owned(),
        started,
        now: time::public(store.now()),
        smpp,
        smpp_tls,
        http,
        data,
        policy: policy.version,
        accounts: policy.accounts().count(),
        links: policy.links().count(),
        routes: policy.routes.iter().count(),
        binds_esme: binds(Side::Esme),
        binds_carrier: binds(Side::Carrier),
        binds_tls: sessions.iter().filter(|view| view.info.tls.is_some()).count(),
        live: counts.live,
        parked: counts.parked,
        journal: Journal { octets: counts.written, commits: counts.commits, sync_micros: counts.sync_micros },
        copy: counts.copy.map(|lag| WarmCopy {
            octets: lag.octets,
            millis: u64::try_from(lag.time.as_millis()).unwrap_or(u64::MAX),
        }),
        failure: store.failure().map(|failure| failure.to_string()),
        queues: queues(exchange),
    })
}
