//! Every request in every state, for both roles, held against `spec/commands.toml`.

use smpp_session::{Options, Role, State};
use smpp_wire::{BindMode, CommandId, CommandStatus};

use crate::talk::{Talk, Told, bare, bind};

const STATES: [(&str, State); 5] = [
    ("open", State::Open),
    ("bound_tx", State::BoundTx),
    ("bound_rx", State::BoundRx),
    ("bound_trx", State::BoundTrx),
    ("unbound", State::Unbound),
];

struct Command {
    name: String,
    id: CommandId,
    one_way: bool,
    row: toml::Table,
}

impl Command {
    /// Whether any version lets `sender` send this in `state`.
    fn permits(&self, sender: &str, state: &str) -> bool {
        ["states_v33", "states_v34", "states_v50"].iter().any(|version| {
            let senders = self.row.get(*version).and_then(|states| states.get(state));
            senders
                .and_then(toml::Value::as_array)
                .is_some_and(|list| list.iter().any(|s| s.as_str() == Some(sender)))
        })
    }
}

fn requests() -> Vec<Command> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/commands.toml");
    let spec: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    let rows = spec["command"].as_array().unwrap().iter().map(|row| row.as_table().unwrap().clone());
    rows.filter(|row| row["kind"].as_str() != Some("response"))
        .map(|row| Command {
            name: row["name"].as_str().unwrap().to_owned(),
            id: CommandId(row["id"].as_integer().unwrap().try_into().unwrap()),
            one_way: row["kind"].as_str() == Some("one_way"),
            row,
        })
        .collect()
}

/// A session of `role` in `state`.
fn in_state(role: Role, state: State) -> Talk {
    let mode = match state {
        State::BoundTx => BindMode::Transmitter,
        State::BoundRx => BindMode::Receiver,
        _ => BindMode::Transceiver,
    };
    let mut talk = match (role, state) {
        (_, State::Open) => Talk::new(role, Options::default()),
        (Role::Mc, _) => Talk::bound(mode, Options::default()),
        (Role::Esme, _) => {
            let mut talk = Talk::new(role, Options::default());
            let ask = smpp_wire::Bind { mode, ..Default::default() };
            let sequence = talk.session.request(&ask, 0, talk.now).unwrap();
            talk.hears(&bare(mode.command().response(), CommandStatus::OK, sequence));
            talk
        }
    };
    if state == State::Unbound {
        talk.session.begin_unbind(talk.now);
    }
    talk.says();
    assert_eq!(talk.session.state(), state);
    talk
}

#[test]
fn every_request_in_every_state_is_taken_or_refused_as_the_specification_says() {
    for command in requests() {
        for role in [Role::Mc, Role::Esme] {
            for (name, state) in STATES {
                let mut talk = in_state(role, state);
                let told = match BindMode::of(command.id) {
                    Some(mode) => talk.hears(&bind(mode, 77)),
                    None => talk.hears(&bare(command.id, CommandStatus::OK, 77)),
                };
                let said = talk.says();
                let sender = if role == Role::Mc { "esme" } else { "mc" };
                let place = format!("{} to {role:?} in {name}: told {told:?}, said {said:?}", command.name);
                match command.id {
                    // Both are answered wherever they come: BEHAVIOUR decides where the versions differ.
                    CommandId::ENQUIRE_LINK | CommandId::UNBIND => {
                        assert_eq!(said[0].id, command.id.response(), "{place}");
                        assert!(said[0].status.is_ok(), "{place}");
                    }
                    _ if command.permits(sender, name) => {
                        assert_eq!(told.len(), 1, "{place}");
                        assert!(said.is_empty(), "{place}");
                        assert_eq!(matches!(told[0], Told::Notice(_)), command.one_way, "{place}");
                    }
                    _ => {
                        assert!(told.is_empty(), "{place}");
                        let by =
                            if command.one_way { CommandId::GENERIC_NACK } else { command.id.response() };
                        let bound =
                            BindMode::of(command.id).is_some() && state.is_bound() && role == Role::Mc;
                        let status = if bound {
                            CommandStatus::ALREADY_BOUND
                        } else {
                            CommandStatus::INVALID_BIND_STATE
                        };
                        assert_eq!(
                            (said[0].id, said[0].status, said[0].sequence),
                            (by, status, 77),
                            "{place}"
                        );
                        assert_eq!(talk.ended(), None, "{place}");
                    }
                }
            }
        }
    }
}

#[test]
fn every_response_in_every_state_is_heard_without_an_answer() {
    for command in requests() {
        for role in [Role::Mc, Role::Esme] {
            for (_, state) in STATES {
                let mut talk = in_state(role, state);
                assert_eq!(talk.hears(&bare(command.id.response(), CommandStatus::OK, 77)), []);
                assert_eq!(talk.says(), []);
                assert_eq!(talk.session.state(), state);
            }
        }
    }
}
