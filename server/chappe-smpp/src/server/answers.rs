//! Submits that were taken and wait to be durable.

use std::collections::VecDeque;

use chappe_core::{IdStyle, MessageId};
use chappe_exchange::Ticket;
use smpp_tokio::Asked;
use smpp_wire::{CommandStatus, SubmitSmResp};

use super::ids::Ids;
use crate::net::Connection;

/// One that may be answered once its ticket is durable.
#[derive(Clone, Copy, Debug)]
struct Due {
    ticket: Ticket,
    asked: Asked,
    id: MessageId,
    sequence: u64,
}

/// First in, first out: tickets only grow. Bounded by the session's window.
#[derive(Debug)]
pub(super) struct Answers {
    open: VecDeque<Due>,
    ids: Ids,
}

impl Answers {
    pub(super) fn new(ids: Ids) -> Self {
        Self { open: VecDeque::new(), ids }
    }

    pub(super) fn push(&mut self, ticket: Ticket, asked: Asked, id: MessageId, sequence: u64) {
        self.open.push_back(Due { ticket, asked, id, sequence });
    }

    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The account writes ids like this from here on.
    pub(super) fn set_style(&mut self, style: IdStyle) {
        self.ids.set_style(style);
    }

    /// Answers with OK all that is durable; how many.
    pub(super) fn answer(&mut self, durable: Ticket, connection: &mut Connection) -> u64 {
        let mut answered = 0;
        while let Some(due) = self.open.front()
            && due.ticket <= durable
        {
            let id = self.ids.text(due.id, due.sequence);
            let body = SubmitSmResp { message_id: id.as_bytes(), ..SubmitSmResp::default() };
            connection.respond(due.asked, CommandStatus::OK, &body);
            answered += 1;
            self.open.pop_front();
        }
        answered
    }

    /// Nothing becomes durable any more: answers all that is open with a system error; how many.
    pub(super) fn fail(&mut self, connection: &mut Connection) -> u64 {
        let failed = self.open.len() as u64;
        self.open.drain(..).for_each(|due| connection.refuse(due.asked, CommandStatus::SYSTEM_ERROR));
        failed
    }
}
