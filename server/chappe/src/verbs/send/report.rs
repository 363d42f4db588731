//! What `send` says of a message: what was taken, what became of it, and what to do next.

use std::time::Duration;

use chappe_core::Reason;
use serde::Serialize;
use smpp_wire::CommandStatus;
use sms_text::{Encoding, Segments, typography};

use super::courier::{Answer, Courier, Part};
use crate::exit::Exit;
use crate::ui::{Tone, Ui};
use crate::verbs::peer::Peer;
use crate::verbs::receipt::Receipt;
use crate::verbs::units::shown_ms;

/// What the lines are made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Report<'a> {
    pub(super) ui: &'a Ui,
    pub(super) peer: &'a Peer,
    pub(super) to: &'a str,
    /// How long the receipt is awaited; `None` where none was asked for.
    pub(super) wait: Option<Duration>,
    /// The flag that names the same dev centre in another command.
    pub(super) data_flag: &'a str,
    pub(super) text: &'a str,
    pub(super) segments: &'a Segments,
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Told<'a> {
    outcome: &'static str,
    ids: Vec<&'a str>,
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    parts: usize,
    encoding: &'static str,
    answer_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<ToldReceipt<'a>>,
}

#[derive(Debug, Serialize)]
struct ToldReceipt<'a> {
    stat: &'a str,
    err: &'a str,
    after_ms: f64,
}

/// Columns of a line whose time stands at its right end.
const LINE: usize = 84;

