//! What the server told its peers, and where in the trace: the promises that a lost power must not break.

use std::collections::HashMap;

use crate::calls::Call;
use crate::frame::{self, Frame, id};
use crate::frames::Message;

/// Everything that left, each with the line of the trace on which its call began.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// Numbers of the messages answered with OK, and the ids they were given.
    pub(crate) accepted: Vec<(u32, usize)>,
    pub(crate) ids: HashMap<u32, String>,
    /// Numbers of those that were refused.
    pub(crate) refused: Vec<(u32, usize)>,
    /// Numbers of those that were sent to the carrier.
    pub(crate) sent: Vec<(u32, usize)>,
    /// Sequence numbers of the carrier's receipts that were answered with OK.
    pub(crate) taken: Vec<(u32, usize)>,
    /// Numbers of the messages whose receipt was offered to the external system.
    pub(crate) notified: Vec<(u32, usize)>,
}

impl Told {
    /// Reads what one process sent; its lines count from `first` on.
    pub(crate) fn hear(&mut self, calls: &[Call], first: usize) {
        let mut streams: HashMap<&str, Vec<u8>> = HashMap::new();
        let mut sends: Vec<&Call> = calls.iter().filter(|call| call.is_send()).collect();
        sends.sort_by_key(|call| call.began);
        for call in sends {
            let stream = streams.entry(&call.place).or_default();
            stream.extend_from_slice(call.done());
            let Ok((frames, used)) = frame::cut(stream) else { continue };
            stream.drain(..used);
            frames.iter().for_each(|frame| self.note(frame, first + call.began));
        }
    }

    fn note(&mut self, frame: &Frame, line: usize) {
        match (frame.id, frame.status) {
            (id::SUBMIT_SM_RESP, 0) => {
                self.accepted.push((frame.sequence, line));
                self.ids.insert(frame.sequence, frame.first_text());
            }
            (id::SUBMIT_SM_RESP, _) => self.refused.push((frame.sequence, line)),
            (id::DELIVER_SM_RESP, 0) => self.taken.push((frame.sequence, line)),
            (id::SUBMIT_SM, _) => self.sent.extend(number(frame).map(|number| (number, line))),
            (id::DELIVER_SM, _) => self.notified.extend(number(frame).map(|number| (number, line))),
            _ => {}
        }
    }
}

/// The number of the message that a submit_sm or the receipt in a deliver_sm is about.
fn number(frame: &Frame) -> Option<u32> {
    let message = Message::read(&frame.body)?;
    number_of(if message.is_receipt() { &message.source } else { &message.destination })
}

/// The phone of the message with this number: every message has one of its own.
pub(crate) fn phone(number: u32) -> String {
    let prefix = if is_for_later(number) { LATER } else { NOW };
    format!("{prefix}{number:09}")
}

/// The number of the message to this phone.
pub(crate) fn number_of(phone: &str) -> Option<u32> {
    phone.strip_prefix(NOW).or_else(|| phone.strip_prefix(LATER))?.parse().ok()
}

/// Whether a message waits through the whole run, for a carrier that is only there when an image is opened.
fn is_for_later(number: u32) -> bool {
    number.is_multiple_of(5)
}

/// The route to the carrier that is there.
const NOW: &str = "385";
/// The route to the one that is not.
pub(crate) const LATER: &str = "386";

/// What was said before a line.
pub(crate) fn before(said: &[(u32, usize)], cut: usize) -> impl Iterator<Item = u32> {
    said.iter().filter(move |(_, line)| *line < cut).map(|(number, _)| *number)
}
