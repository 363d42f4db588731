//! Carries the parts of one message over a session, and keeps what is heard of each.

use std::time::{Duration, Instant};

use smpp_tokio::{Connection, Event};
use smpp_wire::{CommandId, CommandStatus, DeliverSm, DeliverSmResp, FrameRef, SubmitSm, SubmitSmResp, Tag};
use sms_text::receipt::State;
use tokio::time::timeout_at;

use crate::ui::Trouble;
use crate::verbs::receipt::{Receipt, printable};

/// What is known of one part.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) answer: Option<Answer>,
    /// The final receipt, and how long after the answer it came.
    pub(super) receipt: Option<(Receipt, Duration)>,
}

/// The answer to a submit_sm.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: CommandStatus,
    pub(super) id: String,
    /// What the server adds to a refusal (additional_status_info_text).
    pub(super) reason: Option<String>,
    pub(super) after: Duration,
    at: Instant,
}

/// Carries the parts of one message.
#[derive(Debug)]
pub(super) struct Courier {
    conn: Connection,
    pub(super) parts: Vec<Part>,
    sent_at: Instant,
    unanswered: bool,
    /// Receipts of ids that no answer has named yet.
    early: Vec<(Receipt, Instant)>,
}

/// Receipts kept for answers that are still to come.
const EARLY_MAX: usize = 1_000;
/// Leaving politely is not worth more.
const LEAVE_TIME: Duration = Duration::from_secs(1);

impl Courier {
    pub(super) fn new(conn: Connection) -> Self {
        Self { conn, parts: Vec::new(), sent_at: Instant::now(), unanswered: false, early: Vec::new() }
    }

