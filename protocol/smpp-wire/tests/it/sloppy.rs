//! What real peers send (BEHAVIOUR §5): a table of PDUs that a strict reader refuses or frowns on, each read, and
//! followed by a good one that is still read.
//!
//! The octets are those of the vectors, or of a vector with the one oddity that a carrier's guide or an issue of an
//! open gateway tells of.

use smpp_wire::{
    Bare, Body, CommandId, CommandStatus, Field, FrameRef, Pdu, TAGS, TlvValue, Warnings, cut, write_header,
};

struct Sloppy {
    what: &'static str,
    /// In hexadecimal, without `command_length`.
    pdu: &'static [&'static str],
    warnings: Warnings,
    /// What is read, by name: fields, TLVs, and what [`look`] has names for.
    reads: &'static [(&'static str, &'static str)],
}

const SUBMIT: &str = "00000004 00000000 00000002 000200343637303131333331313100 0101343637303937373133333700";
const SUBMIT_UDH: &str =
    "00000004 00000000 00000002 000200343637303131333331313100 0101343637303937373133333700 40";
const DELIVER: &str = "00000005 00000000 00000001 00000031323300 010134353600";
const TEST: &str = "000000 0000 00000100 0474657374";
const NOTHING: &str = "00 000000 000000 000000 0000 00000000 00";
const RECEIPT: &str = "040000 0000 00000000 00";

const OK: Warnings = Warnings::NONE;

