//! The TCP door: health and metrics.

use std::future::Future;
use std::io;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chappe_api::Problem;
use chappe_exchange::Exchange;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;

use crate::error::{self, Failed, ours};

#[derive(Debug)]
struct Shown {
    exchange: Arc<Exchange>,
    registry: Registry,
}

/// Serves `/healthz` and `/metrics` until `stop` resolves.
///
/// # Errors
///
/// None that ends it in practice; an accept that fails is tried again.
pub async fn public(
    listener: TcpListener,
    exchange: Arc<Exchange>,
    registry: Registry,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let router = Router::new()
        .route("/healthz", get(healthz))
        .route("/metrics", get(metrics))
        .fallback(error::unknown_path)
        .with_state(Arc::new(Shown { exchange, registry }));
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}

/// 200 while messages can be stored, 503 with the cause once they cannot.
async fn healthz(State(shown): State<Arc<Shown>>) -> Result<&'static str, Failed> {
    match shown.exchange.store().failure() {
        None => Ok("ok\n"),
        Some(failure) => {
            let reason = failure.reason();
            Err(Problem::new(503, reason.name(), failure.to_string()).into())
        }
    }
}

async fn metrics(State(shown): State<Arc<Shown>>) -> Result<Response, Failed> {
    let mut text = String::new();
    encode(&mut text, &shown.registry).map_err(ours)?;
    let media_type = [(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")];
    Ok((StatusCode::OK, media_type, text).into_response())
}
