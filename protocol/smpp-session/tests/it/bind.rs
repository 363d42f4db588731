//! Binding, and what may not be said before it.

use smpp_session::{Ended, NotQueued, Options, Role, State};
use smpp_wire::{BindMode, CommandId, CommandStatus, InterfaceVersion};

use crate::talk::{Talk, Told, asked, bare, bind, enquire_link, pdu, submit_sm, submit_sm_resp};

#[test]
fn a_submit_before_bind_is_refused_and_the_session_stays_open() {
    let mut mc = Talk::listening();
    assert_eq!(mc.hears(&submit_sm(7)), []);
    assert_eq!(mc.says(), [submit_sm_resp(7).status(CommandStatus::INVALID_BIND_STATE)]);
    assert_eq!(mc.session.state(), State::Open);
    assert_eq!(mc.ended(), None);
}

#[test]
fn three_requests_before_the_bind_are_refused_and_the_third_closes() {
    let mut mc = Talk::listening();
    mc.hears(&submit_sm(1));
    mc.hears(&submit_sm(2));
    assert_eq!(mc.ended(), None);
    mc.hears(&submit_sm(3));
    assert_eq!(mc.says().len(), 3, "each is answered");
    assert_eq!(mc.ended(), Some(Ended::Denied));
}

#[test]
fn an_accepted_bind_opens_its_direction_and_tells_the_version() {
    for (mode, state) in [
        (BindMode::Transmitter, State::BoundTx),
        (BindMode::Receiver, State::BoundRx),
        (BindMode::Transceiver, State::BoundTrx),
    ] {
        let mut mc = Talk::listening();
        let sequence = 5;
        let ask = asked(mode.command(), sequence);
        assert_eq!(mc.hears(&bind(mode, sequence)), [Told::Bind(ask)]);
        mc.session.accept_bind(ask, b"centre", mc.now);
        assert!(mc.session.output().ends_with(&[0x02, 0x10, 0, 1, 0x34]), "sc_interface_version");
        assert_eq!(mc.says(), [pdu(mode.command().response(), sequence)]);
        assert_eq!(mc.session.state(), state);
        assert_eq!(mc.session.version(), InterfaceVersion::V3_4);
    }
}

#[test]
fn a_refused_bind_leaves_the_session_open_for_another_try() {
    let mut mc = Talk::listening();
    mc.hears(&bind(BindMode::Transceiver, 1));
    let ask = asked(CommandId::BIND_TRANSCEIVER, 1);
    mc.session.refuse(ask, CommandStatus::INVALID_PASSWORD, mc.now);
    assert_eq!(mc.says(), [pdu(CommandId::BIND_TRANSCEIVER_RESP, 1).status(CommandStatus::INVALID_PASSWORD)]);
    assert_eq!(mc.session.state(), State::Open);
    assert_eq!(mc.hears(&bind(BindMode::Transceiver, 2)).len(), 1);
}

#[test]
fn a_second_bind_is_already_bound_and_changes_nothing() {
    let mut mc = Talk::bound(BindMode::Transceiver, Options::default());
    assert_eq!(mc.hears(&bind(BindMode::Receiver, 2)), []);
    assert_eq!(mc.says(), [pdu(CommandId::BIND_RECEIVER_RESP, 2).status(CommandStatus::ALREADY_BOUND)]);
    assert_eq!(mc.session.state(), State::BoundTrx);
}

#[test]
fn a_second_bind_while_the_first_is_judged_is_already_bound() {
    let mut mc = Talk::listening();
    mc.hears(&bind(BindMode::Transmitter, 1));
    assert_eq!(mc.hears(&bind(BindMode::Transmitter, 2)), []);
    assert_eq!(mc.says()[0].status, CommandStatus::ALREADY_BOUND);
    mc.session.accept_bind(asked(CommandId::BIND_TRANSMITTER, 1), b"centre", mc.now);
    assert_eq!(mc.session.state(), State::BoundTx);
}

#[test]
fn an_esme_is_bound_when_the_centre_says_so_and_not_before() {
    let mut esme = Talk::new(Role::Esme, Options::default());
    assert_eq!(esme.submits(1), Err(NotQueued::NotAllowed));
    let ask = smpp_wire::Bind::default();
    let sequence = esme.session.request(&ask, 9, esme.now).unwrap();
    let no = CommandStatus::INVALID_PASSWORD;
    assert_eq!(esme.hears(&bare(CommandId::BIND_TRANSCEIVER_RESP, no, sequence)), [Told::Answered(9, no)]);
    assert_eq!(esme.session.state(), State::Open);
    let sequence = esme.session.request(&ask, 10, esme.now).unwrap();
    esme.hears(&bare(CommandId::BIND_TRANSCEIVER_RESP, CommandStatus::OK, sequence));
    assert_eq!(esme.session.state(), State::BoundTrx);
    assert!(esme.submits(1).is_ok());
}

#[test]
fn a_message_in_the_same_segment_as_the_bind_answer_is_heard() {
    let mut esme = Talk::new(Role::Esme, Options::default());
    let sequence = esme.session.request(&smpp_wire::Bind::default(), 1, esme.now).unwrap();
    let mut octets = bare(CommandId::BIND_TRANSCEIVER_RESP, CommandStatus::OK, sequence).bytes().to_vec();
    octets.extend_from_slice(bare(CommandId::DELIVER_SM, CommandStatus::OK, 1).bytes());
    let told = esme.hears_octets(&octets);
    assert_eq!(told[1], Told::Request(asked(CommandId::DELIVER_SM, 1)));
}

#[test]
fn an_enquire_link_is_answered_in_every_state() {
    let mut mc = Talk::listening();
    mc.hears(&bare(CommandId::ENQUIRE_LINK, CommandStatus::OK, 3));
    assert_eq!(mc.says(), [pdu(CommandId::ENQUIRE_LINK_RESP, 3)]);
    let mut esme = Talk::esme(Options::default());
    esme.session.begin_unbind(esme.now);
    esme.says();
    esme.hears(&bare(CommandId::ENQUIRE_LINK, CommandStatus::OK, 4));
    assert_eq!(esme.says(), [pdu(CommandId::ENQUIRE_LINK_RESP, 4)]);
    assert_eq!(esme.session.state(), State::Unbound);
    assert_ne!(enquire_link(1), pdu(CommandId::UNBIND, 1));
}

#[test]
fn who_is_refused_three_times_is_let_go() {
    let mut mc = Talk::listening();
    for sequence in 1..=3 {
        assert_eq!(mc.ended(), None);
        mc.hears(&bind(BindMode::Transceiver, sequence));
        let ask = asked(CommandId::BIND_TRANSCEIVER, sequence);
        mc.session.refuse(ask, CommandStatus::INVALID_PASSWORD, mc.now);
        assert_eq!(mc.says().len(), 1, "each is answered");
    }
    assert_eq!(mc.ended(), Some(Ended::Denied));
}

#[test]
fn a_session_that_is_shown_shows_no_password() {
    let mut esme = Talk::new(Role::Esme, Options::default());
    let ask = smpp_wire::Bind { password: b"secret", ..Default::default() };
    esme.session.request(&ask, 1, esme.now).unwrap();
    let shown = format!("{:?}", esme.session);
    assert!(!shown.contains("115, 101, 99, 114, 101, 116"), "{shown}");
}
