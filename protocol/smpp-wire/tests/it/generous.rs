//! What real peers send and a strict reader would refuse (BEHAVIOUR §5).

use smpp_wire::{
    BindMode, BindResp, Body, COMMANDS, CommandStatus, DeliverSm, EnquireLinkResp, InterfaceVersion,
    Malformed, Pdu, SubmitSm, SubmitSmResp, Tag, Tlv, Tlvs, Warnings,
};

fn body(view: &impl Body) -> Vec<u8> {
    let mut out = Vec::new();
    view.write(&mut out, InterfaceVersion::V5_0).unwrap();
    out
}

fn hello() -> SubmitSm<'static> {
    SubmitSm {
        destination: "385911234567".try_into().unwrap(),
        short_message: b"hello",
        ..Default::default()
    }
}

#[test]
fn a_message_id_without_nul_ends_with_the_pdu() {
    let (resp, warnings) = SubmitSmResp::read(b"4711").unwrap();
    assert_eq!((resp.message_id, warnings), (&b"4711"[..], Warnings::NO_NUL));
}

#[test]
fn a_response_may_have_no_body() {
    assert_eq!(SubmitSmResp::read(b""), Ok((SubmitSmResp::default(), Warnings::NONE)));
    let bind = BindResp::read(BindMode::Receiver, b"").unwrap();
    assert_eq!(bind, (BindResp { mode: BindMode::Receiver, ..Default::default() }, Warnings::NONE));
}

#[test]
fn the_body_of_a_refusal_may_be_one_nul() {
    for command in COMMANDS.iter().filter(|command| command.id.is_response()) {
        assert!(Pdu::read(command.id, b"\0").is_ok(), "{}", command.name);
    }
}

#[test]
fn a_refusal_with_tlvs_and_no_message_id_keeps_its_tlvs() {
    let (resp, warnings) = SubmitSmResp::read(b"\x04\x25\x00\x01\x02\x00\x1D\x00\x02no").unwrap();
    assert_eq!((resp.message_id, warnings), (&b""[..], Warnings::NO_ID));
    assert_eq!(resp.tlvs.get(Tag::DELIVERY_FAILURE_REASON).unwrap().integer(), Some(2));
    assert_eq!(resp.tlvs.get(Tag::ADDITIONAL_STATUS_INFO_TEXT).unwrap().value, b"no");
}

#[test]
fn an_empty_message_id_before_tlvs_is_not_taken_for_a_tag() {
    let (resp, warnings) = SubmitSmResp::read(b"\0\x04\x25\x00\x01\x02").unwrap();
    assert_eq!(warnings, Warnings::NONE);
    assert_eq!(resp.tlvs.get(Tag::DELIVERY_FAILURE_REASON).unwrap().integer(), Some(2));
}

#[test]
fn an_overlong_string_is_read_and_noted() {
    let message = SubmitSm { service_type: b"premium-rate", ..hello() };
    let octets = body(&message);
    assert_eq!(SubmitSm::read(&octets), Ok((message, Warnings::OVERLONG)));
}

#[test]
fn a_string_beyond_every_bound_is_malformed() {
    let octets = [b'7'; 300];
    assert_eq!(SubmitSm::read(&octets), Err(Malformed::Unterminated { field: "service_type", max: 256 }));
    assert_eq!(SubmitSmResp::read(&octets), Err(Malformed::Unterminated { field: "message_id", max: 256 }));
}

#[test]
fn a_fault_answers_with_the_status_that_blames_its_field() {
    let mut octets = body(&hello());
    octets.truncate(3);
    octets.extend([b'1'; 40]);
    let fault = SubmitSm::read(&octets).unwrap_err();
    assert_eq!(fault, Malformed::Unterminated { field: "source_addr", max: 40 });
    assert_eq!(fault.status(), CommandStatus::INVALID_SOURCE_ADDRESS);
}

#[test]
fn an_sm_length_beyond_the_pdu_is_malformed_and_never_read_on() {
    let mut octets = body(&hello());
    octets.truncate(octets.len() - 1);
    let fault = SubmitSm::read(&octets).unwrap_err();
    assert_eq!(fault, Malformed::Overrun { field: "short_message", claimed: 5, left: 4 });
    assert_eq!(fault.status(), CommandStatus::INVALID_MESSAGE_LENGTH);
    assert_eq!(fault.to_string(), "short_message claims 5 octets, 4 remain");
}

#[test]
fn a_body_that_ends_early_names_the_field_it_ends_in() {
    let octets = body(&SubmitSm::default());
    let fields = (0..octets.len()).map(|end| SubmitSm::read(&octets[..end]).unwrap_err());
    let expected = [
        "service_type",
        "source_addr_ton",
        "source_addr_npi",
        "source_addr",
        "dest_addr_ton",
        "dest_addr_npi",
        "destination_addr",
        "esm_class",
        "protocol_id",
        "priority_flag",
        "schedule_delivery_time",
        "validity_period",
        "registered_delivery",
        "replace_if_present_flag",
        "data_coding",
        "sm_default_msg_id",
        "sm_length",
    ];
    assert!(fields.eq(expected.map(|field| Malformed::Truncated { field })));
}

