//! Every command in every state, for both roles and each version, held against `spec/commands.toml`.

use smpp_session::{NotQueued, Options, Role, State, StateTable};
use smpp_wire::{
    AlertNotification, Bind, BindMode, BindResp, CommandId, CommandStatus, InterfaceVersion, Outbind, Tag,
    Tlv, Tlvs,
};

use crate::talk::{Talk, Told, bare, frame};

const STATES: [(&str, State); 6] = [
    ("open", State::Open),
    ("outbound", State::Outbound),
    ("bound_tx", State::BoundTx),
    ("bound_rx", State::BoundRx),
    ("bound_trx", State::BoundTrx),
    ("unbound", State::Unbound),
];

const VERSIONS: [(&str, InterfaceVersion); 3] = [
    ("states_v33", InterfaceVersion::V3_3),
    ("states_v34", InterfaceVersion::V3_4),
    ("states_v50", InterfaceVersion::V5_0),
];

const ROLES: [Role; 2] = [Role::Mc, Role::Esme];

/// A row of the specification's table that is no response.
struct Command {
    name: String,
    id: CommandId,
    one_way: bool,
    row: toml::Table,
}

impl Command {
    fn is_in(&self, version: &str) -> bool {
        self.row.contains_key(version)
    }

    fn lists(&self, sender: Role, state: &str, version: &str) -> bool {
        let sender = if sender == Role::Esme { "esme" } else { "mc" };
        let senders = self.row.get(version).and_then(|states| states.get(state));
        senders
            .and_then(toml::Value::as_array)
            .is_some_and(|list| list.iter().any(|each| each.as_str() == Some(sender)))
    }

