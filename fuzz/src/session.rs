//! A session's talk: whatever the peer sends and whenever, each request of ours ends once, and nothing overflows.

use std::time::{Duration, Instant};

use smpp_session::{Asked, Event, Input, Options, Role, Session};
use smpp_wire::{
    AlertNotification, Bind, BindMode, BindResp, Body, COMMANDS, CommandStatus, Frame, InterfaceVersion,
    Outbind, SubmitSm, SubmitSmResp, cut,
};

use crate::bytes::Bytes;

const WINDOW: usize = 4;

/// Lets the octets decide what the peer sends, what we ask and how time passes.
pub fn session(octets: &[u8]) {
    let mut bytes = Bytes::new(octets);
    let how = bytes.octet();
    let mut talk = Talk::new(how);
    if how & 2 != 0 {
        talk.bind();
    }
    let mut steps = 0;
    while !bytes.is_empty() && steps < STEPS_MAX {
        talk.step(&mut bytes);
        talk.holds();
        steps += 1;
    }
    talk.ends();
}

/// Beyond it a talk only takes longer.
const STEPS_MAX: usize = 500;

struct Talk {
    session: Session,
    now: Instant,
    unread: Vec<u8>,
    /// What was written to the peer.
    said: Vec<u8>,
    /// Requests of the peer that wait for an answer.
    asked: Vec<Asked>,
    binds: Vec<Asked>,
    /// The next token, and how often each before it was settled.
    settled: Vec<u8>,
}

impl Talk {
    fn new(how: u8) -> Self {
        let now = Instant::now();
        let version = [InterfaceVersion::V3_4, InterfaceVersion::V3_3, InterfaceVersion::V5_0]
            [usize::from(how >> 4) % 3];
        let options = Options {
            window_out: WINDOW,
            window_in: WINDOW,
            interface_version: version,
            // The sequence numbers wrap within the talk.
            first_sequence: if how & 8 != 0 { 0x7FFF_FFFD } else { 1 },
            ..Options::default()
        };
        let session = match how & 5 {
            0 | 4 => Session::new(Role::Mc, options, now),
            1 => Session::new(Role::Esme, options, now),
            _ => Session::awaiting_outbind(options, now),
        };
        Self {
            session,
            said: Vec::new(),
            now,
            unread: Vec::new(),
            asked: Vec::new(),
            binds: Vec::new(),
            settled: Vec::new(),
        }
    }

    fn bind(&mut self) {
        let mode = BindMode::Transceiver;
        let bind = Bind { mode, system_id: b"acme", ..Default::default() };
        match self.session.role() {
            Role::Mc => {
                self.hear(&frame(CommandStatus::OK, 1, &bind));
                if let Some(asked) = self.binds.pop() {
                    self.session.accept_bind(asked, b"centre", self.now);
                }
            }
            Role::Esme => {
                let sequence = self.request(&bind);
                let answer = BindResp { mode, system_id: b"centre", ..Default::default() };
                self.hear(&frame(CommandStatus::OK, sequence.unwrap_or(1), &answer));
            }
        }
    }

    fn step(&mut self, bytes: &mut Bytes<'_>) {
        match bytes.octet() % 16 {
            0 => {
                let count = usize::from(bytes.octet());
                let octets = bytes.take(count).to_vec();
                self.hear(&octets);
            }
            1 => {
                let octets = self.pdu(bytes);
                self.hear(&octets);
            }
            2 => {
                self.request(&SubmitSm { short_message: b"hello", ..Default::default() });
            }
            // An answer is no request, whatever the state.
            3 => assert!(self.request(&SubmitSmResp::default()).is_none()),
            4 => self.answer(bytes),
            5 => self.refuse(bytes),
            6 => self.wait(Duration::from_millis(u64::from(bytes.octet()) * 250)),
            7 => self.session.begin_unbind(self.now),
            8 => {
                let count = usize::from(bytes.octet());
                self.write(count);
            }
            9 => self.session.set_window(usize::from(bytes.octet()) % (WINDOW + 1)),
            10 => {
                let (status, sequence) = (CommandStatus(bytes.octet().into()), bytes.octet().into());
                self.hear(&frame(status, sequence, &SubmitSmResp::default()));
            }
            11 => self.session.set_congestion(bytes.octet().checked_sub(1)),
            12 => self.session.probe(Duration::from_secs(bytes.octet().into()), self.now),
            13 => self.notify(&AlertNotification::default()),
            14 => self.notify(&Outbind { system_id: b"centre", ..Default::default() }),
            _ => {
                if let Some(asked) = self.binds.pop() {
                    self.session.accept_bind(asked, b"centre", self.now);
                }
            }
        }
    }

    fn notify(&mut self, body: &impl Body) {
        // Where the state does not allow it, it is refused.
        let _ = self.session.notify(body, self.now);
    }

