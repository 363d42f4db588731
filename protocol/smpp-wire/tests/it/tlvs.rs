//! TLVs typed, both ways, and the tables of their kinds and values against `spec/tlvs.toml` and `spec/enums.toml`.

use smpp_wire::ids::{TlvKind, VALUES, value_name};
use smpp_wire::{
    Address, DataCoding, DataSm, EsmClass, InterfaceVersion, MessageState, Npi, Pdu, RegisteredDelivery,
    SubmitSm, TAGS, Tag, Tlv, TlvBuf, TlvValue, Tlvs, Ton, Unwritable, Warnings, strict,
};
use toml::{Table, Value};

use crate::spec_file;

fn table(file: &str) -> Table {
    spec_file(file).parse().unwrap()
}

fn number(value: &Value) -> u16 {
    value.as_integer().unwrap().try_into().unwrap()
}

#[test]
fn every_tag_has_the_kind_and_the_lengths_of_the_specification() {
    for fact in table("tlvs.toml")["tlv"].as_array().unwrap() {
        let row = Tag(number(&fact["tag"])).facts().unwrap();
        let layout = fact.get("layout").and_then(Value::as_str).unwrap_or_default();
        assert_eq!(row.kind, kind(fact["type"].as_str().unwrap(), layout), "{}", row.name);
        let accepted = number(fact.get("accept_max").unwrap_or(&fact["max"]));
        assert_eq!(row.octets_accepted, accepted, "{}", row.name);
        assert_eq!(row.repeats, fact.get("repeatable").is_some(), "{}", row.name);
        for octets in 0..=200 {
            let listed = fact.get("lengths").and_then(Value::as_array);
            let fits = (number(&fact["min"])..=accepted).contains(&octets)
                && listed.is_none_or(|lengths| lengths.iter().any(|length| number(length) == octets));
            assert_eq!(row.fits(octets.into()), fits, "{}: {octets}", row.name);
        }
    }
}

fn kind(of: &str, layout: &str) -> TlvKind {
    match (of, layout) {
        ("u8" | "u16" | "u32" | "bits8", "") => TlvKind::Integer,
        ("optional_u8", "") => TlvKind::OptionalInteger,
        ("cstring", "") => TlvKind::CString,
        ("octets", "" | "6 ASCII decimal digits" | "10-digit LRN") => TlvKind::Octets,
        ("octets", "u8 subaddress_type, octets subaddress") => TlvKind::Subaddress,
        ("octets", "u8 data_coding, octets text") => TlvKind::CallbackTag,
        ("octets", "u8 digit_mode, u8 ton, u8 npi, octets digits (ASCII)") => TlvKind::CallbackNumber,
        ("octets", "u8 network_error_type, u16 error_code") => TlvKind::NetworkErrorCode,
        ("octets", "u8 broadcast_network_type, u16 content_type") => TlvKind::ContentType,
        ("octets", "u8 time_unit, u16 count") => TlvKind::Interval,
        ("octets", "u8 broadcast_area_format, octets detail (max 100)") => TlvKind::Area,
        ("octets", "u8 format (bit 7 clear: reserved, set: vendor), octets info") => TlvKind::Billing,
        ("octets", "u8 behaviour [, u8 time_unit, u16 count]") => TlvKind::Validity,
        ("octets", "u8 session_number, bits8: sequence_number(7..1) end_of_session(0)") => {
            TlvKind::SessionInfo
        }
        other => panic!("a layout {other:?}"),
    }
}

/// A value of the kind that the tag has.
fn sample(kind: TlvKind) -> TlvValue<'static> {
    match kind {
        TlvKind::Integer => TlvValue::Integer(7),
        TlvKind::OptionalInteger => TlvValue::Flag,
        TlvKind::CString => TlvValue::CString(b"abcdefghijklmnop"),
        TlvKind::Octets => TlvValue::Octets(b"123456"),
        TlvKind::Subaddress => TlvValue::Subaddress { kind: 0xA0, subaddress: b"12" },
        TlvKind::CallbackTag => TlvValue::CallbackTag { data_coding: DataCoding::LATIN_1, text: b"Bob" },
        TlvKind::CallbackNumber => {
            let number = Address { ton: Ton::INTERNATIONAL, npi: Npi::ISDN, digits: b"4477" };
            TlvValue::CallbackNumber { digit_mode: 1, number }
        }
        TlvKind::NetworkErrorCode => TlvValue::NetworkErrorCode { network: 3, code: 0x0122 },
        TlvKind::ContentType => TlvValue::ContentType { network: 1, content: 0x0100 },
        TlvKind::Interval => TlvValue::Interval { unit: 0x09, count: 300 },
        TlvKind::Area => TlvValue::Area { format: 0, details: b"Zagreb" },
        TlvKind::Billing => TlvValue::Billing { format: 0x80, info: b"info" },
        TlvKind::Validity => TlvValue::Validity { behaviour: 4, period: Some((2, 300)) },
        TlvKind::SessionInfo => TlvValue::SessionInfo { session: 1, sequence: 127, ends: true },
    }
}

