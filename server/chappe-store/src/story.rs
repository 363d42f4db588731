//! The history of one message, read from its records.

use chappe_core::lifecycle::State;
use chappe_core::{Class, LinkId, Malformed, Reason, Target, Timestamp};

use crate::by_hand::Kind;
use crate::record::{Again, Carried, CarriedBody, Event, Readable, Record};
use crate::row::{ErrorCode, Final, Lane, Origin};
use crate::scope::Scope;

/// Where a message stands at this moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Standing {
    pub sequence: u64,
    pub accepted_at: Timestamp,
    pub target: Target,
    pub class: Class,
    pub origin: Origin,
    /// What it waits for.
    pub kind: Kind,
    /// Why it waits, where a try or a hand left a reason.
    pub reason: Option<Reason>,
    /// ENROUTE until it ended.
    pub state: State,
    pub ended: Option<Final>,
    pub due: Timestamp,
    pub attempts: u16,
    /// Tries that ended with the loss of the link.
    pub drops: u8,
    /// Whether it left and no answer came yet.
    pub on_its_way: bool,
    /// Whether the carrier took it and a receipt is awaited.
    pub sent: bool,
    pub possible_duplicate: bool,
}

/// A message and everything that happened to it.
#[derive(Clone, Debug)]
pub struct Story {
    pub sequence: u64,
    /// The message, encoded.
    pub body: Box<[u8]>,
    /// The text is gone with the key it was sealed with, and missing in `body`.
    pub text_erased: bool,
    pub steps: Vec<Step>,
    /// `None` once it is over and forgotten.
    pub standing: Option<Standing>,
}

/// One thing that happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Step {
    pub at: Timestamp,
    pub kind: StepKind,
}

/// What happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum StepKind {
    Accepted {
        origin: Origin,
        target: Target,
        class: Class,
        policy: u32,
        price: i64,
    },
    Intended {
        target: Target,
    },
    Sent {
        target: Target,
        remote: Box<[u8]>,
    },
    Deferred {
        target: Target,
        until: Timestamp,
        reason: Option<Reason>,
        in_doubt: bool,
    },
    /// To another target, or by a hand.
    Moved {
        from: Target,
        target: Target,
        until: Timestamp,
        reason: Option<Reason>,
        by_hand: bool,
    },
    Held {
        target: Target,
        reason: Option<Reason>,
    },
    Ended {
        state: State,
        error: ErrorCode,
        reason: Option<Reason>,
    },
    Receipt {
        link: LinkId,
        state: State,
        error: ErrorCode,
        raw: Box<[u8]>,
    },
    Notified {
        target: Target,
    },
    Cancelled,
    Replaced,
    /// Its sender set a time for it.
    Scheduled {
        until: Timestamp,
    },
    /// All parts of its message were here; it waited to leave with them.
    Collected {
        until: Timestamp,
    },
    /// All parts of its message were final: this is told with it, or nothing where it is told with another.
    Joined {
        told: Option<State>,
    },
    /// A carrier told of it after its end. The first end stands.
    LateReceipt {
        link: LinkId,
        state: State,
        error: ErrorCode,
        raw: Box<[u8]>,
        contradicts: bool,
    },
    /// An equal message came again and was answered with this one's id.
    Repeated,
    /// It is told of once more, or on the way: a receipt of its own went to the account's mailbox.
    Noticed {
        state: State,
    },
    /// It is sent anew as another message.
    SentAnew {
        sequence: u64,
    },
    /// It sends anew a message that ended.
    AgainOf {
        sequence: u64,
    },
}

impl Story {
    /// The story that these steps tell; `None` if nothing was accepted under this number, or the scope may not see it.
    pub fn new(
        sequence: u64,
        body: Option<Readable>,
        mut steps: Vec<Step>,
        standing: Option<Standing>,
        scope: Scope,
    ) -> Option<Self> {
        tell_late(&mut steps);
        let seen = match scope {
            Scope::All => true,
            Scope::Account(account) => steps.iter().any(|step| {
                matches!(step.kind, StepKind::Accepted { origin: Origin::Account(owner), .. } if owner == account)
            }),
        };
        let Readable { body, erased } = body.filter(|_| seen)?;
        Some(Self { sequence, body, text_erased: erased, steps, standing })
    }
}

