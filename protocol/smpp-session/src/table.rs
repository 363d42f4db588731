//! What the table of commands says of one request: who may send it, and when (SMPP 5.0 §2.4).
//!
//! A request may come where any version lets it: a peer is never refused for what its version permits.

use smpp_wire::{CommandId, ids as wire};

use crate::state::{Role, State};

/// What becomes of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ruling {
    /// No version knows the command.
    Unknown,
    /// Known, and not allowed here. `answered`: it has a response of its own.
    Denied { answered: bool },
    /// Allowed here.
    Permitted { answered: bool },
}

/// Judges a request sent by `sender` in `state`.
#[inline]
pub(crate) fn rule(id: CommandId, sender: Role, state: State) -> Ruling {
    // The two that make up nearly all traffic are not looked up.
    let busy = match id {
        CommandId::SUBMIT_SM => sender == Role::Esme && matches!(state, State::BoundTx | State::BoundTrx),
        CommandId::DELIVER_SM => sender == Role::Mc && matches!(state, State::BoundRx | State::BoundTrx),
        _ => false,
    };
    if busy { Ruling::Permitted { answered: true } } else { look_up(id, sender, state) }
}

fn look_up(id: CommandId, sender: Role, state: State) -> Ruling {
    let Some(command) = id.command() else {
        return Ruling::Unknown;
    };
    // outbind and alert_notification have no response.
    let answered = id.response().command().is_some();
    let permits = |side, state| {
        command.sent.permits(side, state) || command.sent_v50.is_some_and(|sent| sent.permits(side, state))
    };
    match wire_state(state) {
        Some(state) if permits(sender, state) => Ruling::Permitted { answered },
        _ => Ruling::Denied { answered },
    }
}

fn wire_state(state: State) -> Option<wire::State> {
    match state {
        State::Open => Some(wire::State::Open),
        State::BoundTx => Some(wire::State::BoundTx),
        State::BoundRx => Some(wire::State::BoundRx),
        State::BoundTrx => Some(wire::State::BoundTrx),
        State::Unbound => Some(wire::State::Unbound),
        State::Closed => None,
    }
}