#[test]
fn every_tag_is_written_and_read_by_its_kind() {
    let mut tlvs = TlvBuf::new();
    for row in TAGS {
        let value = match row.tag {
            Tag::DEST_ADDR_NP_INFORMATION => TlvValue::Octets(b"0123456789"),
            Tag::DEST_ADDR_NP_COUNTRY => TlvValue::Octets(b"12345"),
            _ => sample(row.kind),
        };
        tlvs.clear();
        tlvs.push(row.tag, value).unwrap();
        let written = tlvs.as_tlvs();
        assert_eq!(written.value(row.tag), Some(value), "{}", row.name);
        assert_eq!(written.warnings(), Warnings::NONE, "{}", row.name);
        let message = DataSm { tlvs: written, ..Default::default() };
        assert_eq!(strict::check(&message), Ok(()), "{}", row.name);
    }
}

#[test]
fn what_a_tag_cannot_hold_is_not_written() {
    let mut tlvs = TlvBuf::new();
    tlvs.push(Tag::MESSAGE_STATE, TlvValue::Integer(255)).unwrap();
    let refused = [
        (
            tlvs.push(Tag::MESSAGE_STATE, TlvValue::Integer(256)),
            Unwritable::TooLong { field: "message_state", octets: 2, max: 1 },
        ),
        (
            tlvs.push(Tag::SOURCE_PORT, TlvValue::Integer(0x1_0000)),
            Unwritable::TooLong { field: "source_port", octets: 3, max: 2 },
        ),
        (
            tlvs.push(Tag::RECEIPTED_MESSAGE_ID, TlvValue::CString(b"a\0b")),
            Unwritable::HoldsNul { field: "receipted_message_id" },
        ),
        (
            tlvs.push(Tag::MESSAGE_PAYLOAD, TlvValue::Octets(&[0; 65_536])),
            Unwritable::TooLong { field: "message_payload", octets: 65_536, max: 65_535 },
        ),
        (
            tlvs.push(
                Tag::ITS_SESSION_INFO,
                TlvValue::SessionInfo { session: 1, sequence: 128, ends: false },
            ),
            Unwritable::TooLarge { field: "its_session_info", value: 128, max: 127 },
        ),
        // Would be read as 525 without a network.
        (
            tlvs.push(
                Tag::NETWORK_ERROR_CODE,
                TlvValue::NetworkErrorCode { network: b'5', code: u16::from_be_bytes(*b"25") },
            ),
            Unwritable::TooLarge { field: "network_error_code", value: 53, max: 47 },
        ),
    ];
    for (result, fault) in refused {
        assert_eq!(result, Err(fault));
    }
    assert_eq!(tlvs.as_tlvs().raw(), Some(&b"\x04\x27\x00\x01\xFF"[..]));
}

#[test]
fn an_unknown_tag_holds_octets_and_takes_any_value() {
    let vendor = Tlv { tag: Tag(0x1401), value: b"\0\x01" };
    assert_eq!(vendor.value(), TlvValue::Octets(b"\0\x01"));
    let mut tlvs = TlvBuf::new();
    tlvs.push(vendor.tag, TlvValue::Integer(1)).unwrap();
    assert_eq!(tlvs.as_tlvs().get(vendor.tag).unwrap().value, b"\0\0\0\x01");
}

#[test]
fn a_value_that_is_cut_short_is_octets() {
    let value = |tag, value| Tlv { tag, value }.value();
    for tag in
        [Tag::CALLBACK_NUM, Tag::ITS_SESSION_INFO, Tag::BROADCAST_CONTENT_TYPE, Tag::NETWORK_ERROR_CODE]
    {
        assert_eq!(value(tag, b"\x01"), TlvValue::Octets(b"\x01"), "{tag}");
        assert_eq!(value(tag, b""), TlvValue::Octets(b""), "{tag}");
    }
    assert_eq!(value(Tag::MS_VALIDITY, b"\x01\x02"), TlvValue::Octets(b"\x01\x02"));
    assert_eq!(value(Tag::MESSAGE_STATE, b"12345"), TlvValue::Octets(b"12345"));
}

#[test]
fn a_network_error_code_is_read_as_peers_mean_it() {
    let read = |value| match (Tlv { tag: Tag::NETWORK_ERROR_CODE, value }).value() {
        TlvValue::NetworkErrorCode { network, code } => Some((network, code)),
        _ => None,
    };
    let table: [(&[u8], _); 8] = [
        (b"\x03\x00\x22", Some((3, 34))),
        (b"\x03\x22", Some((3, 34))),
        (b"\x03\x00\x01\x22", Some((3, 290))),
        (b"034", Some((0, 34))),
        (b"0034", Some((0, 34))),
        (b"99999", None),
        (b"\x03\x01\x00\x22", None),
        (b"", None),
    ];
    for (octets, expected) in table {
        assert_eq!(read(octets), expected, "{octets:?}");
    }
}