#[test]
fn octets_after_the_short_message_are_kept() {
    let octets = [&body(&hello())[..], b"\0"].concat();
    let (message, warnings) = SubmitSm::read(&octets).unwrap();
    assert_eq!(warnings, Warnings::TRAILING);
    assert_eq!(message.tlvs.tail(), b"\0");
}

#[test]
fn a_nul_between_the_short_message_and_the_tlvs_is_skipped() {
    let octets = [&body(&hello())[..], b"\0", b"\x02\x04\x00\x02\x12\x34"].concat();
    let (message, warnings) = SubmitSm::read(&octets).unwrap();
    assert_eq!(warnings, Warnings::STRAY_NUL);
    assert_eq!(message.tlvs.get(Tag::USER_MESSAGE_REFERENCE).unwrap().integer(), Some(0x1234));
}

#[test]
fn a_truncated_last_tlv_leaves_the_earlier_ones() {
    let octets = [&body(&hello())[..], b"\x02\x04\x00\x02\x12\x34", b"\x00\x1E\x00\x41abc"].concat();
    let (message, warnings) = SubmitSm::read(&octets).unwrap();
    assert_eq!(warnings, Warnings::TLV_OVERRUN);
    assert_eq!(message.tlvs.iter().count(), 1);
    assert_eq!(message.tlvs.tail(), b"\x00\x1E\x00\x41abc");
}

#[test]
fn a_tlv_that_comes_twice_is_there_twice_in_its_order() {
    let list = [
        Tlv { tag: Tag::CALLBACK_NUM, value: b"first" },
        Tlv { tag: Tag(0x1401), value: b"" },
        Tlv { tag: Tag::CALLBACK_NUM, value: b"second" },
    ];
    let octets = body(&SubmitSm { tlvs: Tlvs::of(&list), ..hello() });
    let (message, warnings) = SubmitSm::read(&octets).unwrap();
    assert_eq!(warnings, Warnings::NONE);
    assert!(message.tlvs.iter().eq(list));
    assert_eq!(message.tlvs.get(Tag::CALLBACK_NUM).unwrap().value, b"first");
}

#[test]
fn a_tlv_of_the_wrong_size_is_read_as_well_as_it_can_be() {
    let integer = |value| Tlv { tag: Tag::MESSAGE_STATE, value }.integer();
    assert_eq!(integer(b"\x02"), Some(2));
    assert_eq!(integer(b"\x00\x00\x02"), Some(2));
    assert_eq!(integer(b"\x00\x00\x00\x02"), Some(2));
    assert_eq!((integer(b""), integer(b"\0\0\0\0\x02")), (None, None));
    let string = |value| Tlv { tag: Tag::RECEIPTED_MESSAGE_ID, value }.c_string();
    assert_eq!(
        (string(b"abc"), string(b"abc\0"), string(b"abc\0\0\0"), string(b"\0")),
        (&b"abc"[..], &b"abc"[..], &b"abc"[..], &b""[..])
    );
}

#[test]
fn user_data_is_found_in_either_place() {
    let payload = [Tlv { tag: Tag::MESSAGE_PAYLOAD, value: b"long" }];
    let empty = [Tlv { tag: Tag::MESSAGE_PAYLOAD, value: b"" }];
    let both = DeliverSm { short_message: b"short", tlvs: Tlvs::of(&payload), ..Default::default() };
    assert_eq!(both.user_data(), b"long");
    assert_eq!(DeliverSm { tlvs: Tlvs::of(&empty), ..both }.user_data(), b"short");
    assert_eq!(DeliverSm { tlvs: Tlvs::NONE, ..both }.user_data(), b"short");
}

#[test]
fn a_body_on_a_command_without_one_is_ignored_with_a_warning() {
    let read = |body| Pdu::read(smpp_wire::CommandId::ENQUIRE_LINK_RESP, body);
    let with = |octets| Pdu::EnquireLinkResp(EnquireLinkResp { tlvs: Tlvs::read(octets).0 });
    assert_eq!(read(b"\0"), Ok((with(b"\0"), Warnings::TRAILING)));
    assert_eq!(read(b"\x3F\xFF\x00\x01a"), Ok((with(b"\x3F\xFF\x00\x01a"), Warnings::NONE)));
}

#[test]
fn octets_beyond_ascii_are_kept_as_they_came() {
    let message = SubmitSm { service_type: b"\xFFx", ..hello() };
    assert_eq!(SubmitSm::read(&body(&message)).unwrap().0.service_type, b"\xFFx");
}
