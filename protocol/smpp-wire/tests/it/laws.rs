//! Laws that hold for any octets.

use proptest::collection::vec;
use proptest::prelude::*;
use smpp_wire::strict::{self, Seen};
use smpp_wire::{
    Address, Bind, BindMode, BindResp, Body, COMMANDS, CommandId, CommandStatus, DataCoding, DeliverSm,
    DeliverSmResp, EsmClass, Frame, FrameRef, InterfaceVersion, Npi, Pdu, RegisteredDelivery, SubmitSm,
    SubmitSmResp, TAGS, Tag, Tlv, TlvBuf, Tlvs, Ton, Warnings, cut, write_pdu,
};

const LENGTH_MAX: usize = 4096;

/// Octets with the length of a frame in front of them, so that a body is reached.
fn frame(id: CommandId, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(16 + body.len()).unwrap();
    [&length.to_be_bytes()[..], &id.0.to_be_bytes(), &[0, 0, 0, 0], &[0, 0, 0, 1], body].concat()
}

fn command() -> impl Strategy<Value = CommandId> {
    prop_oneof![
        9 => (0..COMMANDS.len()).prop_map(|row| COMMANDS[row].id),
        1 => any::<u32>().prop_map(CommandId),
    ]
}

/// A body in which fields end and lengths are small, so that reading gets far.
fn body() -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![2 => Just(0_u8), 1 => 0..32_u8, 1 => any::<u8>()], 0..120)
}

fn read_all(mut octets: &[u8]) -> Vec<FrameRef<'_>> {
    let mut frames = Vec::new();
    while let Ok(Some(frame)) = cut(octets, LENGTH_MAX) {
        octets = &octets[frame.bytes().len()..];
        frames.push(frame);
    }
    frames
}

proptest! {
    #[test]
    fn no_octets_make_a_reader_panic(octets in vec(any::<u8>(), 0..200)) {
        for frame in read_all(&octets) {
            let _ = frame.view();
        }
    }

    #[test]
    fn no_body_makes_a_reader_panic_or_reach_beyond_it(id in command(), body in body()) {
        let octets = frame(id, &body);
        let frames = read_all(&octets);
        prop_assert_eq!(frames.len(), 1);
        if let Ok((pdu, warnings)) = frames[0].view() {
            let _ = format!("{pdu:?} {warnings}");
            if let Pdu::SubmitSm(message) = pdu {
                let tiled: usize = message.tlvs.iter().map(|tlv| Tlv::HEADER_LEN + tlv.value.len()).sum();
                prop_assert_eq!(tiled + message.tlvs.tail().len(), message.tlvs.raw().unwrap().len());
            }
        }
    }

    #[test]
    fn the_frames_of_a_and_b_are_the_frames_of_a_then_those_of_b(
        first in (command(), body()),
        second in (command(), body()),
    ) {
        let (a, b) = (frame(first.0, &first.1), frame(second.0, &second.1));
        let both = [&a[..], &b].concat();
        let apart = [read_all(&a), read_all(&b)].concat();
        let together = read_all(&both);
        prop_assert_eq!(&together, &apart);
        for (together, apart) in together.iter().zip(&apart) {
            prop_assert_eq!(together.view(), apart.view());
        }
    }

    #[test]
    fn a_body_read_without_warnings_writes_back_byte_for_byte(id in command(), body in body()) {
        let octets = frame(id, &body);
        let Ok((pdu, warnings)) = read_all(&octets)[0].view() else { return Ok(()) };
        if warnings.is_empty() && !body.is_empty() {
            prop_assert_eq!(rewritten(&pdu), body);
        }
    }
}

fn rewritten(pdu: &Pdu<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    pdu.write(&mut out, InterfaceVersion::V5_0).unwrap();
    out
}

proptest! {
    #[test]
    fn what_the_strict_reader_takes_the_generous_one_reads_alike(id in command(), body in body()) {
        let octets = frame(id, &body);
        let frame = read_all(&octets)[0];
        let (mut seen, mut fields) = (Vec::new(), Vec::new());
        let strict = strict::read_each(frame, &mut |what| {
            if let Seen::Field(name, field) = what {
                seen.push(format!("{name} {field:?}"));
            }
        });
        let Ok(pdu) = strict else { return Ok(()) };
        let (generous, warnings) = frame.view().unwrap();
        prop_assert_eq!(generous, pdu);
        prop_assert!(!body.is_empty() || seen.is_empty());
        if !body.is_empty() {
            prop_assert_eq!(rewritten(&pdu), body, "{}", warnings);
            pdu.fields(&mut |name, field| fields.push(format!("{name} {field:?}")));
            prop_assert_eq!(seen, fields);
        }
    }

    #[test]
    fn whatever_is_read_can_be_looked_into(id in command(), body in body()) {
        let octets = frame(id, &body);
        if let Ok((pdu, _)) = read_all(&octets)[0].view() {
            let _ = (pdu.content(), pdu.content_warnings().to_string(), pdu.check(), strict::check(&pdu));
            pdu.fields(&mut |_, field| drop(format!("{field:?}")));
            for tlv in pdu.tlvs() {
                let _ = format!("{:?}", tlv.value());
            }
            // To an older peer it is written, or refused by name.
            let mut out = Vec::new();
            let _ = pdu.write(&mut out, InterfaceVersion::V3_3).map_err(|unwritable| unwritable.to_string());
        }
    }

    #[test]
    fn a_typed_value_comes_back_as_it_went(tag in (0..TAGS.len()), value in vec(any::<u8>(), 0..24)) {
        let tlv = Tlv { tag: TAGS[tag].tag, value: &value };
        let typed = tlv.value();
        let mut out = TlvBuf::new();
        if TAGS[tag].fits(value.len()) && out.push(tlv.tag, typed).is_ok() {
            prop_assert_eq!(out.as_tlvs().value(tlv.tag), Some(typed));
        }
    }
}