#[test]
fn the_strict_check_minds_lengths_that_the_writer_does_not() {
    let list = [Tlv { tag: Tag::MESSAGE_STATE, value: &[0, 2] }];
    let message = SubmitSm { tlvs: Tlvs::of(&list), ..Default::default() };
    let fault = Unwritable::TlvLength { tag: Tag::MESSAGE_STATE, octets: 2 };
    assert_eq!(strict::check(&message), Err(fault));
    assert_eq!(strict::check(&Pdu::SubmitSm(message)), Err(fault));
    assert_eq!(fault.to_string(), "message_state cannot have 2 octets");
    assert_eq!(message.tlvs.warnings(), Warnings::TLV_LENGTH);
}

#[test]
fn a_repeated_tlv_is_odd_unless_the_specification_repeats_it() {
    let twice = |tag, value| [Tlv { tag, value }; 2];
    let warnings = |list: &[Tlv<'_>]| Tlvs::of(list).warnings();
    assert_eq!(warnings(&twice(Tag::SOURCE_PORT, &[0, 1])), Warnings::TLV_TWICE);
    assert_eq!(warnings(&twice(Tag::ITS_SESSION_INFO, &[0, 1])), Warnings::TLV_TWICE);
    assert_eq!(warnings(&twice(Tag::CALLBACK_NUM, b"\x01\x01\x0112")), Warnings::NONE);
    assert_eq!(warnings(&twice(Tag(0x1401), b"")), Warnings::NONE);
}

#[test]
fn every_value_has_the_name_of_the_specification_and_no_other_has_one() {
    let facts = table("enums.toml");
    for values in VALUES {
        let listed = facts[values.of]["value"].as_array().unwrap();
        assert_eq!(values.names.len(), listed.len(), "{}", values.of);
        for fact in listed {
            let name = value_name(values.of, number(&fact["v"]).into());
            assert_eq!(name, fact["n"].as_str(), "{}", values.of);
        }
        assert_eq!(value_name(values.of, 0xFFFE), None);
    }
    // What is not here has names for bits or ranges, or none that are numbers.
    let numbered = |fact: &&Value| {
        let first = fact.get("value").and_then(|list| list.get(0));
        first.is_some_and(|value| value.get("n").is_some() && value["v"].is_integer())
    };
    assert_eq!(facts.values().filter(numbered).count(), VALUES.len());
}

#[test]
fn every_tag_that_has_named_values_finds_its_table() {
    for fact in table("tlvs.toml")["tlv"].as_array().unwrap() {
        let Some(of) = fact.get("enum").and_then(Value::as_str) else { continue };
        let Some(values) = VALUES.iter().find(|values| values.of == of) else { continue };
        let (code, name) = values.names[0];
        assert_eq!(value_name(fact["name"].as_str().unwrap(), code.into()), Some(name));
    }
    for command in table("commands.toml")["command"].as_array().unwrap() {
        for field in command["fields"].as_array().unwrap() {
            let Some(of) = field.get("enum").and_then(Value::as_str) else { continue };
            let Some(values) = VALUES.iter().find(|values| values.of == of) else { continue };
            let (code, name) = values.names[0];
            assert_eq!(value_name(field["name"].as_str().unwrap(), code.into()), Some(name), "{field}");
        }
    }
}

#[test]
fn the_constants_are_those_of_the_specification() {
    let named = |of: &str, name: &str| {
        let values = VALUES.iter().find(|values| values.of == of).unwrap();
        let found = values.names.iter().find(|(_, listed)| *listed == name);
        u8::try_from(found.unwrap_or_else(|| panic!("{of} has no {name}")).0).unwrap()
    };
    let table = [
        (Ton::INTERNATIONAL.0, "ton", "international"),
        (Ton::NATIONAL.0, "ton", "national"),
        (Ton::NETWORK_SPECIFIC.0, "ton", "network_specific"),
        (Ton::SUBSCRIBER_NUMBER.0, "ton", "subscriber_number"),
        (Ton::ALPHANUMERIC.0, "ton", "alphanumeric"),
        (Ton::ABBREVIATED.0, "ton", "abbreviated"),
        (Npi::ISDN.0, "npi", "isdn"),
        (Npi::DATA.0, "npi", "data"),
        (Npi::TELEX.0, "npi", "telex"),
        (Npi::LAND_MOBILE.0, "npi", "land_mobile"),
        (Npi::NATIONAL.0, "npi", "national"),
        (Npi::PRIVATE.0, "npi", "private"),
        (Npi::ERMES.0, "npi", "ermes"),
        (Npi::INTERNET.0, "npi", "internet"),
        (Npi::WAP_CLIENT_ID.0, "npi", "wap_client_id"),
        (DataCoding::DEFAULT.0, "data_coding", "mc_specific"),
        (DataCoding::ASCII.0, "data_coding", "ia5_ascii"),
        (DataCoding::OCTETS_CDMA.0, "data_coding", "octet_unspecified_tdma_cdma"),
        (DataCoding::LATIN_1.0, "data_coding", "latin1"),
        (DataCoding::OCTETS.0, "data_coding", "octet_unspecified"),
        (DataCoding::JIS.0, "data_coding", "jis_x0208"),
        (DataCoding::CYRILLIC.0, "data_coding", "iso_8859_5"),
        (DataCoding::HEBREW.0, "data_coding", "iso_8859_8"),
        (DataCoding::UCS2.0, "data_coding", "ucs2"),
        (DataCoding::PICTOGRAM.0, "data_coding", "pictogram"),
        (DataCoding::ISO_2022_JP.0, "data_coding", "iso_2022_jp_music"),
        (DataCoding::EXTENDED_KANJI.0, "data_coding", "jis_x0212"),
        (DataCoding::KS_C_5601.0, "data_coding", "ks_c_5601"),
        (InterfaceVersion::V3_3.0, "interface_version", "v3_3"),
        (InterfaceVersion::V3_4.0, "interface_version", "v3_4"),
        (InterfaceVersion::V5_0.0, "interface_version", "v5_0"),
    ];
    for (code, of, name) in table {
        assert_eq!(code, named(of, name), "{of}: {name}");
    }
}

#[test]
fn the_bits_are_those_of_the_specification() {
    let facts = table("enums.toml");
    let bits = |of: &str, part: &str, name: &str| {
        let listed = facts[of][part]["value"].as_array().unwrap();
        let found = listed.iter().find(|value| value["n"].as_str() == Some(name));
        u8::try_from(found.unwrap_or_else(|| panic!("{part} has no {name}"))["v"].as_integer().unwrap())
            .unwrap()
    };
    let table = [
        (EsmClass::RECEIPT.0, "esm_class", "message_type", "mc_delivery_receipt"),
        (EsmClass::DELIVERY_ACKNOWLEDGEMENT.0, "esm_class", "message_type", "delivery_acknowledgement"),
        (EsmClass::USER_ACKNOWLEDGEMENT.0, "esm_class", "message_type", "manual_user_acknowledgement"),
        (EsmClass::CONVERSATION_ABORT.0, "esm_class", "message_type", "conversation_abort"),
        (
            EsmClass::INTERMEDIATE_NOTIFICATION.0,
            "esm_class",
            "message_type",
            "intermediate_delivery_notification",
        ),
        (EsmClass::UDH.0, "esm_class", "gsm_features", "udhi"),
        (EsmClass::REPLY_PATH.0, "esm_class", "gsm_features", "reply_path"),
        (RegisteredDelivery::FINAL.0, "registered_delivery", "mc_receipt", "success_or_failure"),
        (RegisteredDelivery::FAILURE.0, "registered_delivery", "mc_receipt", "failure_only"),
        (RegisteredDelivery::SUCCESS.0, "registered_delivery", "mc_receipt", "success_only"),
        (RegisteredDelivery::INTERMEDIATE.0, "registered_delivery", "intermediate_notification", "requested"),
    ];
    for (code, of, part, name) in table {
        assert_eq!(code, bits(of, part, name), "{of}: {name}");
    }
}

#[test]
fn a_message_is_final_in_the_states_that_the_specification_calls_final() {
    let states = [
        (MessageState::SCHEDULED, "scheduled"),
        (MessageState::ENROUTE, "enroute"),
        (MessageState::DELIVERED, "delivered"),
        (MessageState::EXPIRED, "expired"),
        (MessageState::DELETED, "deleted"),
        (MessageState::UNDELIVERABLE, "undeliverable"),
        (MessageState::ACCEPTED, "accepted"),
        (MessageState::UNKNOWN, "unknown"),
        (MessageState::REJECTED, "rejected"),
        (MessageState::SKIPPED, "skipped"),
    ];
    let facts = table("enums.toml");
    let listed = facts["message_state"]["value"].as_array().unwrap();
    assert_eq!(states.len(), listed.len());
    for fact in listed {
        let (state, name) = states[usize::from(number(&fact["v"]))];
        assert_eq!((u16::from(state.0), name), (number(&fact["v"]), fact["n"].as_str().unwrap()));
        assert_eq!(state.is_final(), fact["final"].as_bool().unwrap(), "{name}");
    }
}
