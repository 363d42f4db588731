//! One bind under load: fills the window, hears the answers, in one task and one write a round.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use smpp_tokio::{Connection, Ended, Event};
use smpp_wire::{CommandId, CommandStatus, DeliverSmResp};

use super::{
    gather::Gather,
    pace::Pace,
    progress::{Progress, lock},
    shape::Shape,
};

/// A run that waits looks at the stop and at what is left this often.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// One bind and what it has to do.
#[derive(Debug)]
pub(crate) struct Loader {
    pub(crate) conn: Connection,
    pub(crate) shape: Shape,
    pub(crate) pace: Pace,
    pub(crate) gather: Gather,
    pub(crate) progress: Arc<Progress>,
    /// Messages to send at most.
    pub(crate) share: Option<u64>,
    /// When to stop sending, in microseconds of the run.
    pub(crate) end_us: Option<u64>,
    pub(crate) receipt_wait: Duration,
    /// The number of the first message, and from one to the next: the binds share the numbers.
    pub(crate) first: u64,
    pub(crate) stride: u64,
}

impl Loader {
    /// Sends its share, hears the answers and the receipts; what it saw, and why it ended early if it did.
    pub(crate) async fn run(mut self) -> (Gather, Option<Ended>) {
        let ended = self.load().await.err();
        self.give_up_open();
        self.progress.busy.fetch_sub(1, Relaxed);
        let ended = match ended {
            Some(ended) => Some(ended),
            None => self.await_receipts().await.err(),
        };
        if ended.is_none() {
            self.conn.begin_unbind();
            while self.conn.ready().await.is_ok() {
                self.hear();
            }
        }
        let now_us = self.progress.now_us();
        self.gather.finish(now_us);
        (self.gather, ended)
    }

    /// Sends, until it has sent all it should and every message is answered.
    async fn load(&mut self) -> Result<(), Ended> {
        loop {
            let now_us = self.progress.now_us();
            let sending = self.is_sending(now_us);
            if sending {
                self.fill(now_us);
            }
            self.gather.settle(now_us);
            if !sending && self.conn.window_used() == 0 {
                return Ok(());
            }
            self.wait(sending, now_us).await?;
            self.hear();
        }
    }

    fn is_sending(&self, now_us: u64) -> bool {
        self.share.is_none_or(|share| self.gather.sent < share)
            && self.end_us.is_none_or(|end_us| now_us < end_us)
            && !self.progress.stop.load(Relaxed)
    }

    /// Sends all whose turn it is, as far as the window goes.
    fn fill(&mut self, now_us: u64) {
        let turn = self.pace.due(now_us).min(self.share.unwrap_or(u64::MAX));
        let free = self.conn.window_free() as u64;
        for index in self.gather.sent..turn.min(self.gather.sent + free) {
            let (from_us, late) = self.pace.counts_from(index, now_us);
            let body = self.shape.body(self.first.wrapping_add(index.wrapping_mul(self.stride)));
            match self.conn.request_raw(CommandId::SUBMIT_SM, body, from_us) {
                Ok(_) => {
                    self.gather.sent += 1;
                    self.gather.late += u64::from(late);
                }
                // No room: later. About to end: the session says why itself.
                Err(_) => break,
            }
        }
        self.gather.window_used_max = self.gather.window_used_max.max(self.conn.window_used());
    }

    /// Waits for input, or for the next turn.
    async fn wait(&mut self, sending: bool, now_us: u64) -> Result<(), Ended> {
        let pause = match self.conn.window_free() {
            0 => LOOK_EVERY,
            _ if sending && matches!(self.pace, Pace::Open { .. }) => {
                self.pace.wait(self.gather.sent, now_us).min(LOOK_EVERY)
            }
            _ => LOOK_EVERY,
        };
        tokio::select! {
            biased;
            ready = self.conn.ready() => ready,
            () = tokio::time::sleep(pause) => Ok(()),
        }
    }

    fn hear(&mut self) {
        let now_us = self.progress.now_us();
        let Self { conn, gather, .. } = self;
        while let Some(event) = conn.take() {
            match event {
                Event::Answered { token, frame } => {
                    gather.answered(token, frame.status(), frame.body(), now_us)
                }
                Event::Nacked { token: Some(token), status } => gather.answered(token, status, &[], now_us),
                Event::Unanswered { .. } => gather.unanswered += 1,
                Event::Request { asked, frame } if asked.id == CommandId::DELIVER_SM => {
                    gather.delivered(frame.body());
                    conn.respond(asked, CommandStatus::OK, &DeliverSmResp::default());
                }
                Event::Request { asked, .. } => conn.refuse(asked, CommandStatus::INVALID_COMMAND_ID),
                _ => {}
            }
        }
    }

    /// Accounts for what a connection that ended took with it.
    fn give_up_open(&mut self) {
        for open in self.conn.drain_open() {
            if open.sent {
                self.gather.unanswered += 1;
            } else {
                self.gather.sent -= 1;
            }
        }
    }

    /// Hears receipts until none is owed to any bind, or none has come for long.
    async fn await_receipts(&mut self) -> Result<(), Ended> {
        let begun_us = self.progress.now_us();
        let wait_us = u64::try_from(self.receipt_wait.as_micros()).unwrap_or(u64::MAX);
        loop {
            let now_us = self.progress.now_us();
            self.gather.settle(now_us);
            let quiet_since = self.progress.last_receipt_us.load(Relaxed).max(begun_us);
            let owed = self.progress.busy.load(Relaxed) > 0 || lock(&self.progress.ledger).awaited() > 0;
            if !owed || now_us > quiet_since.saturating_add(wait_us) {
                return Ok(());
            }
            tokio::select! {
                biased;
                ready = self.conn.ready() => ready?,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            self.hear();
        }
    }
}
