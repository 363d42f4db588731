//! The one-octet codes: what their bits say.

use smpp_wire::{CommandStatus, EsmClass, InterfaceVersion, RegisteredDelivery, ids::Class};

#[test]
fn a_receipt_is_known_by_its_message_type_whatever_stands_in_the_other_bits() {
    for bits in [0x04, 0x44, 0x84, 0xC7, 0x05] {
        assert!(EsmClass(bits).is_receipt(), "{bits:#04x}");
    }
    for bits in [0x00, 0x40, 0x08, 0x0C, 0x20, 0x24] {
        assert!(!EsmClass(bits).is_receipt(), "{bits:#04x}");
    }
    assert!(EsmClass(0x60).is_intermediate_notification());
    assert_eq!(EsmClass(0xC7).message_type(), EsmClass::RECEIPT);
}

#[test]
fn a_header_is_one_bit_that_can_be_set_and_taken_away() {
    let with = EsmClass(0x03).with(EsmClass::UDH);
    assert_eq!((with, with.mode(), with.has_udh()), (EsmClass(0x43), 3, true));
    assert_eq!(with.without_udh(), EsmClass(0x03));
    assert!(EsmClass(0x80).has_reply_path());
}

#[test]
fn a_receipt_is_asked_for_as_two_bits_say() {
    let table = [(0x00, false, false), (0x01, true, true), (0x02, false, true), (0x03, true, false)];
    for (bits, success, failure) in table {
        let asked = RegisteredDelivery(bits | 0xE0);
        assert_eq!((asked.wants_success(), asked.wants_failure()), (success, failure), "{bits}");
    }
    assert!(RegisteredDelivery(0x11).wants_intermediate());
    assert!(!RegisteredDelivery(0x20).wants_intermediate());
}

#[test]
fn an_unlisted_version_goes_by_the_highest_one_below_it() {
    let rules = |version| InterfaceVersion(version).rules();
    assert_eq!([0x00, 0x32, 0x33].map(rules), [InterfaceVersion::V3_3; 3]);
    assert_eq!([0x34, 0x35, 0x4F].map(rules), [InterfaceVersion::V3_4; 3]);
    assert_eq!([0x50, 0x51, 0xFF].map(rules), [InterfaceVersion::V5_0; 3]);
    assert!(!InterfaceVersion::V3_3.has_tlvs());
}

#[test]
fn an_unknown_status_counts_as_permanent() {
    assert_eq!(CommandStatus(0x0401).class(), Class::Permanent);
    assert_eq!(CommandStatus::THROTTLED.class(), Class::Throttle);
}