    /// What the table of a version says, and the three places where it says nothing or less than it means.
    fn permits(&self, sender: Role, state: &str, version: &str) -> bool {
        match state {
            // The matrices before 5.0 have no column for it.
            "outbound" if version != "states_v50" => self.lists(sender, "open", version),
            // 3.3 has no transceivers, and 3.4 forgot them for replace_sm (spec/disagreements.md, A).
            "bound_trx" if version == "states_v33" || self.name == "replace_sm" => {
                ["bound_tx", "bound_rx", "bound_trx"].iter().any(|half| self.lists(sender, half, version))
            }
            _ => self.lists(sender, state, version),
        }
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

/// One side of a session of a version, in a state.
#[derive(Clone, Copy, Debug)]
struct Place {
    role: Role,
    state: State,
    state_name: &'static str,
    version: InterfaceVersion,
    version_name: &'static str,
    table: StateTable,
}

/// Every place that can be reached: 3.3 has no outbind, and by its own table no transceiver binds.
fn places() -> Vec<Place> {
    let mut places = Vec::new();
    for (version_name, version) in VERSIONS {
        for (state_name, state) in STATES {
            for role in ROLES {
                for table in [StateTable::AnyVersion, StateTable::OwnVersion] {
                    places.push(Place { role, state, state_name, version, version_name, table });
                }
            }
        }
    }
    places.retain(|place| {
        let own = place.role == Role::Mc && place.table == StateTable::OwnVersion;
        let unknown = place.state == State::Outbound || (own && place.state == State::BoundTrx);
        place.version != InterfaceVersion::V3_3 || !unknown
    });
    places
}

impl Place {
    fn peer(&self) -> Role {
        if self.role == Role::Mc { Role::Esme } else { Role::Mc }
    }

    fn reach(&self) -> Talk {
        let options =
            Options { interface_version: self.version, state_table: self.table, ..Options::default() };
        let mut talk = Talk::new(self.role, options);
        match self.state {
            State::Open => {}
            State::Outbound if self.role == Role::Mc => {
                talk.session.notify(&Outbind::default(), talk.now).unwrap();
            }
            State::Outbound => assert_eq!(talk.hears(&frame(1, &Outbind::default())).len(), 1),
            _ => self.bind(&mut talk),
        }
        if self.state == State::Unbound {
            talk.session.begin_unbind(talk.now);
        }
        talk.says();
        assert_eq!(talk.session.state(), self.state, "{self:?}");
        assert_eq!(talk.session.version(), self.version, "{self:?}");
        talk
    }

    fn bind(&self, talk: &mut Talk) {
        let mode = match self.state {
            State::BoundRx => BindMode::Receiver,
            State::BoundTrx => BindMode::Transceiver,
            _ => BindMode::Transmitter,
        };
        let ask = Bind { mode, interface_version: self.version, ..Default::default() };
        if self.role == Role::Mc {
            let told = talk.hears(&frame(1, &ask));
            let [Told::Bind(asked)] = told[..] else { panic!("no bind: {told:?}") };
            return talk.session.accept_bind(asked, b"centre", talk.now);
        }
        let sequence = talk.session.request(&ask, 0, talk.now).unwrap();
        let version = [self.version.0];
        let tlv = [Tlv { tag: Tag::SC_INTERFACE_VERSION, value: &version }];
        talk.hears(&frame(sequence, &BindResp { mode, system_id: b"centre", tlvs: Tlvs::of(&tlv) }));
    }
}

#[test]
fn every_request_of_a_peer_is_taken_or_refused_as_the_specification_says() {
    for command in requests() {
        // Both are answered wherever they come: BEHAVIOUR decides where the versions differ.
        if [CommandId::ENQUIRE_LINK, CommandId::UNBIND].contains(&command.id) {
            continue;
        }
        for place in places() {
            let permits = |version: &str| command.permits(place.peer(), place.state_name, version);
            let (known, permitted) = match place.table {
                StateTable::AnyVersion => (true, VERSIONS.iter().any(|(version, _)| permits(version))),
                StateTable::OwnVersion => (command.is_in(place.version_name), permits(place.version_name)),
            };
            is_taken_or_refused(&command, place, known, permitted);
        }
    }
}

fn is_taken_or_refused(command: &Command, place: Place, known: bool, permitted: bool) {
    let mut talk = place.reach();
    let told = match (BindMode::of(command.id), command.id) {
        (Some(mode), _) => talk.hears(&bind_of(mode, place.version)),
        (None, CommandId::OUTBIND) => talk.hears(&frame(77, &Outbind::default())),
        _ => talk.hears(&bare(command.id, CommandStatus::OK, 77)),
    };
    let said = talk.says();
    let what = format!("{} in {place:?}: told {told:?}, said {said:?}", command.name);
    assert_eq!(talk.ended(), None, "{what}");
    if permitted {
        assert_eq!(told.len(), 1, "{what}");
        assert!(said.is_empty(), "{what}");
        assert_eq!(matches!(told[0], Told::Notice(_)), command.one_way, "{what}");
        return;
    }
    assert!(told.is_empty(), "{what}");
    let bound = BindMode::of(command.id).is_some() && place.state.is_bound() && place.role == Role::Mc;
    let status = match known {
        false => CommandStatus::INVALID_COMMAND_ID,
        true if bound => CommandStatus::ALREADY_BOUND,
        true => CommandStatus::INVALID_BIND_STATE,
    };
    let own = known && !command.one_way;
    let by = if own { command.id.response() } else { CommandId::GENERIC_NACK };
    assert_eq!((said[0].id, said[0].status, said[0].sequence), (by, status, 77), "{what}");
}

fn bind_of(mode: BindMode, interface_version: InterfaceVersion) -> smpp_wire::Frame {
    frame(77, &Bind { mode, interface_version, ..Default::default() })
}

#[test]
fn every_request_of_ours_is_sent_only_where_the_version_of_the_session_lets_it() {
    for command in requests() {
        for place in places() {
            let mut talk = place.reach();
            let (id, now) = (command.id, talk.now);
            let queued = match id {
                CommandId::OUTBIND => talk.session.notify(&Outbind::default(), now),
                CommandId::ALERT_NOTIFICATION => talk.session.notify(&AlertNotification::default(), now),
                _ => talk.session.request_raw(id, &[], 1, now),
            };
            let what = format!("{} in {place:?}: {queued:?}", command.name);
            // A transceiver's bind may say 3.3: whether that goes is for the centre to say.
            let version = if BindMode::of(id).is_some() { "states_v50" } else { place.version_name };
            let refused = if place.state == State::Unbound {
                Some(NotQueued::Ending)
            } else if !command.is_in(version) {
                Some(NotQueued::NotInVersion)
            } else if id == CommandId::UNBIND || !command.permits(place.role, place.state_name, version) {
                Some(NotQueued::NotAllowed)
            } else {
                None
            };
            assert_eq!(queued.err(), refused, "{what}");
            assert_eq!(talk.says().len(), usize::from(refused.is_none()), "{what}");
        }
    }
}

#[test]
fn an_enquire_link_and_an_unbind_are_answered_wherever_they_come() {
    for place in places() {
        for id in [CommandId::ENQUIRE_LINK, CommandId::UNBIND] {
            let mut talk = place.reach();
            talk.hears(&bare(id, CommandStatus::OK, 77));
            let said = talk.says();
            assert_eq!((said[0].id, said[0].sequence), (id.response(), 77), "{place:?}");
            assert!(said[0].status.is_ok(), "{place:?}");
        }
    }
}

#[test]
fn every_response_in_every_state_is_heard_without_an_answer() {
    for command in requests() {
        for place in places() {
            let mut talk = place.reach();
            assert_eq!(talk.hears(&bare(command.id.response(), CommandStatus::OK, 77)), []);
            assert_eq!(talk.says(), []);
            assert_eq!(talk.session.state(), place.state);
        }
    }
}

#[test]
fn no_response_and_nothing_one_way_is_queued_as_a_request() {
    for command in requests() {
        for place in places() {
            let mut talk = place.reach();
            let id = if command.one_way { command.id } else { command.id.response() };
            assert!(talk.session.request_raw(id, &[], 1, talk.now).is_err(), "{id} in {place:?}");
            assert_eq!(talk.says(), []);
        }
    }
}
