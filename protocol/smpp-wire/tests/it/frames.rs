//! Frames are cut by their length, before anything in them is read.

use smpp_wire::{
    BadLength, Bare, CommandId, CommandStatus, Frame, Header, Other, Pdu, Warnings, cut, write_header,
};

const LENGTH_MAX: usize = 1024;

fn enquire_link(sequence: u32) -> Vec<u8> {
    let mut out = Vec::new();
    write_header(&mut out, CommandId::ENQUIRE_LINK, CommandStatus::OK, sequence);
    out
}

#[test]
fn a_frame_is_cut_only_when_its_last_octet_is_there() {
    let octets = enquire_link(7);
    for end in 0..octets.len() {
        assert_eq!(cut(&octets[..end], LENGTH_MAX), Ok(None));
    }
    let frame = cut(&octets, LENGTH_MAX).unwrap().unwrap();
    assert_eq!(frame.bytes(), octets);
    assert_eq!(frame.sequence(), 7);
}

#[test]
fn two_frames_in_one_buffer_are_cut_one_after_the_other() {
    let octets = [enquire_link(1), enquire_link(2)].concat();
    let first = cut(&octets, LENGTH_MAX).unwrap().unwrap();
    let second = cut(&octets[first.bytes().len()..], LENGTH_MAX).unwrap().unwrap();
    assert_eq!((first.sequence(), second.sequence()), (1, 2));
}

#[test]
fn a_bad_length_is_known_from_the_fourth_octet_on() {
    for length in [0_u32, 1, 15, 1025, 0x4854_5450, u32::MAX] {
        let octets = length.to_be_bytes();
        assert_eq!(cut(&octets[..3], LENGTH_MAX), Ok(None));
        assert_eq!(cut(&octets, LENGTH_MAX), Err(BadLength { length, sequence: None }));
    }
}

#[test]
fn a_bad_length_names_the_sequence_number_when_the_header_is_there() {
    let mut octets = enquire_link(9);
    octets[3] = 15;
    assert_eq!(cut(&octets, LENGTH_MAX), Err(BadLength { length: 15, sequence: Some(9) }));
}

#[test]
fn the_longest_and_the_shortest_length_are_good() {
    let mut octets = vec![0; LENGTH_MAX];
    octets[..4].copy_from_slice(&1024_u32.to_be_bytes());
    assert_eq!(cut(&octets, LENGTH_MAX).unwrap().unwrap().bytes().len(), LENGTH_MAX);
    assert_eq!(cut(&octets, LENGTH_MAX - 1), Err(BadLength { length: 1024, sequence: Some(0) }));
    assert!(cut(&enquire_link(1), Header::LEN).unwrap().is_some());
}

#[test]
fn an_owned_frame_is_the_lent_one() {
    let octets = enquire_link(3);
    let lent = cut(&octets, LENGTH_MAX).unwrap().unwrap();
    let owned = lent.to_frame();
    assert_eq!(owned.as_ref(), lent);
    assert_eq!(Frame::new(owned.clone().into_bytes()), Some(owned));
    assert_eq!(Frame::new(octets[..15].to_vec().into()), None);
    assert_eq!(Frame::new([octets, vec![0]].concat().into()), None);
}

#[test]
fn an_unknown_command_is_a_frame_like_any_other() {
    let frame = Frame::header_only(CommandId(0x0100_0001), CommandStatus::OK, 1);
    assert_eq!(
        frame.view(),
        Ok((Pdu::Other(Other { id: CommandId(0x0100_0001), body: b"" }), Warnings::NONE))
    );
}

#[test]
fn a_header_that_breaks_a_rule_is_read_with_a_warning() {
    let zero = Frame::header_only(CommandId::ENQUIRE_LINK, CommandStatus::OK, 0);
    let large = Frame::header_only(CommandId::ENQUIRE_LINK, CommandStatus::OK, 0x8000_0000);
    let status = Frame::header_only(CommandId::UNBIND, CommandStatus::THROTTLED, 1);
    let nack = Frame::header_only(CommandId::GENERIC_NACK, CommandStatus::INVALID_COMMAND_LENGTH, 0);
    assert_eq!(zero.view(), Ok((Pdu::EnquireLink(Bare::default()), Warnings::SEQUENCE_RANGE)));
    assert_eq!(large.view(), Ok((Pdu::EnquireLink(Bare::default()), Warnings::SEQUENCE_RANGE)));
    assert_eq!(status.view(), Ok((Pdu::Unbind(Bare::default()), Warnings::STATUS_IN_REQUEST)));
    assert_eq!(nack.view(), Ok((Pdu::GenericNack(Bare::default()), Warnings::NONE)));
}

#[test]
fn a_frame_prints_what_a_log_needs() {
    let frame = Frame::header_only(CommandId::SUBMIT_SM_RESP, CommandStatus::THROTTLED, 7);
    assert_eq!(format!("{frame:?}"), "submit_sm_resp #7, 16 octets, ESME_RTHROTTLED 0x58");
}
