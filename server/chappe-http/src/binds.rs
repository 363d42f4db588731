//! `GET /binds`: who is bound.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chappe_api::{Bind, Side};
use chappe_exchange::SessionView;

use crate::centre::Centre;
use crate::time;

pub(crate) async fn list(State(centre): State<Arc<Centre>>) -> Json<Vec<Bind>> {
    Json(centre.exchange.sessions().list().into_iter().map(bind).collect())
}

fn bind(view: SessionView) -> Bind {
    let SessionView { number, info, pdus_in, pdus_out, window_used } = view;
    Bind {
        number,
        side: match info.side {
            chappe_exchange::Side::Esme => Side::Esme,
            chappe_exchange::Side::Carrier => Side::Carrier,
        },
        name: info.name,
        mode: info.mode.to_owned(),
        // Two decimal digits in one octet's two halves (SMPP 5.0 §4.7.13).
        version: format!("{}.{}", info.version >> 4, info.version & 0xf),
        peer: info.peer,
        tls: info.tls.map(str::to_owned),
        since: time::public(info.since),
        pdus_in,
        pdus_out,
        window_used,
    }
}