    /// A PDU of any command, with a short body.
    fn pdu(&self, bytes: &mut Bytes<'_>) -> Vec<u8> {
        let command = &COMMANDS[usize::from(bytes.octet()) % COMMANDS.len()];
        let (status, sequence, count) = (bytes.octet(), bytes.octet(), bytes.octet() % 64);
        let body = bytes.take(count.into());
        let length = (16 + body.len()) as u32;
        let words = [length, command.id.0, status.into(), sequence.into()];
        let mut octets: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        octets.extend_from_slice(body);
        octets
    }

    fn request(&mut self, body: &impl Body) -> Option<u32> {
        let token = self.settled.len() as u64;
        let sequence = self.session.request(body, token, self.now).ok()?;
        assert!((1..=0x7FFF_FFFF).contains(&sequence));
        self.settled.push(0);
        Some(sequence)
    }

    fn answer(&mut self, bytes: &mut Bytes<'_>) {
        if let Some(asked) = self.chosen(bytes) {
            let body = SubmitSmResp { message_id: b"1", ..Default::default() };
            self.session.respond(asked, CommandStatus::OK, &body, self.now);
        }
    }

    fn refuse(&mut self, bytes: &mut Bytes<'_>) {
        if let Some(asked) = self.chosen(bytes) {
            self.session.refuse(asked, CommandStatus(bytes.octet().into()), self.now);
        }
    }

    fn chosen(&mut self, bytes: &mut Bytes<'_>) -> Option<Asked> {
        let place = usize::from(bytes.octet()) % self.asked.len().max(1);
        (place < self.asked.len()).then(|| self.asked.swap_remove(place))
    }

    fn hear(&mut self, octets: &[u8]) {
        self.unread.extend_from_slice(octets);
        let unread = std::mem::take(&mut self.unread);
        let mut at = 0;
        while let Input::Frame { taken, event } = self.session.handle_input(&unread[at..], self.now) {
            assert!(taken >= 16 && at + taken <= unread.len());
            at += taken;
            if let Some(event) = event {
                heard(event, &mut self.asked, &mut self.binds, &mut self.settled);
            }
        }
        self.unread = unread[at..].to_vec();
    }

    /// Stops at every timer on the way.
    fn wait(&mut self, time: Duration) {
        let until = self.now + time;
        for _ in 0..TIMERS_MAX {
            let due = self.session.next_timeout().filter(|at| *at <= until);
            self.now = due.unwrap_or(until).max(self.now);
            self.session.handle_timeout(self.now);
            while let Some(event) = self.session.unanswered_request(self.now) {
                heard(event, &mut self.asked, &mut self.binds, &mut self.settled);
            }
            if due.is_none() {
                return;
            }
        }
        panic!("timers that never end: {:?}", self.session);
    }

    fn write(&mut self, count: usize) {
        let waiting = self.session.output();
        let count = count.min(waiting.len());
        self.said.extend_from_slice(&waiting[..count]);
        self.session.wrote(count);
    }

    /// What holds at every moment.
    fn holds(&self) {
        assert!(self.session.unanswered() <= WINDOW);
        assert!(self.settled.iter().all(|times| *times <= 1));
    }

    /// What holds at the end: whole PDUs were said, and each request ended once.
    fn ends(mut self) {
        self.write(usize::MAX);
        let mut rest = &self.said[..];
        while let Some(frame) = cut(rest, usize::MAX).expect("we say no length that cannot be") {
            assert!(frame.view().is_ok(), "we say what cannot be read: {frame:?}");
            rest = &rest[frame.bytes().len()..];
        }
        assert!(rest.is_empty(), "half a PDU was said");
        self.session.end(smpp_session::Ended::PeerClosed);
        assert!(matches!(self.session.handle_input(&[0; 32], self.now), Input::Ended));
        let open: Vec<_> = self.session.drain_open().collect();
        for request in open {
            settle(&mut self.settled, request.token);
        }
        assert!(self.settled.iter().all(|times| *times == 1), "a request was not settled");
        assert_eq!(self.session.window_used(), 0);
    }
}

/// More than any talk of a minute needs.
const TIMERS_MAX: usize = 10_000;

fn heard(event: Event<'_>, asked: &mut Vec<Asked>, binds: &mut Vec<Asked>, settled: &mut [u8]) {
    match event {
        Event::Bind(request) => binds.push(request.asked),
        Event::Request { asked: request, .. } => asked.push(request),
        Event::Answered { token, .. } | Event::Nacked { token: Some(token), .. } => settle(settled, token),
        Event::Unanswered { token } => settle(settled, token),
        _ => {}
    }
}

fn settle(settled: &mut [u8], token: u64) {
    let times = usize::try_from(token).ok().and_then(|token| settled.get_mut(token));
    *times.expect("a token that was never given") += 1;
}

fn frame(status: CommandStatus, sequence: u32, body: &impl Body) -> Vec<u8> {
    Frame::write(status, sequence, body).expect("a small body").bytes().to_vec()
}
