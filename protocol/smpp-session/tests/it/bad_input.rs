//! What a peer may get wrong, and what it may not.

use smpp_session::{Ended, Options, Role, State};
use smpp_wire::{BindMode, CommandId, CommandStatus};

use crate::talk::{Talk, Told, asked, bare, pdu, submit_sm};

fn trx() -> Talk {
    Talk::bound(BindMode::Transceiver, Options::default())
}

fn header(length: u32, id: u32, sequence: u32) -> Vec<u8> {
    [length, id, 0, sequence].iter().flat_map(|word| word.to_be_bytes()).collect()
}

#[test]
fn a_length_that_cannot_be_is_nacked_and_closes() {
    for (length, sequence) in [(15, 0), (0, 0), (u32::MAX, 7), (71_681, 7)] {
        let mut mc = trx();
        mc.hears_octets(&header(length, 4, 7));
        let nack = pdu(CommandId::GENERIC_NACK, sequence).status(CommandStatus::INVALID_COMMAND_LENGTH);
        assert_eq!(mc.says(), [nack]);
        assert_eq!(mc.ended(), Some(Ended::BadLength(length)));
        assert_eq!(mc.session.state(), State::Closed);
    }
}

#[test]
fn before_the_bind_a_kilobyte_is_the_longest_pdu() {
    let mut mc = Talk::listening();
    mc.hears_octets(&header(1025, 9, 7));
    assert_eq!(mc.ended(), Some(Ended::BadLength(1025)));
    let mut bound = trx();
    bound.hears_octets(&header(1025, 4, 7));
    assert_eq!(bound.ended(), None);
}

#[test]
fn a_length_is_judged_from_its_four_octets() {
    let mut mc = trx();
    mc.hears_octets(&[0xFF, 0xFF, 0xFF, 0xFF]);
    assert_eq!(mc.ended(), Some(Ended::BadLength(u32::MAX)));
}

#[test]
fn an_unknown_command_is_nacked_and_the_session_goes_on() {
    let mut mc = trx();
    let mut octets = header(20, 0x0100_0001, 9);
    octets.extend_from_slice(b"junk");
    octets.extend_from_slice(submit_sm(10).bytes());
    assert_eq!(mc.hears_octets(&octets), [Told::Request(asked(CommandId::SUBMIT_SM, 10))]);
    assert_eq!(mc.says(), [pdu(CommandId::GENERIC_NACK, 9).status(CommandStatus::INVALID_COMMAND_ID)]);
}

#[test]
fn an_unknown_response_is_dropped() {
    let mut mc = trx();
    assert_eq!(mc.hears(&bare(CommandId(0x8123_4567), CommandStatus::OK, 1)), []);
    assert_eq!(mc.says(), []);
    assert_eq!(mc.session.stats().late_answers, 1);
}

#[test]
fn a_bind_that_cannot_be_read_is_answered_with_the_reason() {
    let mut mc = Talk::listening();
    let mut octets = header(16 + 4, 9, 3);
    octets.extend_from_slice(b"acme");
    assert_eq!(mc.hears_octets(&octets), []);
    let said = mc.says();
    assert_eq!((said[0].id, said[0].sequence), (CommandId::BIND_TRANSCEIVER_RESP, 3));
    assert!(!said[0].status.is_ok());
    assert_eq!(mc.ended(), None);
}

#[test]
fn a_command_the_caller_does_not_serve_is_refused_by_generic_nack() {
    let mut mc = trx();
    let ask = asked(CommandId::QUERY_SM, 4);
    assert_eq!(mc.hears(&bare(CommandId::QUERY_SM, CommandStatus::OK, 4)), [Told::Request(ask)]);
    mc.session.refuse(ask, CommandStatus::INVALID_COMMAND_ID, mc.now);
    assert_eq!(mc.says(), [pdu(CommandId::GENERIC_NACK, 4).status(CommandStatus::INVALID_COMMAND_ID)]);
    assert_eq!(mc.session.unanswered(), 0);
}

#[test]
fn a_submit_to_an_esme_is_refused_in_its_state() {
    let mut esme = Talk::esme(Options::default());
    assert_eq!(esme.session.role(), Role::Esme);
    esme.hears(&submit_sm(5));
    assert_eq!(esme.says(), [pdu(CommandId::SUBMIT_SM_RESP, 5).status(CommandStatus::INVALID_BIND_STATE)]);
}

#[test]
fn one_octet_at_a_time_is_heard_as_well() {
    let mut mc = trx();
    let submit = submit_sm(1);
    let told: Vec<Told> = submit.bytes().iter().flat_map(|octet| mc.hears_octets(&[*octet])).collect();
    assert_eq!(told, [Told::Request(asked(CommandId::SUBMIT_SM, 1))]);
}
