//! Submits that were taken and wait to be durable.

use std::collections::VecDeque;

use chappe_core::{IdStyle, MessageId};
use chappe_exchange::Ticket;
use smpp_tokio::Asked;
use smpp_wire::{CommandStatus, SubmitSmResp};

use crate::net::Connection;

/// One that may be answered once its ticket is durable.
#[derive(Clone, Copy, Debug)]
struct Due {
    ticket: Ticket,
    asked: Asked,
    id: MessageId,
}

/// First in, first out: tickets only grow. Bounded by the session's window.
#[derive(Debug, Default)]
pub(super) struct Answers {
    open: VecDeque<Due>,
    /// How the account writes ids.
    style: IdStyle,
}

impl Answers {
    pub(super) fn push(&mut self, ticket: Ticket, asked: Asked, id: MessageId) {
        self.open.push_back(Due { ticket, asked, id });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Ids are written like this from here on.
    pub(super) fn set_style(&mut self, style: IdStyle) {
        self.style = style;
    }

    /// Answers with OK all that is durable; how many.
    pub(super) fn answer(&mut self, durable: Ticket, connection: &mut Connection) -> u64 {
        let mut answered = 0;
        while let Some(due) = self.open.front()
            && due.ticket <= durable
        {
            let id = self.style.text(due.id);
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
