//! Windows in both directions: what was asked is settled exactly once.

use smpp_session::{Duplicates, Ended, NotQueued, OpenRequest, Options, Role};
use smpp_wire::{BindMode, CommandId, CommandStatus, DeliverSm, SubmitSm, Tag, Tlv, Tlvs};

use crate::talk::{Talk, Told, asked, bare, frame, pdu, submit_sm, submit_sm_resp};

fn windows(window_out: usize, window_in: usize) -> Options {
    Options { window_out, window_in, ..Options::default() }
}

fn ok(sequence: u32) -> smpp_wire::Frame {
    bare(CommandId::SUBMIT_SM_RESP, CommandStatus::OK, sequence)
}

#[test]
fn answers_in_any_order_bring_their_tokens_back() {
    let mut esme = Talk::esme(windows(3, 3));
    let sequences: Vec<u32> = (10..13).map(|token| esme.submits(token).unwrap()).collect();
    assert_eq!(esme.submits(13), Err(NotQueued::WindowFull));
    assert_eq!(esme.session.window_free(), 0);
    assert_eq!(esme.hears(&ok(sequences[1])), [Told::Answered(11, CommandStatus::OK)]);
    assert!(esme.submits(13).is_ok());
    assert_eq!(esme.hears(&ok(sequences[2])), [Told::Answered(12, CommandStatus::OK)]);
    assert_eq!(esme.hears(&ok(sequences[0])), [Told::Answered(10, CommandStatus::OK)]);
}

#[test]
fn an_unanswered_request_is_given_up_and_its_late_answer_is_counted() {
    let mut esme = Talk::esme(windows(10, 10));
    let sequence = esme.submits(1).unwrap();
    esme.waits(9);
    let second = esme.submits(2).unwrap();
    assert_eq!(esme.waits(1), [Told::Unanswered(1)]);
    assert_eq!(esme.hears(&ok(sequence)), []);
    assert_eq!(esme.session.stats().late_answers, 1);
    assert_eq!(esme.session.window_used(), 1);
    assert_eq!(esme.hears(&ok(second)), [Told::Answered(2, CommandStatus::OK)]);
    assert_eq!(esme.ended(), None);
}

#[test]
fn a_generic_nack_settles_the_request_that_it_names() {
    let mut esme = Talk::esme(windows(10, 10));
    let sequence = esme.submits(1).unwrap();
    let why = CommandStatus::INVALID_COMMAND_ID;
    assert_eq!(esme.hears(&bare(CommandId::GENERIC_NACK, why, sequence)), [Told::Nacked(Some(1), why)]);
    assert_eq!(esme.hears(&bare(CommandId::GENERIC_NACK, why, 0)), [Told::Nacked(None, why)]);
    assert_eq!(esme.hears(&bare(CommandId::GENERIC_NACK, why, 77)), []);
    assert_eq!(esme.session.stats().stray_nacks, 2);
    assert_eq!(esme.says().len(), 1, "a response is never answered");
}

#[test]
fn a_generic_nack_that_says_ok_is_still_a_failure() {
    let mut esme = Talk::esme(windows(10, 10));
    let sequence = esme.submits(1).unwrap();
    let told = esme.hears(&bare(CommandId::GENERIC_NACK, CommandStatus::OK, sequence));
    assert_eq!(told, [Told::Nacked(Some(1), CommandStatus::UNKNOWN_ERROR)]);
}

#[test]
fn an_answer_of_the_wrong_command_settles_nothing() {
    let mut esme = Talk::esme(windows(10, 10));
    let sequence = esme.submits(1).unwrap();
    assert_eq!(esme.hears(&bare(CommandId::DELIVER_SM_RESP, CommandStatus::OK, sequence)), []);
    assert_eq!(esme.session.stats().mismatched_answers, 1);
    assert_eq!(esme.session.window_used(), 1);
}

#[test]
fn a_peer_beyond_its_window_is_throttled_by_a_centre() {
    let mut mc = Talk::bound(BindMode::Transmitter, windows(10, 2));
    assert_eq!(mc.hears(&submit_sm(1)).len(), 1);
    assert_eq!(mc.hears(&submit_sm(2)).len(), 1);
    assert_eq!(mc.hears(&submit_sm(3)), []);
    assert_eq!(mc.says(), [submit_sm_resp(3).status(CommandStatus::THROTTLED)]);
    assert_eq!(mc.session.stats().throttled, 1);
    mc.answers(asked(CommandId::SUBMIT_SM, 1));
    assert_eq!(mc.says(), [submit_sm_resp(1)]);
    assert_eq!(mc.hears(&submit_sm(4)).len(), 1);
}

