//! `POST /lab/reply`: a simulated phone sends a text.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chappe_api::{Problem, Replied, Reply};
use chappe_exchange::NotReplied;

use crate::centre::Centre;
use crate::error::Failed;

pub(crate) async fn send(
    State(centre): State<Arc<Centre>>,
    Json(reply): Json<Reply>,
) -> Result<Json<Replied>, Failed> {
    let Some(handsets) = &centre.handsets else {
        let detail = "this centre has no simulated phones; `chappe dev` has";
        return Err(Problem::new(404, "no_handsets", detail).into());
    };
    match handsets.reply(&reply.from, &reply.to, &reply.text) {
        Ok(replied) => Ok(Json(Replied { parts: replied.parts })),
        Err(error) => {
            let (status, reason) = match &error {
                NotReplied::NoReceiver => (503, "not_bound"),
                NotReplied::NotANumber(_) => (422, "invalid_destination"),
                NotReplied::Full => (503, "queue_full"),
            };
            Err(Problem::new(status, reason, error.to_string()).into())
        }
    }
}