/// Receipts after the end are late ones.
fn tell_late(steps: &mut [Step]) {
    let mut first = None;
    for step in steps {
        let state = match &step.kind {
            StepKind::Ended { state, .. } | StepKind::Receipt { state, .. } => *state,
            StepKind::Cancelled => State::Deleted,
            StepKind::Notified { target: Target::Mailbox(_) } => State::Delivered,
            _ => continue,
        };
        let ends = state.is_final() || matches!(step.kind, StepKind::Ended { .. });
        let Some(first) = first else {
            first = ends.then_some(state);
            continue;
        };
        if let StepKind::Receipt { link, error, raw, .. } = &mut step.kind {
            let contradicts = state.is_final() && state != first;
            let (link, error, raw) = (*link, *error, std::mem::take(raw));
            step.kind = StepKind::LateReceipt { link, state, error, raw, contradicts };
        }
    }
}

/// Gathers the steps of `sequence` from one record. `body` is set by its acceptance and by a replacement.
///
/// # Errors
///
/// [`Malformed`] when the record cannot be read.
pub fn steps(
    sequence: u64,
    record: &[u8],
    body: &mut Option<Readable>,
    steps: &mut Vec<Step>,
) -> Result<(), Malformed> {
    let record = Record::read(record)?;
    let at = record.time;
    let mut add = |kind| steps.push(Step { at, kind });
    let mut first = None;
    record.each(|event| match event {
        Event::Accepted {
            sequence: this,
            origin,
            target,
            class,
            policy,
            price,
            due,
            again_of,
            body: octets,
            ..
        } if this == sequence => {
            *body = Some(octets.readable());
            add(StepKind::Accepted { origin, target, class, policy, price });
            if due > at {
                add(StepKind::Scheduled { until: due });
            }
            if let Some(sequence) = again_of {
                add(StepKind::AgainOf { sequence });
            }
        }
        // Its acceptance was given up with an old segment; what it was stands where it was carried to.
        Event::Carried(Carried {
            sequence: this,
            lane: Lane { target, class, origin },
            accepted_at,
            of: None,
            body: CarriedBody::Here(octets),
            ..
        }) if this == sequence && body.is_none() => {
            *body = Some(octets.readable());
            let kind = StepKind::Accepted { origin, target, class, policy: 0, price: 0 };
            first = Some(Step { at: accepted_at, kind });
        }
        Event::Replaced { sequence: this, body: octets } if this == sequence => {
            *body = Some(octets.readable());
            add(StepKind::Replaced);
        }
        _ => {
            if let Some(kind) = step(sequence, &event) {
                add(kind);
            }
        }
    })?;
    if let Some(first) = first {
        steps.insert(0, first);
    }
    Ok(())
}

/// What an event that needs no more than itself tells of `sequence`.
fn step(sequence: u64, event: &Event<'_>) -> Option<StepKind> {
    let kind = match *event {
        Event::Accepted { sequence: by, again_of: Some(this), .. } if this == sequence => {
            StepKind::SentAnew { sequence: by }
        }
        Event::Intended { sequence: this, target } if this == sequence => StepKind::Intended { target },
        Event::Sent { sequence: this, target, remote } if this == sequence => {
            StepKind::Sent { target, remote: remote.into() }
        }
        Event::Deferred { sequence: this, target, again: Again { due, reason, in_doubt, .. } }
            if this == sequence =>
        {
            StepKind::Deferred { target, until: due, reason, in_doubt }
        }
        Event::Moved { sequence: this, from, target, again: Again { due, reason, by_hand, .. } }
            if this == sequence =>
        {
            StepKind::Moved { from, target, until: due, reason, by_hand }
        }
        Event::Held { sequence: this, target, reason } if this == sequence => {
            StepKind::Held { target, reason }
        }
        Event::Repeated { sequence: this } if this == sequence => StepKind::Repeated,
        Event::Collected { sequence: this, due } if this == sequence => StepKind::Collected { until: due },
        Event::Joined { sequence: this, told } if this == sequence => {
            StepKind::Joined { told: told.map(|told| told.state) }
        }
        Event::Noticed { of, ended, .. } if of == sequence => StepKind::Noticed { state: ended.state },
        Event::Ended { sequence: this, ended, .. } if this == sequence => {
            StepKind::Ended { state: ended.state, error: ended.error, reason: ended.reason }
        }
        Event::Receipt { sequence: Some(this), link, state, error, raw, .. } if this == sequence => {
            StepKind::Receipt { link, state, error, raw: raw.into() }
        }
        Event::Notified { sequence: this, target } if this == sequence => StepKind::Notified { target },
        Event::Cancelled { sequence: this } if this == sequence => StepKind::Cancelled,
        _ => return None,
    };
    Some(kind)
}
