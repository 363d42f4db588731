//! Plays a talk, line by line, and holds the session against it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use smpp_session::{Event, Input, Role, Session};
use smpp_wire::{Frame, cut};

use super::act::{Open, act, name, session};
use super::line::Line;
use super::pdu::frame;
use super::words::{Words, Wrong};

/// Plays the whole of `text` from `start` on.
///
/// # Errors
///
/// The line where the session did something else than the talk says, and what.
pub(crate) fn run(text: &str, start: Instant) -> Result<(), Wrong> {
    let mut stage = None;
    let mut last = 0;
    for (at, line) in text.lines().enumerate() {
        let numbered = |wrong| format!("line {}: {line}\n      {wrong}", at + 1);
        let Some(line) = Line::of(line).map_err(numbered)? else { continue };
        last = at + 1;
        match (line, &mut stage) {
            (Line::Session(mut words), None) => {
                let (role, session) = session(&mut words, start).map_err(numbered)?;
                stage = Some(Stage::new(role, session, start));
            }
            (line, Some(stage)) => stage.play(line).map_err(numbered)?,
            (_, None) => return Err(numbered("the talk begins with session mc or session esme".to_owned())),
        }
    }
    let stage = stage.ok_or("an empty talk")?;
    stage.is_quiet().map_err(|wrong| format!("after line {last}: {wrong}"))
}

struct Stage {
    role: Role,
    session: Session,
    now: Instant,
    /// What the peer said and the session has not taken.
    unread: Vec<u8>,
    /// What the session said and no line has named.
    said: Vec<u8>,
    /// What the session told and no line has named.
    told: VecDeque<String>,
    open: Open,
    /// Whether the peer takes what is said.
    flows: bool,
}

impl Stage {
    fn new(role: Role, session: Session, now: Instant) -> Self {
        let (unread, said, told, open) = Default::default();
        Self { role, session, now, unread, said, told, open, flows: true }
    }

    fn play(&mut self, line: Line<'_>) -> Result<(), Wrong> {
        match line {
            Line::Said(role, mut words) if role == self.role => self.is_said(&frame(&mut words)?),
            Line::Told(mut words) => self.is_told(words.rest()),
            Line::Is(mut words) => self.is(&mut words),
            Line::Session(_) => Err("there is one session a talk".to_owned()),
            // All that follows moves the talk on, so nothing may be left unsaid.
            line => {
                self.is_quiet()?;
                self.moves(line)?;
                self.flush();
                Ok(())
            }
        }
    }

