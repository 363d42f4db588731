//! Why a message has no receipt yet, as the centre that has it knows.

use std::path::Path;

use chappe_api::{Message, StepKind};

use crate::control::{Control, Data};
use crate::times;

/// Where the message stands; `None` if its centre cannot tell.
pub(super) async fn why(data: &Path, id: &str) -> Option<String> {
    // The id came from outside; what is none must not become another path.
    if id.is_empty() || !id.bytes().all(|octet| octet.is_ascii_hexdigit()) {
        return None;
    }
    let control = Control::of(Data { data: Some(data.to_owned()) });
    let message: Message = control.get(&format!("/message/{id}")).await.ok()?;
    standing(&message)
}

fn standing(message: &Message) -> Option<String> {
    Some(match &message.steps.last()?.kind {
        StepKind::Accepted { target, .. } => format!("it waits for {target}"),
        StepKind::Intended { target } => format!("it left for {target}, which has not answered"),
        StepKind::Sent { target, .. } => format!("it is with {target}, which answered OK"),
        StepKind::Deferred { target, until, reason, in_doubt } => {
            let (reason, until) = (reason.as_deref().unwrap_or("no reason given"), times::clock(*until));
            match in_doubt {
                true => {
                    format!("{target}: {reason}; it may have it; tried again at {until} if no receipt comes")
                }
                false => format!("{target}: {reason}, {} so far; next try at {until}", tries(message)),
            }
        }
        StepKind::Ended { state, .. } | StepKind::Receipt { state, .. } => {
            format!("it ended as {state}; its receipt went to another session, or is on its way")
        }
        _ => return None,
    })
}

fn tries(message: &Message) -> String {
    match message.steps.iter().filter(|step| matches!(step.kind, StepKind::Intended { .. })).count() {
        1 => "1 try".into(),
        tries => format!("{tries} tries"),
    }
}
