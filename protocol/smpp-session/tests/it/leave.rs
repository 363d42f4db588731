//! Saying goodbye.

use smpp_session::{Ended, NotQueued, Options, State};
use smpp_wire::{BindMode, CommandId, CommandStatus};

use crate::talk::{Talk, Told, asked, bare, pdu, submit_sm, submit_sm_resp};

fn trx() -> Talk {
    Talk::bound(BindMode::Transceiver, Options::default())
}

#[test]
fn an_unbind_is_answered_and_the_session_ends() {
    let mut mc = trx();
    assert_eq!(mc.hears(&bare(CommandId::UNBIND, CommandStatus::OK, 8)), [Told::Unbinding]);
    assert_eq!(mc.says(), [pdu(CommandId::UNBIND_RESP, 8)]);
    assert_eq!(mc.ended(), Some(Ended::Unbound));
}

#[test]
fn what_was_asked_before_the_unbind_is_answered_first() {
    let mut mc = trx();
    mc.hears(&submit_sm(7));
    mc.hears(&bare(CommandId::UNBIND, CommandStatus::OK, 8));
    assert_eq!(mc.says(), []);
    assert_eq!(mc.hears(&submit_sm(9)), []);
    assert_eq!(mc.says(), [submit_sm_resp(9).status(CommandStatus::INVALID_BIND_STATE)]);
    mc.answers(asked(CommandId::SUBMIT_SM, 7));
    assert_eq!(mc.says(), [submit_sm_resp(7), pdu(CommandId::UNBIND_RESP, 8)]);
    assert_eq!(mc.ended(), Some(Ended::Unbound));
}

#[test]
fn an_unbind_waits_for_slow_answers_only_so_long() {
    let mut mc = trx();
    mc.hears(&submit_sm(7));
    mc.hears(&bare(CommandId::UNBIND, CommandStatus::OK, 8));
    mc.waits(10);
    assert_eq!(mc.says(), [pdu(CommandId::UNBIND_RESP, 8)]);
    assert_eq!(mc.ended(), Some(Ended::Unbound));
}

#[test]
fn leaving_waits_for_the_answers_then_unbinds() {
    let mut esme = Talk::esme(Options::default());
    let sequence = esme.submits(1).unwrap();
    esme.session.begin_unbind(esme.now);
    assert_eq!(esme.says().len(), 1);
    assert_eq!(esme.submits(2), Err(NotQueued::Ending));
    let told = esme.hears(&bare(CommandId::SUBMIT_SM_RESP, CommandStatus::OK, sequence));
    assert_eq!(told, [Told::Answered(1, CommandStatus::OK)]);
    let said = esme.says();
    assert_eq!(said[0].id, CommandId::UNBIND);
    assert_eq!(esme.session.state(), State::Unbound);
    esme.hears(&bare(CommandId::UNBIND_RESP, CommandStatus::OK, said[0].sequence));
    assert_eq!(esme.ended(), Some(Ended::Unbound));
}

#[test]
fn while_leaving_new_requests_of_the_peer_are_put_off() {
    let mut mc = trx();
    mc.hears(&submit_sm(7));
    mc.session.begin_unbind(mc.now);
    assert_eq!(mc.hears(&submit_sm(8)), []);
    assert_eq!(mc.says(), [submit_sm_resp(8).status(CommandStatus::THROTTLED)]);
    mc.answers(asked(CommandId::SUBMIT_SM, 7));
    assert_eq!(mc.says(), [submit_sm_resp(7), pdu(CommandId::UNBIND, 1)]);
}

#[test]
fn a_peer_that_does_not_answer_our_unbind_is_let_go() {
    let mut mc = trx();
    mc.session.begin_unbind(mc.now);
    assert_eq!(mc.says(), [pdu(CommandId::UNBIND, 1)]);
    mc.waits(10);
    assert_eq!(mc.ended(), Some(Ended::UnbindUnanswered));
}

#[test]
fn a_peer_that_closes_after_our_unbind_has_answered_it() {
    let mut mc = trx();
    mc.session.begin_unbind(mc.now);
    mc.session.end(Ended::PeerClosed);
    assert_eq!(mc.ended(), Some(Ended::Unbound));
}

#[test]
fn unbinds_that_cross_end_the_session() {
    let mut mc = trx();
    mc.session.begin_unbind(mc.now);
    mc.hears(&bare(CommandId::UNBIND, CommandStatus::OK, 8));
    assert_eq!(mc.says(), [pdu(CommandId::UNBIND, 1), pdu(CommandId::UNBIND_RESP, 8)]);
    assert_eq!(mc.ended(), Some(Ended::Unbound));
}

#[test]
fn a_session_that_is_not_bound_leaves_at_once() {
    let mut mc = Talk::listening();
    mc.session.begin_unbind(mc.now);
    assert_eq!(mc.ended(), Some(Ended::Closed));
    assert_eq!(mc.says(), []);
}
