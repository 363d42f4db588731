//! Problems as answers.

use axum::Json;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use chappe_api::Problem;
use chappe_exchange::StoreError;

/// A problem on its way to the caller.
#[derive(Debug)]
pub(crate) struct Failed(pub(crate) Problem);

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let media_type = [(header::CONTENT_TYPE, Problem::MEDIA_TYPE)];
        (status, media_type, Json(self.0)).into_response()
    }
}

/// What the store could not do.
pub(crate) fn of_store(error: &StoreError) -> Failed {
    let reason = error.reason();
    Failed(Problem::new(reason.http(), reason.name(), error.to_string()))
}

/// What a thread of ours did not survive.
pub(crate) fn ours(what: impl std::fmt::Display) -> Failed {
    tracing::error!("{what}");
    Failed(Problem::new(500, "internal_error", what.to_string()))
}

pub(crate) async fn unknown_path(uri: Uri) -> Failed {
    Failed(Problem::new(404, "unknown_path", format!("there is no {}", uri.path())))
}