#[test]
fn a_centre_beyond_its_window_is_told_that_the_queue_is_full() {
    let mut esme = Talk::esme(windows(10, 0));
    assert_eq!(esme.hears(&bare(CommandId::DELIVER_SM, CommandStatus::OK, 1)), []);
    assert_eq!(esme.says(), [pdu(CommandId::DELIVER_SM_RESP, 1).status(CommandStatus::MESSAGE_QUEUE_FULL)]);
}

#[test]
fn any_sequence_number_is_echoed_exactly() {
    let mut mc = Talk::bound(BindMode::Transmitter, windows(10, 10));
    for sequence in [0, 0x7FFF_FFFF, 0x8000_0000, u32::MAX] {
        let ask = asked(CommandId::SUBMIT_SM, sequence);
        assert_eq!(mc.hears(&submit_sm(sequence)), [Told::Request(ask)]);
        mc.answers(ask);
        assert_eq!(mc.says(), [submit_sm_resp(sequence)]);
    }
}

#[test]
fn at_the_end_each_open_request_is_told_as_sent_or_not() {
    let mut esme = Talk::esme(windows(10, 10));
    esme.submits(1).unwrap();
    esme.submits(2).unwrap();
    let written = esme.session.output().len() - 1;
    esme.session.wrote(written);
    esme.session.end(Ended::PeerClosed);
    let open = [OpenRequest { token: 1, sent: true }, OpenRequest { token: 2, sent: false }];
    assert_eq!(esme.open(), open);
    assert_eq!(esme.open(), []);
}

#[test]
fn a_request_that_is_not_ours_to_send_is_not_queued() {
    let mut mc = Talk::bound(BindMode::Transceiver, windows(10, 10));
    assert_eq!(mc.submits(1), Err(NotQueued::NotAllowed));
    let mut receiver = Talk::bound(BindMode::Transmitter, windows(10, 10));
    let deliver = smpp_wire::DeliverSm::default();
    assert_eq!(receiver.session.request(&deliver, 1, receiver.now), Err(NotQueued::NotAllowed));
    assert_eq!(receiver.says(), []);
}

#[test]
fn what_waits_to_be_written_is_bounded() {
    let options = Options { output_max: 1000, window_out: 1000, ..Options::default() };
    let mut esme = Talk::esme(options);
    let refused = (0..1000).find_map(|token| esme.submits(token).err());
    assert_eq!(refused, Some(NotQueued::OutputFull));
    assert!(esme.session.output().len() < 1100);
    esme.says();
    assert!(esme.submits(1).is_ok());
}

#[test]
fn a_pdu_beyond_the_cap_is_not_queued() {
    let mut esme = Talk::esme(Options { pdu_max: 64, ..Options::default() });
    let refused = esme.session.request_raw(CommandId::SUBMIT_SM, &[0; 49], 1, esme.now);
    assert_eq!(refused, Err(NotQueued::TooLong { length: 65 }));
    assert_eq!(esme.says(), []);
    assert_eq!(esme.session.role(), Role::Esme);
}

#[test]
fn the_longest_payload_passes_both_ways() {
    let payload = [7; 65_535];
    let tlv = [Tlv { tag: Tag::MESSAGE_PAYLOAD, value: &payload }];
    let tlvs = Tlvs::of(&tlv);
    let mut mc = Talk::bound(BindMode::Transceiver, Options::default());
    assert_eq!(mc.hears(&frame(2, &SubmitSm { tlvs, ..Default::default() })).len(), 1);
    let deliver = DeliverSm { tlvs, ..Default::default() };
    assert!(mc.session.request(&deliver, 1, mc.now).is_ok());
    assert_eq!(mc.says(), [pdu(CommandId::DELIVER_SM, 1)]);
}

#[test]
fn what_nobody_asked_is_not_answered() {
    let mut mc = Talk::bound(BindMode::Transmitter, windows(10, 10));
    mc.hears(&submit_sm(1));
    mc.answers(asked(CommandId::SUBMIT_SM, 1));
    mc.answers(asked(CommandId::SUBMIT_SM, 1));
    assert_eq!(mc.says(), [submit_sm_resp(1)]);
}

#[test]
fn where_numbers_are_kept_an_answer_to_another_number_is_not_sent() {
    let options = Options { duplicates: Duplicates::Refused, ..Options::default() };
    let mut mc = Talk::bound(BindMode::Transmitter, options);
    mc.hears(&submit_sm(1));
    mc.answers(asked(CommandId::SUBMIT_SM, 2));
    assert_eq!((mc.says(), mc.session.unanswered()), (vec![], 1));
    mc.answers(asked(CommandId::SUBMIT_SM, 1));
    assert_eq!((mc.says(), mc.session.unanswered()), (vec![submit_sm_resp(1)], 0));
}
