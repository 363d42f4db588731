//! What the table of commands says of one request: who may send it, and when (SMPP 5.0 §2.4).

use smpp_wire::ids::{Command, State as WireState};
use smpp_wire::{CommandId, InterfaceVersion};

use crate::policy::StateTable;
use crate::state::{Role, State};

/// What becomes of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ruling {
    /// The command is not known.
    Unknown,
    /// Known, and not allowed here. `answered`: it has a response of its own.
    Denied { answered: bool },
    /// Allowed here.
    Permitted { answered: bool },
}

/// The versions there are.
const VERSIONS: [InterfaceVersion; 3] =
    [InterfaceVersion::V3_3, InterfaceVersion::V3_4, InterfaceVersion::V5_0];

/// Judges a request that `sender` sends in `state` of a session of `version`.
#[inline]
pub(crate) fn rule(
    id: CommandId,
    sender: Role,
    state: State,
    version: InterfaceVersion,
    table: StateTable,
) -> Ruling {
    // The two that make up nearly all traffic are the same in all versions, and are not looked up.
    let busy = match id {
        CommandId::SUBMIT_SM => sender == Role::Esme && matches!(state, State::BoundTx | State::BoundTrx),
        CommandId::DELIVER_SM => sender == Role::Mc && matches!(state, State::BoundRx | State::BoundTrx),
        _ => false,
    };
    if busy { Ruling::Permitted { answered: true } } else { look_up(id, sender, state, version, table) }
}

/// Whether `version` knows the command.
pub(crate) fn knows(version: InterfaceVersion, id: CommandId) -> bool {
    id.command().is_some_and(|command| in_version(command, version))
}

fn look_up(
    id: CommandId,
    sender: Role,
    state: State,
    version: InterfaceVersion,
    table: StateTable,
) -> Ruling {
    let Some(command) = id.command() else {
        return Ruling::Unknown;
    };
    let permitted = match table {
        StateTable::AnyVersion => VERSIONS.iter().any(|version| permits(command, sender, state, *version)),
        StateTable::OwnVersion if !in_version(command, version) => return Ruling::Unknown,
        StateTable::OwnVersion => permits(command, sender, state, version),
    };
    // outbind and alert_notification have no response.
    let answered = id.response().command().is_some();
    if permitted { Ruling::Permitted { answered } } else { Ruling::Denied { answered } }
}

fn in_version(command: &Command, version: InterfaceVersion) -> bool {
    (command.since..=command.until).contains(&version.rules())
}

fn permits(command: &Command, sender: Role, state: State, version: InterfaceVersion) -> bool {
    let Some(state) = wire_state(state, version) else {
        return false;
    };
    if !in_version(command, version) {
        return false;
    }
    command.permits(sender, state, version)
        // Where the version has no transceiver, or forgot it, both halves of one count.
        || (state == WireState::BoundTrx
            && lacks_transceiver(command, version)
            && [WireState::BoundTx, WireState::BoundRx]
                .into_iter()
                .any(|half| command.permits(sender, half, version)))
}

/// Peers that say they speak 3.3 bind as transceivers all the same; and 3.4 lists replace_sm for a transmitter
/// alone, an oversight that 5.0 mended.
fn lacks_transceiver(command: &Command, version: InterfaceVersion) -> bool {
    version < InterfaceVersion::V3_4 || command.id == CommandId::REPLACE_SM
}

fn wire_state(state: State, version: InterfaceVersion) -> Option<WireState> {
    match state {
        State::Open => Some(WireState::Open),
        // Before 5.0 the tables have no column for it: a bind is awaited, as in open.
        State::Outbound if version < InterfaceVersion::V5_0 => Some(WireState::Open),
        State::Outbound => Some(WireState::Outbound),
        State::BoundTx => Some(WireState::BoundTx),
        State::BoundRx => Some(WireState::BoundRx),
        State::BoundTrx => Some(WireState::BoundTrx),
        State::Unbound => Some(WireState::Unbound),
        State::Closed => None,
    }
}