    fn moves(&mut self, line: Line<'_>) -> Result<(), Wrong> {
        match line {
            Line::Said(_, mut words) => {
                let frame = frame(&mut words)?;
                self.hear(frame.bytes());
            }
            Line::Octets(mut words) => {
                let digits: String = words.rest().split_whitespace().collect();
                let octet = |at| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|why| why.to_string());
                let octets: Result<Vec<u8>, _> = (0..digits.len()).step_by(2).map(octet).collect();
                self.hear(&octets?);
            }
            Line::Wait(time) => self.wait(time),
            Line::Act("stall", _) => self.flows = false,
            Line::Act("took", mut words) => {
                let count = words.number()? as usize;
                self.write(count);
            }
            Line::Act(verb, mut words) => {
                act(verb, &mut words, &mut self.session, &mut self.open, self.now)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn hear(&mut self, octets: &[u8]) {
        self.unread.extend_from_slice(octets);
        let unread = std::mem::take(&mut self.unread);
        let mut at = 0;
        while let Input::Frame { taken, event } = self.session.handle_input(&unread[at..], self.now) {
            at += taken;
            if let Some(event) = event {
                self.told.push_back(told(event, &mut self.open));
            }
        }
        self.unread = unread[at..].to_vec();
    }

    /// Lets time pass, stopping at every timer.
    fn wait(&mut self, time: Duration) {
        let until = self.now + time;
        loop {
            let due = self.session.next_timeout().filter(|at| *at <= until);
            self.now = due.unwrap_or(until).max(self.now);
            self.session.handle_timeout(self.now);
            while let Some(event) = self.session.unanswered_request(self.now) {
                self.told.push_back(told(event, &mut self.open));
            }
            if due.is_none() {
                return;
            }
        }
    }

    fn flush(&mut self) {
        if self.flows {
            self.write(self.session.output().len());
        }
    }

    fn write(&mut self, count: usize) {
        self.said.extend_from_slice(&self.session.output()[..count]);
        self.session.wrote(count);
    }

    fn is_said(&mut self, expected: &Frame) -> Result<(), Wrong> {
        let said = match cut(&self.said, usize::MAX).map_err(|why| why.to_string())? {
            Some(frame) => frame.to_frame(),
            None => return Err("nothing was said".to_owned()),
        };
        self.said.drain(..said.bytes().len());
        if said.bytes() == expected.bytes() { Ok(()) } else { Err(format!("said was {}", show(&said))) }
    }

    fn is_told(&mut self, expected: &str) -> Result<(), Wrong> {
        let expected = expected.split_whitespace().collect::<Vec<_>>().join(" ");
        match self.told.pop_front() {
            Some(told) if told == expected => Ok(()),
            Some(told) => Err(format!("told was {told}")),
            None => Err("nothing was told".to_owned()),
        }
    }

    fn is_quiet(&self) -> Result<(), Wrong> {
        if let Some(told) = self.told.front() {
            return Err(format!("told was {told}, and no line names it"));
        }
        match cut(&self.said, usize::MAX).map_err(|why| why.to_string())? {
            Some(frame) => Err(format!("said was {}, and no line names it", show(&frame.to_frame()))),
            // A stalled peer may have half a PDU.
            None if self.said.is_empty() || !self.flows => Ok(()),
            None => Err("half a PDU was said".to_owned()),
        }
    }

    fn is(&mut self, words: &mut Words<'_>) -> Result<(), Wrong> {
        let what = words.next()?;
        let is = match what {
            "state" => self.session.state().to_string(),
            "version" => format!("{:#x}", self.session.version().0),
            "ended" => self.session.ended().map_or("not".to_owned(), |why| why.to_string()),
            "used" => self.session.window_used().to_string(),
            "unanswered" => self.session.unanswered().to_string(),
            "congestion" => self.session.peer_congestion().map_or("none".to_owned(), |it| it.to_string()),
            "round_trip" => self.session.round_trip().map_or("none".to_owned(), |it| format!("{it:?}")),
            "open" => self.take_open(),
            "late_answers" => self.session.stats().late_answers.to_string(),
            "mismatched_answers" => self.session.stats().mismatched_answers.to_string(),
            "duplicates" => self.session.stats().duplicates.to_string(),
            "throttled" => self.session.stats().throttled.to_string(),
            _ => return Err(format!("what is {what:?}?")),
        };
        let expected = words.rest();
        if is == expected { Ok(()) } else { Err(format!("{what} is {is}")) }
    }

    /// What is open at the end: `7 sent, 8 not sent`.
    fn take_open(&mut self) -> String {
        let open = self.session.drain_open();
        let each = open.map(|it| format!("{} {}", it.token, if it.sent { "sent" } else { "not sent" }));
        each.collect::<Vec<_>>().join(", ")
    }
}

fn told(event: Event<'_>, open: &mut Open) -> String {
    match event {
        Event::Bind(request) => {
            open.push(request.asked);
            format!("{} #{}", name(request.asked.id), request.asked.sequence)
        }
        Event::Request { asked, .. } => {
            open.push(asked);
            format!("{} #{}", name(asked.id), asked.sequence)
        }
        Event::Notice { frame } => format!("{} #{}", name(frame.id()), frame.sequence()),
        Event::Answered { token, frame } => format!("answer {token} {}", status(frame.status())),
        Event::Nacked { token: Some(token), status: why } => format!("nack {token} {}", status(why)),
        Event::Nacked { token: None, status: why } => format!("nack {}", status(why)),
        Event::Unanswered { token } => format!("unanswered {token}"),
        Event::Unbinding => "unbinding".to_owned(),
    }
}

fn status(status: smpp_wire::CommandStatus) -> String {
    match status.name() {
        _ if status.is_ok() => "ok".to_owned(),
        Some(name) => name.to_owned(),
        None => format!("{:#x}", status.0),
    }
}

fn show(frame: &Frame) -> String {
    let body = frame.body().escape_ascii();
    format!("{} #{} {} \"{body}\"", name(frame.id()), frame.sequence(), status(frame.status()))
}