impl Report<'_> {
    /// Tells of the answers; the exit status if nothing is left to wait for.
    pub(super) fn answers(&self, courier: &Courier) -> Option<Exit> {
        let refused =
            courier.parts.iter().filter_map(|part| part.answer.as_ref()).find(|a| !a.status.is_ok());
        if let Some(answer) = refused {
            self.refused(courier, answer);
            return Some(Exit::Refused);
        }
        if !self.ui.json {
            self.accepted(courier);
        }
        if self.wait.is_some() {
            return None;
        }
        self.told(courier, "accepted", None);
        self.story(courier);
        Some(Exit::Done)
    }

    /// Tells of the receipts.
    pub(super) fn receipts(&self, courier: &Courier, why: Option<&str>) -> Exit {
        let worst =
            courier.parts.iter().filter_map(|part| part.receipt.as_ref()).find(|(receipt, _)| !good(receipt));
        let missing = courier.parts.iter().filter(|part| part.receipt.is_none()).count();
        match (worst, missing) {
            (Some((receipt, after)), _) => {
                self.told(courier, "failed", Some(receipt));
                self.state(Tone::Bad, receipt, after.as_secs_f64() * 1e3, "");
                self.next_step(courier);
                Exit::Failed
            }
            (None, 0) => {
                let last = courier
                    .parts
                    .iter()
                    .filter_map(|part| part.receipt.as_ref())
                    .max_by_key(|(_, after)| *after);
                let Some((receipt, after)) = last else {
                    return Exit::Done;
                };
                self.told(courier, "delivered", Some(receipt));
                let parts = if courier.parts.len() > 1 { "   all parts" } else { "" };
                self.state(Tone::Good, receipt, after.as_secs_f64() * 1e3, parts);
                self.story(courier);
                Exit::Done
            }
            (None, missing) => {
                self.told(courier, "waiting", None);
                self.waiting(courier, missing, why);
                Exit::Silent
            }
        }
    }

    fn accepted(&self, courier: &Courier) {
        let parts = &courier.parts;
        let slowest = parts.iter().filter_map(|part| part.answer.as_ref()).map(|answer| answer.after).max();
        let preview = &self.segments.preview;
        let size = match parts.len() {
            1 => format!(
                "1 part, {}, {} of {}",
                self.segments.encoding.name(),
                preview.units_used,
                preview.units_max()
            ),
            count => format!("{count} parts, {}", self.segments.encoding.name()),
        };
        let left = format!("{}  {}   {size}", self.head(Tone::Good, "accepted"), first_id(parts));
        self.line_with_time(&left, slowest.unwrap_or_default().as_secs_f64() * 1e3);
        if let Some(note) = self.note() {
            self.ui.line(format_args!("{}  {note}", self.head(Tone::Waits, "note")));
        }
    }

    /// Which character made it UCS-2, and what would spare a part.
    fn note(&self) -> Option<String> {
        let preview = &self.segments.preview;
        let (place, character) = preview.why_ucs2?;
        let because = format!("UCS-2 because of \"{character}\" at character {}", place + 1);
        let plain = typography::plain(self.text).map(|plain| sms_text::preview(&plain));
        let spared = plain.filter(|plain| plain.encoding == Encoding::Gsm7);
        Some(match (preview.replacement, spared) {
            (Some(plainer), Some(plain)) => {
                format!("{because}; with \"{plainer}\" it is {} of GSM-7", count_of_parts(plain.parts))
            }
            _ => because,
        })
    }

    fn refused(&self, courier: &Courier, answer: &Answer) {
        if self.ui.json {
            return self.told(courier, "refused", None);
        }
        let reason = answer.reason.as_deref().map(|reason| format!(", {reason}")).unwrap_or_default();
        let status = chappe_lab::status::name(answer.status);
        let left = format!("{}  {status}{reason}", self.head(Tone::Bad, "refused"));
        self.line_with_time(&left, answer.after.as_secs_f64() * 1e3);
        let taken = courier
            .parts
            .iter()
            .filter(|part| part.answer.as_ref().is_some_and(|a| a.status.is_ok()))
            .count();
        if taken > 0 {
            self.ui.line(format_args!(
                "{}  {taken} of {} parts were taken",
                self.head(Tone::Dim, "why"),
                courier.parts.len()
            ));
        }
        if let Some((why, so)) = advice(answer.status) {
            self.ui.line(format_args!("{}  {}", self.head(Tone::Dim, "why"), why.replace("{to}", self.to)));
            self.ui.line(format_args!("{}  {so}", self.head(Tone::Dim, "so")));
        }
    }

    fn state(&self, tone: Tone, receipt: &Receipt, after_ms: f64, more: &str) {
        if !self.ui.json {
            let reason = self.reason(receipt).map(|reason| format!(", {reason}")).unwrap_or_default();
            let left = format!("{}  err {}{reason}{more}", self.head(tone, &receipt.stat), receipt.err);
            self.line_with_time(&left, after_ms);
        }
    }

    /// What our own centre means by an err of its own.
    fn reason(&self, receipt: &Receipt) -> Option<Reason> {
        let err: u16 = self.peer.dev.as_ref().and(receipt.err.parse().ok())?;
        Reason::ALL.iter().copied().find(|reason| reason.err() == err)
    }

    fn waiting(&self, courier: &Courier, missing: usize, why: Option<&str>) {
        if self.ui.json {
            return;
        }
        let of = if courier.parts.len() > 1 { format!(" for {missing} parts") } else { String::new() };
        let wait = self.wait.unwrap_or_default().as_secs_f64();
        self.ui.line(format_args!("{}  no receipt{of} within {wait} s", self.head(Tone::Waits, "waiting")));
        if let Some(why) = why {
            self.ui.line(format_args!("{}  {why}", self.head(Tone::Dim, "why")));
        }
        self.next_step(courier);
    }

    fn told(&self, courier: &Courier, outcome: &'static str, receipt: Option<&Receipt>) {
        if !self.ui.json {
            return;
        }
        let answers = || courier.parts.iter().filter_map(|part| part.answer.as_ref());
        let refusal = answers().find(|answer| !answer.status.is_ok());
        let told_receipt = receipt.map(|receipt| {
            let part =
                courier.parts.iter().filter_map(|part| part.receipt.as_ref()).find(|(r, _)| r == receipt);
            let after_ms = part.map_or(0.0, |(_, after)| millis(*after));
            ToldReceipt { stat: &receipt.stat, err: &receipt.err, after_ms }
        });
        self.ui.object(&Told {
            outcome,
            ids: answers().filter(|answer| answer.status.is_ok()).map(|answer| answer.id.as_str()).collect(),
            status: chappe_lab::status::name(refusal.map_or(CommandStatus::OK, |answer| answer.status)),
            reason: refusal.and_then(|answer| answer.reason.as_deref()),
            parts: courier.parts.len(),
            encoding: self.segments.encoding.name(),
            answer_ms: answers().map(|answer| millis(answer.after)).fold(0.0, f64::max),
            receipt: told_receipt,
        });
    }

    fn story(&self, courier: &Courier) {
        self.last_line("story", courier);
    }

    fn next_step(&self, courier: &Courier) {
        self.last_line("so", courier);
    }

    /// The centre's own story of the message, where the centre is ours.
    fn last_line(&self, head: &str, courier: &Courier) {
        if self.ui.json || self.peer.dev.is_none() {
            return;
        }
        let id = first_id(&courier.parts);
        let data = self.data_flag;
        self.ui.line(format_args!("{}  chappe message {id}{data}", self.head(Tone::Dim, head)));
    }

    fn head(&self, tone: Tone, word: &str) -> String {
        self.ui.paint(tone, &format!("{word:<8}"))
    }

    /// The time stands at the right end on a terminal, behind two spaces elsewhere.
    fn line_with_time(&self, left: &str, ms: f64) {
        let time = shown_ms(ms);
        let columns = LINE.min(self.ui.width());
        let used = visible(left) + time.chars().count();
        let gap = if self.ui.is_terminal() && used + 2 < columns { columns - used } else { 2 };
        self.ui.line(format_args!("{left}{:gap$}{time}", ""));
    }
}

