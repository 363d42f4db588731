//! What a peer of an older version is told.

use smpp_wire::ids::Class;
use smpp_wire::{
    Body, CommandStatus, DataSm, Destination, Destinations, InterfaceVersion, RegisteredDelivery, STATUSES,
    SubmitMulti, SubmitMultiResp, SubmitSm, SubmitSmResp, Tag, Tlv, Tlvs, Unsuccess, Unsuccessful,
    Unwritable, write_pdu_for,
};

const VERSIONS: [InterfaceVersion; 3] =
    [InterfaceVersion::V3_3, InterfaceVersion::V3_4, InterfaceVersion::V5_0];

fn written(body: &impl Body, version: InterfaceVersion) -> Vec<u8> {
    let mut out = Vec::new();
    body.write(&mut out, version).unwrap();
    out
}

#[test]
fn a_3_3_peer_gets_no_tlvs_and_a_later_one_all() {
    let list = [
        Tlv { tag: Tag::USER_MESSAGE_REFERENCE, value: &[0, 1] },
        Tlv { tag: Tag::BILLING_IDENTIFICATION, value: b"b" },
        Tlv { tag: Tag(0x1401), value: b"vendor" },
    ];
    let resp = SubmitSmResp { message_id: b"4711", tlvs: Tlvs::of(&list) };
    assert_eq!(written(&resp, InterfaceVersion::V3_3), b"4711\0");
    assert_eq!(written(&resp, InterfaceVersion(0)), b"4711\0");
    let all = written(&resp, InterfaceVersion::V3_4);
    assert_eq!(all, written(&resp, InterfaceVersion::V5_0));
    let (read, _) = SubmitSmResp::read(&all).unwrap();
    assert_eq!(read, resp);
    // As it was read, it is withheld as well.
    assert_eq!(written(&read, InterfaceVersion::V3_3), b"4711\0");
}

#[test]
fn a_text_that_a_3_3_peer_could_not_be_told_is_not_dropped() {
    let list = [Tlv { tag: Tag::MESSAGE_PAYLOAD, value: b"hello" }];
    let message = SubmitSm { tlvs: Tlvs::of(&list), ..Default::default() };
    let mut out = b"before".to_vec();
    let refused = write_pdu_for(InterfaceVersion::V3_3, &mut out, CommandStatus::OK, 1, &message);
    let fault = Unwritable::NotInVersion { field: "message_payload", version: InterfaceVersion::V3_3 };
    assert_eq!((refused, &out[..]), (Err(fault), &b"before"[..]));
    assert_eq!(fault.to_string(), "SMPP 3.3 has no message_payload");
    let data = DataSm { tlvs: Tlvs::of(&list), ..Default::default() };
    assert_eq!(data.write(&mut out, InterfaceVersion::V3_3), Err(fault));
    let empty = [Tlv { tag: Tag::MESSAGE_PAYLOAD, value: b"" }];
    assert!(SubmitSm { tlvs: Tlvs::of(&empty), ..message }.write(&mut out, InterfaceVersion::V3_3).is_ok());
}

#[test]
fn a_3_3_peer_is_asked_for_a_receipt_or_for_none() {
    let table = [(0x00, 0), (0x01, 1), (0x02, 1), (0x03, 1), (0x10, 0), (0x1F, 1), (0xE0, 0)];
    for (asked, told) in table {
        let asked = RegisteredDelivery(asked);
        assert_eq!(asked.to(InterfaceVersion::V3_3), RegisteredDelivery(told), "{asked:?}");
        assert_eq!(asked.to(InterfaceVersion::V3_4), asked);
        let message = SubmitSm { registered_delivery: asked, ..Default::default() };
        let (read, _) = SubmitSm::read(&written(&message, InterfaceVersion::V3_3))
            .map(|(m, w)| (m.registered_delivery, w))
            .unwrap();
        assert_eq!(read, RegisteredDelivery(told));
    }
}

#[test]
fn every_status_becomes_one_that_the_peer_knows() {
    // These five took the number of a 3.3 status of nearly the same meaning.
    let shared = [0x11, 0x13, 0x15, 0x34, 0x45].map(CommandStatus);
    for version in VERSIONS {
        for status in STATUSES {
            let told = status.code.to(version);
            let known = told.facts().unwrap().since <= version || shared.contains(&told);
            assert!(known, "{} is {told} to {version}", status.name);
            if status.since <= version {
                assert_eq!(told, status.code, "{version}");
            }
            assert_eq!(told.is_ok(), status.code.is_ok());
        }
    }
}

#[test]
fn the_nearest_status_is_the_one_that_peers_act_on_alike() {
    let table = [
        (0x101, 0x66, 0xFF),
        (0x104, 0x45, 0x45),
        (0x100, 0x15, 0x15),
        (0x102, 0x15, 0x15),
        (0x103, 0x15, 0x15),
        (0x105, 0xC4, 0xFF),
        (0x107, 0x45, 0x45),
        (0x10D, 0x45, 0x45),
        (0x10E, 0x67, 0x08),
        (0x10F, 0x11, 0x11),
        (0x112, 0x45, 0x45),
        (0x3FF, 0x45, 0x45),
        (0x0D, 0x0D, 0xFF),
        (0x64, 0x64, 0x08),
        (0x66, 0x66, 0xFF),
        (0x58, 0x58, 0x58),
        (0x400, 0x400, 0x400),
        (0x4FF, 0x4FF, 0x4FF),
        (0x500, 0x500, 0x500),
    ];
    for (code, in_v3_4, in_v3_3) in table {
        let told = VERSIONS.map(|version| CommandStatus(code).to(version));
        assert_eq!(told, [in_v3_3, in_v3_4, code].map(CommandStatus), "{code:#x}");
    }
    // A refusal that was permanent is never turned into one that asks for the same message at once.
    for status in STATUSES.iter().filter(|status| status.class == Class::Permanent) {
        assert_ne!(status.code.to(InterfaceVersion::V3_4), CommandStatus::SYSTEM_ERROR, "{}", status.name);
    }
}

#[test]
fn the_statuses_of_a_list_are_those_the_peer_knows_too() {
    let list = [Unsuccessful { status: CommandStatus::PROHIBITED, ..Default::default() }];
    let resp = SubmitMultiResp { unsuccess: Unsuccess::of(&list), ..Default::default() };
    for (version, told) in [(InterfaceVersion::V5_0, 0x101), (InterfaceVersion::V3_4, 0x66)] {
        let octets = written(&resp, version);
        let (read, _) = SubmitMultiResp::read(&octets).unwrap();
        let statuses: Vec<_> = read.unsuccess.iter().map(|entry| entry.status).collect();
        assert_eq!(statuses, [CommandStatus(told)]);
    }
}

#[test]
fn a_list_that_its_count_cannot_tell_is_not_written() {
    let many = [Destination::List(b"friends"); 256];
    let message = SubmitMulti { destinations: Destinations::of(&many), ..Default::default() };
    let fault = Unwritable::TooMany { field: "dest_address", count: 256, max: 255 };
    assert_eq!(message.write(&mut Vec::new(), InterfaceVersion::V3_4), Err(fault));
    assert_eq!(fault.to_string(), "dest_address has 256 entries, 255 fit");
    let most = SubmitMulti { destinations: Destinations::of(&many[..255]), ..Default::default() };
    let octets = written(&most, InterfaceVersion::V3_4);
    assert_eq!(SubmitMulti::read(&octets).unwrap().0.destinations.len(), 255);
}