#[rustfmt::skip]
const TABLE: &[Sloppy] = &[
    // The end of the PDU ends its last string.
    Sloppy { what: "a message id without NUL", pdu: &["80000004 00000000 0a342ee1 39"], warnings: Warnings::NO_NUL, reads: &[("message_id", "9")] },
    Sloppy { what: "a system_id without NUL", pdu: &["80000009 00000000 00000083 736d7363"], warnings: Warnings::NO_NUL, reads: &[("system_id", "smsc")] },
    Sloppy { what: "an address_range without NUL", pdu: &["00000009 00000000 00000082 666f6f00 62617200 00 34 0101 5e3434"], warnings: Warnings::NO_NUL, reads: &[("address_range", "^44")] },
    Sloppy { what: "a source_addr without NUL", pdu: &["00000003 00000000 00004fe8 313233343500 0101 3430343034"], warnings: Warnings::NO_NUL, reads: &[("source_addr", "40404")] },
    Sloppy { what: "an empty source_addr without NUL", pdu: &["00000003 00000000 00004fe8 313233343500 0101"], warnings: Warnings::NO_NUL, reads: &[("source_addr_npi", "1"), ("source_addr", "")] },
    Sloppy { what: "an esme_addr without NUL", pdu: &["00000102 00000000 0000000d 0d0f416c69636500 1307426f62"], warnings: Warnings::NO_NUL, reads: &[("esme_addr", "Bob")] },
    Sloppy { what: "an outbind's password without NUL", pdu: &["0000000b 00000000 00000081 736d736300 7077"], warnings: Warnings::NO_NUL, reads: &[("password", "pw")] },
    Sloppy { what: "a cancel_sm that stops within its last address", pdu: &["00000008 00000000 0000000d 58585800 00 0d0f416c69636500 1307426f62"], warnings: Warnings::NO_NUL, reads: &[("destination_addr", "Bob")] },

    // Responses with and without bodies, whatever their status.
    Sloppy { what: "a success without body", pdu: &["80000004 00000000 00000001"], warnings: OK, reads: &[("message_id", "")] },
    Sloppy { what: "a refusal without body", pdu: &["80000004 00000058 0000008c"], warnings: OK, reads: &[("message_id", "")] },
    Sloppy { what: "a refusal with one NUL", pdu: &["80000004 00000058 00000001 00"], warnings: OK, reads: &[("message_id", "")] },
    Sloppy { what: "a refused bind with a body", pdu: &["80000009 0000000e 00004db3 534d534300"], warnings: OK, reads: &[("system_id", "SMSC")] },
    Sloppy { what: "a refused bind without body", pdu: &["80000009 0000000e 00000d80"], warnings: OK, reads: &[("system_id", "")] },
    Sloppy { what: "a query_sm_resp without body", pdu: &["80000003 00000067 00000002"], warnings: OK, reads: &[("message_state", "0")] },
    Sloppy { what: "a query_sm_resp of one NUL", pdu: &["80000003 00000067 00000002 00"], warnings: Warnings::CUT_SHORT, reads: &[("message_id", ""), ("message_state", "0")] },
    Sloppy { what: "a query_sm_resp without error_code", pdu: &["80000003 00000000 0000000d 000002"], warnings: Warnings::CUT_SHORT, reads: &[("message_state", "2"), ("error_code", "0")] },
    Sloppy { what: "a submit_multi_resp that ends after its id", pdu: &["80000021 00000000 0000000d 666f6f00"], warnings: Warnings::CUT_SHORT, reads: &[("message_id", "foo"), ("no_unsuccess", "0")] },
    Sloppy { what: "a query_msg_details_resp without body", pdu: &["80000024 00000067 0000000d"], warnings: OK, reads: &[("message_id", "")] },
    Sloppy { what: "an id where none belongs", pdu: &["80000005 00000000 0000000d 746573744d494400"], warnings: OK, reads: &[("message_id", "testMID")] },

    // TLVs in the place of the first field.
    Sloppy { what: "a refusal with TLVs and no id", pdu: &["80000004 00000045 00000001 0425000102 001d00036e6f00"], warnings: Warnings::NO_ID, reads: &[("message_id", ""), ("delivery_failure_reason", "2"), ("additional_status_info_text", "no")] },
    Sloppy { what: "a data_sm_resp with TLVs and no id", pdu: &["80000103 000000fe 00000001 0425000102 04230003030022"], warnings: Warnings::NO_ID, reads: &[("delivery_failure_reason", "2"), ("network_error_code", "3:34")] },
    Sloppy { what: "a query_sm_resp with a TLV and no field", pdu: &["80000003 00000067 00000001 0428000155"], warnings: Warnings::NO_ID, reads: &[("message_state", "0"), ("congestion_state", "85")] },
    Sloppy { what: "a bind response with a TLV and no system_id", pdu: &["80000009 0000000d 00000001 0210000134"], warnings: Warnings::NO_ID, reads: &[("system_id", ""), ("sc_interface_version", "52")] },

    // Strings longer than their fields.
    Sloppy { what: "a source_addr of 25 characters", pdu: &["00000004 00000000 00000001 000000 31313131313131313131313131313131313131313131313131 00 010134353600", TEST], warnings: Warnings::OVERLONG, reads: &[("source_addr", "1111111111111111111111111"), ("short_message", "test")] },
    Sloppy { what: "a password of 13 characters", pdu: &["00000009 00000000 0000002f 666f6f00 636f72726563742d686f72736500 736d707000 340000 00"], warnings: Warnings::OVERLONG, reads: &[("password", "correct-horse"), ("interface_version", "52")] },
    Sloppy { what: "a system_id of 20 characters", pdu: &["00000002 00000000 0000002f 736d65303030303030303030303030303030303000 00 00 340000 00"], warnings: Warnings::OVERLONG, reads: &[("system_id", "sme00000000000000000")] },
    Sloppy { what: "a service_type of 7 characters", pdu: &["00000004 00000000 00000001 6578616d706c6500 00003100 00003200", TEST], warnings: Warnings::OVERLONG, reads: &[("service_type", "example")] },
    Sloppy { what: "a message id of 69 characters", pdu: &["80000004 00000000 00000001 6161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161 61 00"], warnings: Warnings::OVERLONG, reads: &[("message_id", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")] },
    Sloppy { what: "octets beyond ASCII in a system_id", pdu: &["00000009 00000000 00000001 e9ff00 7000 00 340000 00"], warnings: OK, reads: &[("system_id", "\\xe9\\xff")] },
    Sloppy { what: "octets beyond ASCII in an address", pdu: &["00000005 00000000 00000001 00 0500 4dfc6c6c657200 010134353600", TEST], warnings: OK, reads: &[("source_addr", "M\\xfcller")] },
    Sloppy { what: "a validity_period of 15 characters", pdu: &[SUBMIT, "000000 00 303030303037303030303030303030 00 00000100 0474657374"], warnings: Warnings::ODD_LENGTH, reads: &[("validity_period", "000007000000000"), ("short_message", "test")] },
    Sloppy { what: "a final_date of 12 characters", pdu: &["80000003 00000000 00000001 3100 32353132333132333539353900 0200"], warnings: Warnings::ODD_LENGTH, reads: &[("final_date", "251231235959"), ("message_state", "2")] },

    // Octets behind short_message, and TLVs that do not tile.
    Sloppy { what: "a NUL after short_message", pdu: &[SUBMIT, TEST, "00"], warnings: Warnings::TRAILING, reads: &[("short_message", "test")] },
    Sloppy { what: "three octets after short_message", pdu: &[SUBMIT, TEST, "020400"], warnings: Warnings::TRAILING, reads: &[("short_message", "test"), ("user_message_reference", "-")] },
    Sloppy { what: "a NUL between short_message and the TLVs", pdu: &[SUBMIT, TEST, "00 020400020001"], warnings: Warnings::STRAY_NUL, reads: &[("short_message", "test"), ("user_message_reference", "1")] },
    Sloppy { what: "a last TLV that claims 65 octets and has five", pdu: &[DELIVER, RECEIPT, "0427000102 001e00413330303500"], warnings: Warnings::TLV_OVERRUN, reads: &[("message_state", "2"), ("receipted_message_id", "-")] },
    Sloppy { what: "a version octet where the TLV should be", pdu: &["80000009 00000000 00000001 736d736300 34"], warnings: Warnings::TRAILING, reads: &[("system_id", "smsc"), ("sc_interface_version", "-")] },

    // TLVs that are not as their tags have them.
    Sloppy { what: "a message_state of four octets", pdu: &[DELIVER, RECEIPT, "0427000400000002"], warnings: Warnings::TLV_LENGTH, reads: &[("message_state", "2")] },
    Sloppy { what: "a network_error_code of four octets", pdu: &[DELIVER, RECEIPT, "0423000403000022"], warnings: Warnings::TLV_LENGTH, reads: &[("network_error_code", "3:34")] },
    Sloppy { what: "a network_error_code of three digits", pdu: &[DELIVER, RECEIPT, "04230003303334"], warnings: OK, reads: &[("network_error_code", "0:34")] },
    Sloppy { what: "a broadcast_rep_num of one octet", pdu: &["00000111 00000000 00000001 00 00003100 00 00 0000 000000 0604000105"], warnings: Warnings::TLV_LENGTH, reads: &[("broadcast_rep_num", "5")] },
    Sloppy { what: "a source_telematics_id of two octets", pdu: &["00000103 00000000 00000001 00 00003100 00003200 000000 001000020008"], warnings: OK, reads: &[("source_telematics_id", "8")] },
    Sloppy { what: "an alert_on_message_delivery of one octet", pdu: &[SUBMIT, TEST, "130c000102"], warnings: OK, reads: &[("alert_on_message_delivery", "2")] },
    Sloppy { what: "a receipted_message_id without NUL", pdu: &[DELIVER, RECEIPT, "001e0003616263"], warnings: Warnings::TLV_NUL, reads: &[("receipted_message_id", "abc")] },
    Sloppy { what: "a receipted_message_id padded with NULs", pdu: &[DELIVER, RECEIPT, "001e0006616263000000"], warnings: Warnings::TLV_NUL, reads: &[("receipted_message_id", "abc")] },
    Sloppy { what: "the same TLV twice", pdu: &[SUBMIT, TEST, "020400020001 020400020002"], warnings: Warnings::TLV_TWICE, reads: &[("user_message_reference", "1")] },
    Sloppy { what: "an empty TLV that nobody knows, then a known one", pdu: &[SUBMIT, TEST, "3fff0000 020400020001"], warnings: OK, reads: &[("user_message_reference", "1")] },
    Sloppy { what: "a vendor's TLV outside of the vendors' block", pdu: &[SUBMIT, TEST, "501000026162 020400020001"], warnings: OK, reads: &[("user_message_reference", "1")] },
    Sloppy { what: "TLVs on the bind of a 3.3 peer", pdu: &["00000002 00000000 00000001 666f6f00 00 00 330000 00 140100026162"], warnings: OK, reads: &[("interface_version", "51")] },

    // Where the text is, and which part of how many.
    Sloppy { what: "short_message beside message_payload", pdu: &[SUBMIT, TEST, "0424000568656c6c6f"], warnings: Warnings::TWO_TEXTS, reads: &[("short_message", "test"), ("text", "hello")] },
    Sloppy { what: "short_message beside an empty message_payload", pdu: &[SUBMIT, TEST, "04240000"], warnings: OK, reads: &[("text", "test")] },
    Sloppy { what: "a header in message_payload", pdu: &[SUBMIT_UDH, "0000 0000 00000100 00 0424000a 050003020401 74657374"], warnings: OK, reads: &[("header", "\\x05\\x00\\x03\\x02\\x04\\x01"), ("text", "test")] },
    Sloppy { what: "a header longer than the text", pdu: &[SUBMIT_UDH, "0000 0000 00000100 0474657374"], warnings: Warnings::UDH_OVERRUN, reads: &[("header", ""), ("text", "test")] },
    Sloppy { what: "a header announced and no text at all", pdu: &[SUBMIT_UDH, "0000 0000 00000100 00"], warnings: Warnings::UDH_OVERRUN, reads: &[("header", ""), ("text", "")] },
    Sloppy { what: "sar TLVs beside a header", pdu: &[SUBMIT_UDH, "0000 0000 00000100 0a 050003020401 74657374 020c0002abcd 020e000103 020f000102"], warnings: Warnings::SAR_AND_UDH, reads: &[("header", "\\x05\\x00\\x03\\x02\\x04\\x01"), ("segment", "-")] },
    Sloppy { what: "part 2 of 3 by sar TLVs", pdu: &[SUBMIT, TEST, "020c0002abcd 020e000103 020f000102"], warnings: OK, reads: &[("segment", "43981 2/3")] },
    Sloppy { what: "part 0 of 3 by sar TLVs", pdu: &[SUBMIT, TEST, "020c0002abcd 020e000103 020f000100"], warnings: OK, reads: &[("segment", "-"), ("text", "test")] },

    // Receipts.
    Sloppy { what: "a receipt in TLVs alone", pdu: &[DELIVER, RECEIPT, "001e000461626300 0427000102"], warnings: OK, reads: &[("receipt", "yes"), ("receipted_message_id", "abc"), ("message_state", "2")] },
    Sloppy { what: "a receipt that also announces a header", pdu: &[DELIVER, "440000 0000 00000000 0569643a3132"], warnings: Warnings::UDH_OVERRUN, reads: &[("receipt", "yes"), ("text", "id:12")] },
    Sloppy { what: "a receipt without its type", pdu: &[DELIVER, "000000 0000 00000000 0569643a3132"], warnings: OK, reads: &[("receipt", "no"), ("text", "id:12")] },
    Sloppy { what: "a receipt in a data_sm", pdu: &["00000103 00000000 00000001 00 00003100 00003200 040000 001e000461626300 0427000102"], warnings: OK, reads: &[("receipt", "yes"), ("receipted_message_id", "abc")] },
    Sloppy { what: "a message_state of 0 beside another stat", pdu: &[DELIVER, "040000 0000 00000083 0c737461743a554e44454c4956 0427000100"], warnings: OK, reads: &[("text", "stat:UNDELIV"), ("message_state", "0")] },

    // Headers.
    Sloppy { what: "sequence number 0", pdu: &["00000005 00000000 00000000", NOTHING], warnings: Warnings::SEQUENCE_RANGE, reads: &[("sequence", "0")] },
    Sloppy { what: "a sequence number above 0x7FFFFFFF", pdu: &["00000005 00000000 806a179b 00010139393900 00003634363400 000000 0000 00000800 00"], warnings: Warnings::SEQUENCE_RANGE, reads: &[("sequence", "2154436507"), ("destination_addr", "6464")] },
    Sloppy { what: "a status in a request", pdu: &["00000005 00000015 00000001", NOTHING], warnings: Warnings::STATUS_IN_REQUEST, reads: &[("short_message", "")] },
    Sloppy { what: "a vendor's status", pdu: &["80000004 00000401 00000001"], warnings: OK, reads: &[("status", "status 0x401")] },
    Sloppy { what: "a generic_nack that blames no sequence number", pdu: &["80000000 00000002 00000000"], warnings: OK, reads: &[("sequence", "0")] },
    Sloppy { what: "Huawei's own command", pdu: &["01000001 00000000 00000001 736d7300"], warnings: OK, reads: &[("command", "command 0x01000001"), ("body", "sms\\x00")] },
    Sloppy { what: "a vendor's command", pdu: &["00010201 00000000 00000001"], warnings: OK, reads: &[("body", "")] },

    // Versions.
    Sloppy { what: "a bind of version 0", pdu: &["00000002 00000000 00000001 666f6f00 62617200 00 000000 00"], warnings: OK, reads: &[("interface_version", "0"), ("rules", "3.3")] },
    Sloppy { what: "a bind of a version that is not listed", pdu: &["00000002 00000000 00000001 666f6f00 62617200 00 510000 00"], warnings: OK, reads: &[("interface_version", "81"), ("rules", "5.0")] },
    Sloppy { what: "a bind that ends before interface_version", pdu: &["00000001 00000000 00000001 666f6f00 62617200 00"], warnings: Warnings::CUT_SHORT, reads: &[("password", "bar"), ("interface_version", "0"), ("rules", "3.3")] },
    Sloppy { what: "a bind response without sc_interface_version", pdu: &["80000009 00000000 00000001 736d736300"], warnings: OK, reads: &[("sc_interface_version", "-")] },

    // Bodies where none belong.
    Sloppy { what: "an enquire_link_resp with one octet", pdu: &["80000015 00000000 00000001 00"], warnings: Warnings::TRAILING, reads: &[("command", "enquire_link_resp")] },
    Sloppy { what: "an enquire_link with a body that is no TLV", pdu: &["00000015 00000000 00000001 deadbeef"], warnings: Warnings::TLV_OVERRUN, reads: &[("command", "enquire_link")] },
    Sloppy { what: "an unbind with one octet", pdu: &["00000006 00000000 00000001 ff"], warnings: Warnings::TRAILING, reads: &[("command", "unbind")] },
];

/// Malformed: the PDU, the status to answer with, and the field.
#[rustfmt::skip]
const REFUSED: &[(&str, &[&str], CommandStatus, &str)] = &[
    ("an sm_length beyond the PDU", &[SUBMIT, "000000 0000 00000100 0574657374"], CommandStatus::INVALID_MESSAGE_LENGTH, "short_message"),
    ("a body that ends before sm_length", &[SUBMIT, "000000 0000 000001"], CommandStatus::INVALID_COMMAND_LENGTH, "sm_default_msg_id"),
    ("a service_type without NUL", &["00000004 00000000 00000001 31313131313131"], CommandStatus::INVALID_SERVICE_TYPE, "service_type"),
    ("a dest_flag of 3", &["00000021 00000000 00000001 00 00003100 01 030101320000000000000000000000"], CommandStatus::INVALID_DEST_FLAG, "dest_flag"),
    ("two destinations announced and one there", &["00000021 00000000 00000001 00 00003100 02 0101013200"], CommandStatus::INVALID_COMMAND_LENGTH, "dest_flag"),
    ("an unsuccess list that is cut short", &["80000021 00000000 00000001 3100 02 01013100 0000000b"], CommandStatus::INVALID_COMMAND_LENGTH, "dest_addr_ton"),
];

/// Lengths that no frame is cut by: the stream is lost.
const LOST: &[(&str, &[u8; 4])] = &[
    ("a length of 0", b"\0\0\0\0"),
    ("a length of 15", b"\0\0\0\x0F"),
    ("a negative length", b"\xFF\xFF\xFF\xF0"),
    ("an HTTP server", b"HTTP"),
    ("a TLS handshake", b"\x16\x03\x01\x02"),
];

fn octets(pdu: &[&str]) -> Vec<u8> {
    let hex: String = pdu.concat().split_whitespace().collect();
    let rest = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
    let length = u32::try_from(4 + hex.len() / 2).unwrap();
    length.to_be_bytes().into_iter().chain(rest).collect()
}

/// The frame at the front of `octets`, behind which a good one stands that is still read.
fn followed_by_a_good_one<'a>(what: &str, octets: &'a mut Vec<u8>) -> FrameRef<'a> {
    let end = octets.len();
    write_header(octets, CommandId::ENQUIRE_LINK, CommandStatus::OK, 77);
    let frame = cut(octets, 70_000).unwrap().unwrap();
    assert_eq!(frame.bytes().len(), end, "{what}");
    let good = cut(&octets[end..], 70_000).unwrap().unwrap();
    assert_eq!(good.view(), Ok((Pdu::EnquireLink(Bare::default()), OK)), "{what}");
    frame
}

#[test]
fn what_real_peers_send_is_read_and_so_is_what_follows() {
    assert!(TABLE.len() + REFUSED.len() + LOST.len() > 80);
    for Sloppy { what, pdu, warnings, reads } in TABLE {
        let mut octets = octets(pdu);
        let frame = followed_by_a_good_one(what, &mut octets);
        let (pdu, noticed) = frame.view().unwrap_or_else(|fault| panic!("{what}: {fault}"));
        assert_eq!(noticed | pdu.content_warnings(), *warnings, "{what}");
        for (name, value) in *reads {
            assert_eq!(look(frame, &pdu, name), *value, "{what}: {name}");
        }
    }
}

#[test]
fn what_cannot_be_read_names_its_field_and_the_next_pdu_is_read() {
    for (what, pdu, status, field) in REFUSED {
        let mut octets = octets(pdu);
        let frame = followed_by_a_good_one(what, &mut octets);
        let fault = frame.view().unwrap_err();
        assert_eq!((fault.status(), fault.field()), (*status, *field), "{what}");
    }
}

#[test]
fn a_stream_is_lost_only_by_its_lengths() {
    for (what, length) in LOST {
        let octets = [&length[..], &[0; 12]].concat();
        let lost = cut(&octets, 70_000).unwrap_err();
        assert_eq!(lost.length, u32::from_be_bytes(**length), "{what}");
    }
}

/// What was read by that name: `-` where it is not there.
fn look(frame: FrameRef<'_>, pdu: &Pdu<'_>, name: &str) -> String {
    let none = || "-".to_owned();
    let content = pdu.content().unwrap_or_default();
    match name {
        "command" => frame.id().to_string(),
        "status" => frame.status().to_string(),
        "sequence" => frame.sequence().to_string(),
        "text" => print(content.text),
        "header" => print(content.header),
        "segment" => content.segment.map_or_else(none, |segment| {
            format!("{} {}/{}", segment.reference, segment.number, segment.total)
        }),
        "receipt" => match pdu {
            Pdu::DeliverSm(message) if message.esm_class.is_receipt() => "yes".to_owned(),
            Pdu::DataSm(message) if message.esm_class.is_receipt() => "yes".to_owned(),
            _ => "no".to_owned(),
        },
        "rules" => match pdu {
            Pdu::Bind(bind) => bind.interface_version.rules().to_string(),
            other => panic!("no bind: {other:?}"),
        },
        _ => field(pdu, name).or_else(|| tlv(pdu, name)).unwrap_or_else(none),
    }
}

fn field(pdu: &Pdu<'_>, name: &str) -> Option<String> {
    let mut found = None;
    pdu.fields(&mut |field, value| {
        if field == name {
            found = Some(match value {
                Field::Integer(number) => number.to_string(),
                Field::CString(octets) | Field::Octets(octets) => print(octets),
                other => format!("{other:?}"),
            });
        }
    });
    found
}

fn tlv(pdu: &Pdu<'_>, name: &str) -> Option<String> {
    let tag = TAGS.iter().find(|facts| facts.name == name).unwrap_or_else(|| panic!("no tag {name}")).tag;
    Some(match pdu.tlvs().value(tag)? {
        TlvValue::Integer(number) => number.to_string(),
        TlvValue::CString(octets) | TlvValue::Octets(octets) => print(octets),
        TlvValue::NetworkErrorCode { network, code } => format!("{network}:{code}"),
        other => format!("{other:?}"),
    })
}

fn print(octets: &[u8]) -> String {
    octets.escape_ascii().to_string()
}