/// Characters without the colours.
fn visible(text: &str) -> usize {
    let mut coloured = false;
    let mut count = 0;
    for character in text.chars() {
        match (coloured, character) {
            (false, '\x1b') => coloured = true,
            (false, _) => count += 1,
            (true, 'm') => coloured = false,
            (true, _) => {}
        }
    }
    count
}

/// Milliseconds with three places: more would be noise.
fn millis(time: Duration) -> f64 {
    time.as_micros() as f64 / 1e3
}

fn first_id(parts: &[Part]) -> &str {
    parts.iter().find_map(|part| part.answer.as_ref()).map_or("", |answer| &answer.id)
}

fn good(receipt: &Receipt) -> bool {
    receipt.state == Some(sms_text::receipt::State::Delivered)
}

fn count_of_parts(parts: usize) -> String {
    if parts == 1 { "1 part".into() } else { format!("{parts} parts") }
}

/// What a refusal means to its sender, and what to do.
fn advice(status: CommandStatus) -> Option<(&'static str, &'static str)> {
    Some(match status {
        CommandStatus::INVALID_DESTINATION_ADDRESS => (
            "{to} is no number the server can reach; nothing was stored, nothing will be sent",
            "check the number, and the routes that should cover it",
        ),
        CommandStatus::INVALID_SOURCE_ADDRESS => {
            ("the account may not send as this sender", "give another one:  --from NAME")
        }
        CommandStatus::THROTTLED => ("the account sends faster than it may", "send it again in a second"),
        CommandStatus::MESSAGE_QUEUE_FULL => {
            ("the server keeps no more messages for now", "send it again later")
        }
        CommandStatus::SYSTEM_ERROR => {
            ("the server could not keep the message; it is not its sender's fault", "send it again later")
        }
        CommandStatus::INVALID_MESSAGE_LENGTH => {
            ("the text is too long for the server", "send a shorter one")
        }
        CommandStatus::INVALID_DATA_CODING => {
            ("the server does not take this encoding", "use characters of GSM 7-bit")
        }
        CommandStatus::RECEIVER_REJECT_ERROR => {
            ("the destination is blocked for this account", "send to another number")
        }
        _ => return None,
    })
}