    /// Submits the parts and waits for the answers.
    pub(super) async fn submit(&mut self, messages: &[SubmitSm<'_>]) -> Result<(), Trouble> {
        self.parts = vec![Part::default(); messages.len()];
        self.sent_at = Instant::now();
        for (token, message) in messages.iter().enumerate() {
            let queued = self.conn.request(message, token as u64);
            queued.map_err(|error| Trouble::new(format!("the message cannot be sent: {error}")))?;
        }
        while self.parts.iter().any(|part| part.answer.is_none()) {
            let unknown = "whether the message was taken is not known; a repeat may send it twice";
            let ended = self.conn.ready().await;
            ended.map_err(|ended| Trouble::new(ended.to_string()).why(unknown))?;
            self.hear();
            if self.unanswered {
                return Err(Trouble::new("no answer to the submit_sm in time").why(unknown));
            }
        }
        Ok(())
    }

    /// Waits until each part has its final receipt, for at most `wait`.
    pub(super) async fn await_receipts(&mut self, wait: Duration) {
        let until = tokio::time::Instant::now() + wait;
        while self.parts.iter().any(|part| part.receipt.is_none()) {
            match timeout_at(until, self.conn.ready()).await {
                Ok(Ok(())) => self.hear(),
                // Too late, or nothing more can come.
                Ok(Err(_)) | Err(_) => return,
            }
        }
    }

    /// The id of the first part that has no receipt.
    pub(super) fn missing(&self) -> Option<&str> {
        let part = self.parts.iter().find(|part| part.receipt.is_none())?;
        part.answer.as_ref().map(|answer| answer.id.as_str())
    }

    pub(super) async fn leave(mut self) {
        self.conn.begin_unbind();
        let _ = tokio::time::timeout(LEAVE_TIME, async {
            while self.conn.ready().await.is_ok() {
                self.hear();
            }
        })
        .await;
    }

    fn hear(&mut self) {
        let now = Instant::now();
        let Self { conn, parts, sent_at, unanswered, early } = self;
        while let Some(event) = conn.take() {
            match event {
                Event::Answered { token, frame } => {
                    if let Some(part) = usize::try_from(token).ok().and_then(|token| parts.get_mut(token)) {
                        part.answer = Some(answer(frame, now, now - *sent_at));
                        part.receipt = early_receipt(part, early, now);
                    }
                }
                Event::Nacked { token: Some(token), status } => {
                    if let Some(part) = usize::try_from(token).ok().and_then(|token| parts.get_mut(token)) {
                        let after = now - *sent_at;
                        part.answer =
                            Some(Answer { status, id: String::new(), reason: None, after, at: now });
                    }
                }
                Event::Unanswered { .. } => *unanswered = true,
                Event::Request { asked, frame } if asked.id == CommandId::DELIVER_SM => {
                    match delivered(frame, parts, early, now) {
                        true => conn.respond(asked, CommandStatus::OK, &DeliverSmResp::default()),
                        // It belongs to another application of this account: the centre shall keep it.
                        false => conn.refuse(asked, CommandStatus::RECEIVER_TEMPORARY_ERROR),
                    }
                }
                Event::Request { asked, .. } => conn.refuse(asked, CommandStatus::INVALID_COMMAND_ID),
                _ => {}
            }
        }
    }
}

fn answer(frame: FrameRef<'_>, at: Instant, after: Duration) -> Answer {
    let body = SubmitSmResp::read(frame.body()).map(|(body, _)| body).unwrap_or_default();
    let text = |octets: &[u8]| printable(&String::from_utf8_lossy(octets));
    Answer {
        status: frame.status(),
        id: text(body.message_id),
        reason: body.tlvs.get(Tag::ADDITIONAL_STATUS_INFO_TEXT).map(|tlv| text(tlv.c_string())),
        after,
        at,
    }
}

/// Takes a receipt of ours; whether it was one, or may prove to be one.
fn delivered(
    frame: FrameRef<'_>,
    parts: &mut [Part],
    early: &mut Vec<(Receipt, Instant)>,
    now: Instant,
) -> bool {
    let Ok((message, _)) = DeliverSm::read(frame.body()) else {
        return false;
    };
    let Some(receipt) = Receipt::of(&message) else {
        return false;
    };
    let of_ours = |part: &&mut Part| part.answer.as_ref().is_some_and(|answer| answer.id == receipt.id);
    if let Some(part) = parts.iter_mut().find(of_ours) {
        let after = part.answer.as_ref().map_or(Duration::ZERO, |answer| now - answer.at);
        if receipt.state.is_some_and(State::is_final) {
            part.receipt = Some((receipt, after));
        }
        return true;
    }
    let may_be_ours = parts.iter().any(|part| part.answer.is_none()) && early.len() < EARLY_MAX;
    if may_be_ours {
        early.push((receipt, now));
    }
    may_be_ours
}

fn early_receipt(
    part: &Part,
    early: &mut Vec<(Receipt, Instant)>,
    now: Instant,
) -> Option<(Receipt, Duration)> {
    let id = &part.answer.as_ref()?.id;
    let place = early.iter().position(|(receipt, _)| receipt.id == *id)?;
    let (receipt, at) = early.swap_remove(place);
    receipt.state.is_some_and(State::is_final).then_some((receipt, now - at))
}

#[cfg(test)]
mod tests {
    use smpp_wire::{EsmClass, Frame};

    use super::*;

    fn receipt(id: &str) -> Frame {
        let text = format!("id:{id} stat:DELIVRD err:000 text:");
        let message = DeliverSm {
            esm_class: EsmClass::RECEIPT,
            short_message: text.as_bytes(),
            ..DeliverSm::default()
        };
        let Ok(frame) = Frame::write(CommandStatus::OK, 1, &message) else {
            panic!("a receipt fits a frame")
        };
        frame
    }

    fn answered(id: &str) -> Part {
        let (status, at) = (CommandStatus::OK, Instant::now());
        let answer = Answer { status, id: id.into(), reason: None, after: Duration::ZERO, at };
        Part { answer: Some(answer), receipt: None }
    }

    #[test]
    fn only_the_receipt_of_ones_own_message_is_taken() {
        let (mut parts, mut early) = (vec![answered("A1")], Vec::new());
        assert!(!delivered(receipt("B2").as_ref(), &mut parts, &mut early, Instant::now()));
        assert!(delivered(receipt("A1").as_ref(), &mut parts, &mut early, Instant::now()));
        assert!(parts[0].receipt.is_some());
    }

    #[test]
    fn a_receipt_before_its_answer_is_kept_for_it() {
        let (mut parts, mut early) = (vec![Part::default()], Vec::new());
        assert!(delivered(receipt("A1").as_ref(), &mut parts, &mut early, Instant::now()));
        assert!(early_receipt(&answered("A1"), &mut early, Instant::now()).is_some());
        assert!(early.is_empty());
    }
}
