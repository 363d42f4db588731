//! One side of a conversation on a virtual clock: it hears, it says, it waits.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use smpp_session::{Asked, Ended, Event, Input, NotQueued, OpenRequest, Options, Role, Session, State};
use smpp_wire::{
    Address, Bind, BindMode, BindResp, Body, CommandId, CommandStatus, Frame, InterfaceVersion, SubmitSm,
    SubmitSmResp, cut,
};

static START: LazyLock<Instant> = LazyLock::new(|| {
    #[allow(clippy::disallowed_methods, reason = "a virtual clock starts somewhere")]
    Instant::now()
});

/// When every talk begins.
pub(crate) fn start() -> Instant {
    *START
}

/// What a session told its caller, owned.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Told {
    Bind(Asked),
    Request(Asked),
    Notice(CommandId),
    Answered(u64, CommandStatus),
    Nacked(Option<u64>, CommandStatus),
    Unanswered(u64),
    Unbinding,
}

/// A PDU that a session said, or that its peer says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Said {
    pub(crate) id: CommandId,
    pub(crate) status: CommandStatus,
    pub(crate) sequence: u32,
}

impl Said {
    pub(crate) fn status(self, status: CommandStatus) -> Self {
        Self { status, ..self }
    }
}

pub(crate) fn pdu(id: CommandId, sequence: u32) -> Said {
    Said { id, status: CommandStatus::OK, sequence }
}

pub(crate) fn enquire_link(sequence: u32) -> Said {
    pdu(CommandId::ENQUIRE_LINK, sequence)
}

pub(crate) fn submit_sm_resp(sequence: u32) -> Said {
    pdu(CommandId::SUBMIT_SM_RESP, sequence)
}

pub(crate) fn submit_sm(sequence: u32) -> Frame {
    let destination = Address::try_from("385911234567").unwrap();
    frame(sequence, &SubmitSm { destination, short_message: b"hello", ..Default::default() })
}

pub(crate) fn bind(mode: BindMode, sequence: u32) -> Frame {
    let interface_version = InterfaceVersion::V3_4;
    frame(
        sequence,
        &Bind { mode, system_id: b"acme", password: b"secret", interface_version, ..Default::default() },
    )
}

pub(crate) fn frame(sequence: u32, body: &impl Body) -> Frame {
    Frame::write(CommandStatus::OK, sequence, body).unwrap()
}

pub(crate) fn bare(id: CommandId, status: CommandStatus, sequence: u32) -> Frame {
    Frame::header_only(id, status, sequence)
}

pub(crate) struct Talk {
    pub(crate) session: Session,
    pub(crate) now: Instant,
    /// What the peer sent and the session has not taken.
    unread: Vec<u8>,
}

impl Talk {
    pub(crate) fn new(role: Role, options: Options) -> Self {
        Self { session: Session::new(role, options, *START), now: *START, unread: Vec::new() }
    }

    pub(crate) fn listening() -> Self {
        Self::new(Role::Mc, Options::default())
    }

    /// A centre with an ESME bound to it; all that was said so far is written.
    pub(crate) fn bound(mode: BindMode, options: Options) -> Self {
        let mut talk = Self::new(Role::Mc, options);
        let told = talk.hears(&bind(mode, 1));
        let [Told::Bind(asked)] = told[..] else { panic!("no bind: {told:?}") };
        talk.session.accept_bind(asked, b"centre", talk.now);
        talk.says();
        talk
    }

    /// An ESME bound to a centre.
    pub(crate) fn esme(options: Options) -> Self {
        let mut talk = Self::new(Role::Esme, options);
        let mode = BindMode::Transceiver;
        let ask = Bind { mode, system_id: b"acme", ..Default::default() };
        let sequence = talk.session.request(&ask, 0, talk.now).unwrap();
        talk.says();
        talk.hears(&frame(sequence, &BindResp { mode, system_id: b"centre", ..Default::default() }));
        assert_eq!(talk.session.state(), State::BoundTrx);
        talk
    }

    pub(crate) fn hears(&mut self, frame: &Frame) -> Vec<Told> {
        self.hears_octets(frame.bytes())
    }

    pub(crate) fn hears_octets(&mut self, octets: &[u8]) -> Vec<Told> {
        self.unread.extend_from_slice(octets);
        let unread = std::mem::take(&mut self.unread);
        let (mut at, mut told) = (0, Vec::new());
        while let Input::Frame { taken, event } = self.session.handle_input(&unread[at..], self.now) {
            at += taken;
            told.extend(event.map(own));
        }
        self.unread = unread[at..].to_vec();
        told
    }

    /// All that waits to be written, which counts as written then.
    pub(crate) fn says(&mut self) -> Vec<Said> {
        let octets = self.session.output().to_vec();
        self.session.wrote(octets.len());
        let (mut rest, mut said) = (&octets[..], Vec::new());
        while let Some(frame) = cut(rest, usize::MAX).unwrap() {
            said.push(Said { id: frame.id(), status: frame.status(), sequence: frame.sequence() });
            rest = &rest[frame.bytes().len()..];
        }
        assert!(rest.is_empty(), "half a PDU was queued");
        said
    }

    /// Lets time pass, stopping at every timer.
    pub(crate) fn waits(&mut self, secs: u64) -> Vec<Told> {
        let until = self.now + Duration::from_secs(secs);
        let mut told = Vec::new();
        loop {
            let due = self.session.next_timeout().filter(|at| *at <= until);
            self.now = due.unwrap_or(until).max(self.now);
            self.session.handle_timeout(self.now);
            told.extend(std::iter::from_fn(|| self.session.unanswered_request(self.now)).map(own));
            if due.is_none() {
                return told;
            }
        }
    }

    pub(crate) fn submits(&mut self, token: u64) -> Result<u32, NotQueued> {
        self.session.request(&SubmitSm::default(), token, self.now)
    }

    pub(crate) fn answers(&mut self, asked: Asked) {
        let body = SubmitSmResp { message_id: b"1", ..Default::default() };
        self.session.respond(asked, CommandStatus::OK, &body, self.now);
    }

    pub(crate) fn ended(&self) -> Option<Ended> {
        self.session.ended()
    }

    pub(crate) fn open(&mut self) -> Vec<OpenRequest> {
        self.session.drain_open().collect()
    }
}

pub(crate) fn asked(id: CommandId, sequence: u32) -> Asked {
    Asked { id, sequence }
}

fn own(event: Event<'_>) -> Told {
    match event {
        Event::Bind(request) => Told::Bind(request.asked),
        Event::Request { asked, .. } => Told::Request(asked),
        Event::Notice { frame } => Told::Notice(frame.id()),
        Event::Answered { token, frame } => Told::Answered(token, frame.status()),
        Event::Nacked { token, status } => Told::Nacked(token, status),
        Event::Unanswered { token } => Told::Unanswered(token),
        Event::Unbinding => Told::Unbinding,
    }
}