/// A string that its field of `max` octets (NUL counted) can hold.
fn string(max: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(1..=255_u8, 0..max)
}

/// Empty, or as long as a time is.
fn time() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![Just(Vec::new()), vec(1..=255_u8, 16)]
}

fn assert_round_trip(view: &impl Body, pdu: &Pdu<'_>) -> Result<(), TestCaseError> {
    let frame = Frame::write(CommandStatus::OK, 1, view).unwrap();
    prop_assert_eq!(frame.view(), Ok((*pdu, Warnings::NONE)));
    prop_assert_eq!(view.check().is_ok(), true);
    let mut again = Vec::new();
    write_pdu(&mut again, frame.status(), frame.sequence(), view).unwrap();
    prop_assert_eq!(&again[..], &frame.bytes()[..]);
    Ok(())
}

proptest! {
    #[test]
    fn a_message_comes_back_as_it_went(
        service_type in string(6),
        source in (any::<u8>(), any::<u8>(), string(21)),
        destination in (any::<u8>(), any::<u8>(), string(21)),
        times in (time(), time()),
        codes in any::<[u8; 7]>(),
        short_message in vec(any::<u8>(), 0..=254),
        tlvs in vec((any::<u16>(), vec(any::<u8>(), 0..20)), 0..4),
    ) {
        let list: Vec<_> = tlvs.iter().map(|(tag, value)| Tlv { tag: Tag(*tag), value }).collect();
        let [esm_class, protocol_id, priority_flag, registered_delivery, replace, data_coding, default_id] = codes;
        let submit = SubmitSm {
            service_type: &service_type,
            source: Address { ton: Ton(source.0), npi: Npi(source.1), digits: &source.2 },
            destination: Address { ton: Ton(destination.0), npi: Npi(destination.1), digits: &destination.2 },
            esm_class: EsmClass(esm_class),
            protocol_id,
            priority_flag,
            schedule_delivery_time: &times.0,
            validity_period: &times.1,
            registered_delivery: RegisteredDelivery(registered_delivery),
            replace_if_present_flag: replace,
            data_coding: DataCoding(data_coding),
            sm_default_msg_id: default_id,
            short_message: &short_message,
            tlvs: Tlvs::of(&list),
        };
        let deliver = DeliverSm {
            service_type: submit.service_type,
            source: submit.source,
            destination: submit.destination,
            esm_class: submit.esm_class,
            protocol_id,
            priority_flag,
            schedule_delivery_time: submit.schedule_delivery_time,
            validity_period: submit.validity_period,
            registered_delivery: submit.registered_delivery,
            replace_if_present_flag: replace,
            data_coding: submit.data_coding,
            sm_default_msg_id: default_id,
            short_message: submit.short_message,
            tlvs: submit.tlvs,
        };
        assert_round_trip(&submit, &Pdu::SubmitSm(submit))?;
        assert_round_trip(&deliver, &Pdu::DeliverSm(deliver))?;
    }

    #[test]
    fn a_bind_comes_back_as_it_went(
        mode in prop_oneof![Just(BindMode::Transmitter), Just(BindMode::Receiver), Just(BindMode::Transceiver)],
        strings in (string(16), string(9), string(13), string(41)),
        codes in any::<[u8; 3]>(),
    ) {
        let bind = Bind {
            mode,
            system_id: &strings.0,
            password: &strings.1,
            system_type: &strings.2,
            interface_version: InterfaceVersion(codes[0]),
            addr_ton: Ton(codes[1]),
            addr_npi: Npi(codes[2]),
            address_range: &strings.3,
            tlvs: Tlvs::NONE,
        };
        assert_round_trip(&bind, &Pdu::Bind(bind))?;
    }

    #[test]
    fn an_answer_comes_back_as_it_went(
        // An id that begins with a control character could be the TLV of a peer that leaves the id out.
        id in "[0-9a-zA-Z-]{0,15}",
        reason in any::<[u8; 1]>(),
    ) {
        let list = [Tlv { tag: Tag::DELIVERY_FAILURE_REASON, value: &reason }];
        let (message_id, tlvs) = (id.as_bytes(), Tlvs::of(&list));
        let submit = SubmitSmResp { message_id, tlvs };
        let deliver = DeliverSmResp { message_id, tlvs };
        let bind = BindResp { mode: BindMode::Transceiver, system_id: message_id, tlvs };
        assert_round_trip(&submit, &Pdu::SubmitSmResp(submit))?;
        assert_round_trip(&deliver, &Pdu::DeliverSmResp(deliver))?;
        assert_round_trip(&bind, &Pdu::BindResp(bind))?;
    }
}
