//! What we write: never a broken frame, and by the book where it is asked.

use smpp_wire::{
    Address, Bind, Body, CommandStatus, Frame, Pdu, SubmitSm, SubmitSmResp, Tag, Tlv, Tlvs, Unwritable,
    Warnings, strict, write_pdu,
};

#[test]
fn a_pdu_is_written_behind_what_the_buffer_holds() {
    let mut out = b"before".to_vec();
    write_pdu(&mut out, CommandStatus::OK, 7, &SubmitSmResp { message_id: b"4711", ..Default::default() })
        .unwrap();
    assert_eq!(out, b"before\x00\x00\x00\x15\x80\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x074711\0");
}

#[test]
fn what_no_frame_can_carry_leaves_the_buffer_as_it_was() {
    let long = [b'x'; 256];
    let huge = vec![0; 65_536];
    let payload = [Tlv { tag: Tag::MESSAGE_PAYLOAD, value: &huge }];
    let cases = [
        (
            SubmitSm { short_message: &long, ..Default::default() },
            Unwritable::TooLong { field: "short_message", octets: 256, max: 255 },
        ),
        (
            SubmitSm { service_type: &long, ..Default::default() },
            Unwritable::TooLong { field: "service_type", octets: 256, max: 255 },
        ),
        (
            SubmitSm { source: Address { digits: b"12\x0034", ..Default::default() }, ..Default::default() },
            Unwritable::HoldsNul { field: "source_addr" },
        ),
        (
            SubmitSm { tlvs: Tlvs::of(&payload), ..Default::default() },
            Unwritable::TooLong { field: "message_payload", octets: 65_536, max: 65_535 },
        ),
    ];
    for (message, fault) in cases {
        let mut out = b"before".to_vec();
        assert_eq!(write_pdu(&mut out, CommandStatus::OK, 1, &message), Err(fault));
        assert_eq!(out, b"before");
    }
}

#[test]
fn a_longer_password_is_written_but_does_not_pass_the_check() {
    let bind = Bind { system_id: b"acme", password: b"correct-horse", ..Default::default() };
    assert_eq!(bind.check(), Err(Unwritable::TooLong { field: "password", octets: 13, max: 8 }));
    let frame = Frame::write(CommandStatus::OK, 1, &bind).unwrap();
    assert_eq!(frame.view(), Ok((Pdu::Bind(bind), Warnings::OVERLONG)));
}

#[test]
fn the_check_names_what_a_strict_peer_may_refuse() {
    let long = [b'x'; 255];
    let message = SubmitSm { short_message: &long, ..Default::default() };
    let fault = message.check().unwrap_err();
    assert_eq!(fault.to_string(), "short_message has 255 octets, 254 fit");
    let (tlvs, _) = Tlvs::read(b"\x00");
    let message = SubmitSm { tlvs, ..Default::default() };
    assert_eq!(message.check(), Err(Unwritable::NoTlv { octets: 1 }));
    assert_eq!(SubmitSm::default().check(), Ok(()));
}

#[test]
fn a_nul_before_the_tlvs_of_a_fate_is_by_no_book() {
    let body = Vec::from_iter([0; 16].into_iter().chain(*b"\0\x04\x27\0\x01\x02"));
    let length = u8::try_from(16 + body.len()).unwrap();
    let header = [0, 0, 0, length, 0x80, 0, 0, 0x24, 0, 0, 0, 0, 0, 0, 0, 1];
    let octets = [&header[..], &body].concat();
    let frame = strict::cut(&octets).unwrap();
    let (pdu, warnings) = frame.view().unwrap();
    assert!(warnings.contains(Warnings::STRAY_NUL) && pdu.tlvs().iter().count() == 1);
    assert!(strict::read(frame).is_err());
}

#[test]
fn a_payload_of_65_535_octets_goes_both_ways() {
    let payload = Vec::from_iter((0..=254_u8).cycle().take(65_535));
    let list = [Tlv { tag: Tag::MESSAGE_PAYLOAD, value: &payload }];
    let message = SubmitSm { tlvs: Tlvs::of(&list), ..Default::default() };
    let frame = Frame::write(CommandStatus::OK, 1, &message).unwrap();
    assert_eq!(frame.view(), Ok((Pdu::SubmitSm(message), Warnings::NONE)));
    let Ok((Pdu::SubmitSm(read), _)) = frame.view() else { panic!("no submit_sm") };
    assert_eq!(read.user_data(), payload);
    assert_eq!(read.content().text, payload);
}

#[test]
fn a_buffer_with_room_is_written_where_it_is() {
    let message = SubmitSm { short_message: &[7; 140], ..Default::default() };
    let mut out = Vec::with_capacity(4_096);
    let place = out.as_ptr();
    for sequence in 1..=20 {
        write_pdu(&mut out, CommandStatus::OK, sequence, &message).unwrap();
    }
    assert_eq!((out.as_ptr(), out.capacity()), (place, 4_096));
}
