//! One phone and its conversation.

use std::collections::VecDeque;

use jiff::Timestamp;
use sms_text::receipt::State;

/// One phone and its conversation, oldest message first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Phone {
    pub messages: VecDeque<Message>,
    /// Messages that were forgotten because the phone remembers no more.
    pub forgotten: u64,
    /// When it was last heard of, in the order of the memory.
    pub(super) touched: u64,
}

/// A message as the phone shows it: whole, and as text.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub direction: Direction,
    /// The other side: who wrote to the phone, or whom it answered.
    pub peer: String,
    pub text: String,
    /// Segments it took over the air.
    pub parts: usize,
    /// When it was whole.
    pub at: Timestamp,
    /// What its sender is told of it; `None` for what the phone wrote.
    pub state: Option<State>,
    /// The carrier's id of the part that made it whole; empty for what the phone wrote.
    pub id: String,
}

/// Which way a message went.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Direction {
    ToHandset,
    FromHandset,
}

impl Phone {
    /// Keeps `message`, and lets the oldest go beyond `messages_max`.
    pub(super) fn keep(&mut self, message: Message, messages_max: usize) {
        self.messages.push_back(message);
        while self.messages.len() > messages_max {
            self.messages.pop_front();
            self.forgotten += 1;
        }
    }

    /// What was on its way has arrived.
    pub(super) fn switch_on(&mut self) {
        for message in &mut self.messages {
            if message.state == Some(State::Enroute) {
                message.state = Some(State::Delivered);
            }
        }
    }
}
