//! `GET /message/{id}`: the story of a message.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use chappe_api::{Message, Problem, Step, StepKind};
use chappe_core::{Message as Body, MessageId, Timestamp};
use chappe_exchange::{Exchange, Scope, Story};

use crate::centre::Centre;
use crate::error::{Failed, of_store, ours};
use crate::{names, time};

pub(crate) async fn show(
    State(centre): State<Arc<Centre>>,
    Path(text): Path<String>,
) -> Result<Json<Message>, Failed> {
    let id: MessageId =
        text.parse().map_err(|error| Problem::new(400, "invalid_message_id", format!("{text}: {error}")))?;
    let store = Arc::clone(centre.exchange.store());
    // It may read files.
    let story = tokio::task::spawn_blocking(move || store.story(Scope::All, id)).await;
    match story.map_err(ours)? {
        Ok(Some(story)) => message(&centre.exchange, id, story).map(Json),
        Ok(None) => {
            let detail = format!("no message {id} is known here");
            Err(Problem::new(404, "invalid_message_id", detail).into())
        }
        Err(error) => Err(of_store(&error)),
    }
}

fn message(exchange: &Exchange, id: MessageId, story: Story) -> Result<Message, Failed> {
    let Story { body, steps, standing, .. } = story;
    let body = Body::read(&body).map_err(ours)?;
    // The first final state wins; later ones are told and change nothing.
    let ended = steps.iter().find_map(|step| match &step.kind {
        chappe_exchange::StepKind::Ended { state, .. } => Some(*state),
        chappe_exchange::StepKind::Receipt { state, .. } if state.is_final() => Some(*state),
        _ => None,
    });
    let state = ended.or(standing.as_ref().map(|standing| standing.state));
    Ok(Message {
        id: id.to_string(),
        state: state.map_or("ENROUTE", |state| state.stat()).to_owned(),
        source: body.source.to_string(),
        destination: body.destination.to_string(),
        data_coding: body.data_coding,
        esm_class: body.esm_class,
        registered_delivery: body.registered_delivery,
        octets: body.user_data.len(),
        header_octets: header_octets(&body),
        valid_until: (body.valid_until != Timestamp::ZERO).then(|| time::public(body.valid_until)),
        target: standing.as_ref().map(|standing| names::target(exchange, standing.target)),
        due: standing
            .as_ref()
            .filter(|standing| standing.ended.is_none() && !standing.on_its_way && !standing.sent)
            .map(|standing| time::public(standing.due)),
        attempts: standing.as_ref().map(|standing| standing.attempts),
        possible_duplicate: standing.is_some_and(|standing| standing.possible_duplicate),
        steps: steps
            .into_iter()
            .map(|step| Step { at: time::public(step.at), kind: kind(exchange, step.kind) })
            .collect(),
    })
}

/// The user data header with its length octet (SMPP 5.0 §4.7.12).
fn header_octets(body: &Body<'_>) -> usize {
    const UDHI: u8 = 0x40;
    match body.user_data.first() {
        Some(length) if body.esm_class & UDHI != 0 => usize::from(*length) + 1,
        _ => 0,
    }
}

fn kind(exchange: &Exchange, kind: chappe_exchange::StepKind) -> StepKind {
    use chappe_exchange::StepKind as Kept;
    let name = |target| names::target(exchange, target);
    match kind {
        Kept::Accepted { origin, target, class, policy, .. } => StepKind::Accepted {
            origin: names::origin(exchange, origin),
            target: name(target),
            class: class.name().to_owned(),
            policy,
        },
        Kept::Intended { target } => StepKind::Intended { target: name(target) },
        Kept::Sent { target, remote } => {
            StepKind::Sent { target: name(target), remote: remote.escape_ascii().to_string() }
        }
        Kept::Deferred { target, until, reason, in_doubt } => StepKind::Deferred {
            target: name(target),
            until: time::public(until),
            reason: reason.map(|reason| reason.name().to_owned()),
            in_doubt,
        },
        Kept::Ended { state, error, reason } => StepKind::Ended {
            state: state.stat().to_owned(),
            error: error.to_string(),
            reason: reason.map(|reason| reason.name().to_owned()),
        },
        Kept::Receipt { link, state, error, raw } => StepKind::Receipt {
            link: names::link(exchange, link),
            state: state.stat().to_owned(),
            error: error.to_string(),
            raw: raw.escape_ascii().to_string(),
        },
        Kept::Notified { target } => StepKind::Notified { target: name(target) },
        Kept::Cancelled => StepKind::Cancelled,
        Kept::Replaced => StepKind::Replaced,
        Kept::Moved { from, target, until, reason, by_hand } => StepKind::Moved {
            from: name(from),
            target: name(target),
            until: time::public(until),
            reason: reason.map(|reason| reason.name().to_owned()),
            by_hand,
        },
        Kept::Held { target, reason } => {
            StepKind::Held { target: name(target), reason: reason.map(|reason| reason.name().to_owned()) }
        }
        Kept::Scheduled { until } => StepKind::Scheduled { until: time::public(until) },
        Kept::Collected { until } => StepKind::Collected { until: time::public(until) },
        Kept::Joined { told } => StepKind::Joined { told: told.map(|told| told.stat().to_owned()) },
        Kept::LateReceipt { link, state, error, raw, contradicts } => StepKind::LateReceipt {
            link: names::link(exchange, link),
            state: state.stat().to_owned(),
            error: error.to_string(),
            raw: raw.escape_ascii().to_string(),
            contradicts,
        },
        Kept::Repeated => StepKind::Repeated,
        Kept::Noticed { state } => StepKind::Noticed { state: state.stat().to_owned() },
        Kept::SentAnew { sequence } => StepKind::SentAnew { id: exchange.store().id(sequence).to_string() },
        Kept::AgainOf { sequence } => StepKind::AgainOf { id: exchange.store().id(sequence).to_string() },
    }
}
