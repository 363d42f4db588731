//! Every answer to a peer of 5.0 can say how busy we are, and can be read all the same.

use smpp_session::{Options, Role};
use smpp_wire::{
    Bind, BindMode, BindResp, CommandId, CommandStatus, Frame, InterfaceVersion, Tag, Tlv, Tlvs, Warnings,
    cut,
};

use crate::talk::{Talk, bare, frame};

/// The requests whose response lists congestion_state, and who sends them.
fn requests() -> Vec<(CommandId, Role)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/commands.toml");
    let spec: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    let lists = |row: &toml::Value| {
        let tlvs = row.get("tlvs_v50").and_then(toml::Value::as_array);
        tlvs.is_some_and(|list| list.iter().any(|tlv| tlv.as_str() == Some("congestion_state")))
    };
    let rows = spec["command"].as_array().unwrap().iter().filter(|row| lists(row));
    rows.map(|row| {
        let id = CommandId(row["id"].as_integer().unwrap().try_into().unwrap());
        let answered_by_mc = row["sender"].as_array().unwrap().iter().any(|side| side.as_str() == Some("mc"));
        (id.request(), if answered_by_mc { Role::Mc } else { Role::Esme })
    })
    .collect()
}

fn v5_0() -> Options {
    Options { interface_version: InterfaceVersion::V5_0, ..Options::default() }
}

fn bind(sequence: u32) -> Frame {
    frame(sequence, &Bind { interface_version: InterfaceVersion::V5_0, ..Default::default() })
}

/// A session of 5.0 that says it is at 42 percent.
fn busy(role: Role) -> Talk {
    let mut talk = Talk::new(role, v5_0());
    if role == Role::Mc {
        talk.hears(&bind(1));
        talk.session.accept_bind(bind(1).as_ref().into(), b"centre", talk.now);
    } else {
        let ask = Bind { interface_version: InterfaceVersion::V5_0, ..Default::default() };
        let sequence = talk.session.request(&ask, 0, talk.now).unwrap();
        let tlv = [Tlv { tag: Tag::SC_INTERFACE_VERSION, value: &[0x50] }];
        let mode = BindMode::Transceiver;
        talk.hears(&frame(sequence, &BindResp { mode, system_id: b"centre", tlvs: Tlvs::of(&tlv) }));
    }
    talk.says();
    talk.session.set_congestion(Some(42));
    talk
}

fn congestion_of(talk: &Talk) -> Option<u32> {
    let said = cut(talk.session.output(), usize::MAX).unwrap().expect("an answer");
    let (pdu, warnings) = said.view().unwrap();
    assert_eq!(warnings, Warnings::NONE, "{said:?}");
    assert_eq!(pdu.tlvs().iter().count(), 1, "{said:?}");
    pdu.tlvs().get(Tag::CONGESTION_STATE)?.integer()
}

#[test]
fn every_refusal_that_may_say_how_busy_we_are_says_it_and_can_be_read() {
    for (id, role) in requests() {
        let mut talk = busy(role);
        let heard = if BindMode::of(id).is_some() {
            talk = Talk::new(Role::Mc, v5_0());
            talk.session.set_congestion(Some(42));
            let bind = bind(7);
            talk.hears(&bind);
            bind
        } else {
            // generic_nack answers what nobody knows.
            let id = if id == CommandId::GENERIC_NACK.request() { CommandId(0x0001_0299) } else { id };
            let heard = bare(id, CommandStatus::OK, 7);
            talk.hears(&heard);
            heard
        };
        let answered = !talk.session.output().is_empty();
        if !answered {
            talk.session.refuse(heard.as_ref().into(), CommandStatus::SYSTEM_ERROR, talk.now);
        }
        assert_eq!(congestion_of(&talk), Some(42), "{id}");
    }
}

#[test]
fn what_is_above_a_hundred_percent_is_said_as_a_hundred() {
    let mut talk = busy(Role::Mc);
    talk.session.set_congestion(Some(255));
    talk.hears(&bare(CommandId::ENQUIRE_LINK, CommandStatus::OK, 7));
    assert_eq!(congestion_of(&talk), Some(100));
}

#[test]
fn an_answer_given_as_octets_goes_as_it_is() {
    let mut talk = busy(Role::Mc);
    let heard = bare(CommandId::SUBMIT_SM, CommandStatus::OK, 7);
    talk.hears(&heard);
    talk.session.respond_raw(heard.as_ref().into(), CommandStatus::OK, b"9001\0", talk.now);
    assert!(talk.session.output().ends_with(b"9001\0"));
}
