//! submit_sm: from an ESME, and to a carrier.

use chappe_core::{Alphabet, LongForm, Message, Reason, Timestamp, alphabet, lifecycle};
use jiff::tz::TimeZone;
use smpp_wire::{DataCoding, EsmClass, InterfaceVersion, RegisteredDelivery, SubmitSm, Tag, Tlvs};

use super::scratch::Scratch;
use super::{address, time, tlvs};

/// What a carrier without receipts is still asked for: the acknowledgements of the recipient.
const ACKNOWLEDGEMENTS: u8 = 0x0C;
/// Octets of text that travel as `short_message`; more go as `message_payload` (SMPP 3.4 §5.2.21: 0 to 254).
const SHORT_MESSAGE_MAX: usize = 254;
/// Datagram and transaction mode (SMPP 5.0 §4.7.12).
const MODES_NOT_SERVED: [u8; 2] = [1, 2];

/// What an ESME asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Submission<'a> {
    pub(crate) message: Message<'a>,
    /// No attempt begins before this; [`Timestamp::ZERO`]: at once.
    pub(crate) due: Timestamp,
}

/// How an ESME speaks.
#[derive(Clone, Debug)]
pub(crate) struct Habits {
    /// Times that name no zone are in this one.
    pub(crate) zone: TimeZone,
    /// What `data_coding` 0 means.
    pub(crate) alphabet: Alphabet,
}

/// The message that an ESME submits, as a view of the same octets.
///
/// The text is `short_message` or the `message_payload` TLV. Every other TLV is carried on as it came.
///
/// # Errors
///
/// [`Reason::InvalidSchedule`], [`Reason::InvalidValidity`]: no time that can be read, or a validity of no time at all.
/// [`Reason::UnsupportedMode`]: datagram or transaction mode. [`Reason::InvalidTlv`]: too many parameters, or a text in
/// both places, of which one would be lost.
pub(crate) fn submission<'a>(
    submit: &SubmitSm<'a>,
    habits: &Habits,
    now: impl Fn() -> Timestamp,
    scratch: &'a mut Scratch,
) -> Result<Submission<'a>, Reason> {
    let Habits { zone, alphabet } = habits;
    if MODES_NOT_SERVED.contains(&submit.esm_class.mode()) {
        return Err(Reason::UnsupportedMode);
    }
    let due = match submit.schedule_delivery_time {
        [] => Timestamp::ZERO,
        schedule => time::read(schedule, zone, &now).ok_or(Reason::InvalidSchedule)?,
    };
    let valid_until = match submit.validity_period {
        [] => Timestamp::ZERO,
        period => {
            let until = time::read(period, zone, now).filter(|until| *until != Timestamp::ZERO);
            until.ok_or(Reason::InvalidValidity)?
        }
    };
    let user_data = submit.user_data();
    if !submit.short_message.is_empty() && user_data != submit.short_message {
        return Err(Reason::InvalidTlv);
    }
    let message = Message {
        source: address::from_wire(submit.source),
        destination: address::from_wire(submit.destination),
        service_type: submit.service_type,
        esm_class: submit.esm_class.0,
        protocol_id: submit.protocol_id,
        priority: submit.priority_flag,
        registered_delivery: submit.registered_delivery.0,
        data_coding: alphabet::inward(submit.data_coding.0, *alphabet),
        valid_until,
        user_data,
        tlvs: tlvs::carried(&submit.tlvs, &mut scratch.tlvs)?,
    };
    Ok(Submission { message, due })
}

/// What a carrier takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carriage {
    /// Whether it sends receipts; then it is always asked for the final one, whatever the sender asked for.
    pub(crate) receipts: bool,
    pub(crate) version: InterfaceVersion,
    pub(crate) long: LongForm,
    /// What `data_coding` 0 means to it.
    pub(crate) alphabet: Alphabet,
}

/// The message as a carrier gets it: one, or all parts of a long one that it takes whole.
///
/// `None` where the text needs a `message_payload` and the carrier knows no TLVs, or where the parts do not make a whole.
pub(crate) fn submit_sm<'a>(
    messages: &[Message<'a>],
    carriage: Carriage,
    scratch: &'a mut Scratch,
) -> Option<SubmitSm<'a>> {
    let Carriage { receipts, version, long, alphabet } = carriage;
    let Scratch { tlvs, text, clocks, rebuilt, .. } = scratch;
    let has_tlvs = version.has_tlvs();
    let message = match messages {
        [message] => rebuilt.part(message, long, has_tlvs),
        parts => rebuilt.whole(parts)?,
    };
    let message = alphabet::outward(&message, alphabet, text);
    let asked = lifecycle::asked_of_carrier(message.registered_delivery);
    let (short_message, tlvs) = text_and_tlvs(&message, version, tlvs)?;
    Some(SubmitSm {
        service_type: message.service_type,
        source: address::to_wire(message.source),
        destination: address::to_wire(message.destination),
        esm_class: EsmClass(message.esm_class),
        protocol_id: message.protocol_id,
        priority_flag: message.priority,
        validity_period: clocks.validity_period(message.valid_until),
        registered_delivery: RegisteredDelivery(if receipts { asked } else { asked & ACKNOWLEDGEMENTS }),
        data_coding: DataCoding(message.data_coding),
        short_message,
        tlvs,
        ..SubmitSm::default()
    })
}

/// Where the text of a message goes, and the parameters beside it: those that a peer of this version knows.
pub(super) fn text_and_tlvs<'a>(
    message: &Message<'a>,
    version: InterfaceVersion,
    list: &'a mut Vec<u8>,
) -> Option<(&'a [u8], Tlvs<'a>)> {
    let is_short = message.user_data.len() <= SHORT_MESSAGE_MAX;
    if !version.has_tlvs() {
        return is_short.then_some((message.user_data, Tlvs::NONE));
    }
    let all_known = tlvs::are_known(message.tlvs, version);
    if is_short && all_known {
        return Some((message.user_data, tlvs::list(message.tlvs)));
    }
    list.clear();
    if all_known {
        list.extend_from_slice(message.tlvs);
    } else {
        tlvs::push_known(list, message.tlvs, version);
    }
    if is_short {
        return Some((message.user_data, tlvs::list(list)));
    }
    tlvs::push(list, Tag::MESSAGE_PAYLOAD, message.user_data);
    Some((&[], tlvs::list(list)))
}

#[cfg(test)]
mod tests {
    use smpp_wire::{Address, Npi, Tlv, Ton};

    use super::*;

    const NOW: Timestamp = Timestamp(1_772_366_400_000_000);

    fn hello() -> SubmitSm<'static> {
        SubmitSm {
            source: Address { ton: Ton::ALPHANUMERIC, npi: Npi::UNKNOWN, digits: b"ACME" },
            destination: Address { ton: Ton::INTERNATIONAL, npi: Npi::ISDN, digits: b"385911234567" },
            registered_delivery: RegisteredDelivery::FINAL,
            data_coding: DataCoding::UCS2,
            short_message: b"\0h\0i",
            ..SubmitSm::default()
        }
    }

    /// As it comes off the wire: lists have become raw octets.
    fn wired(submit: &SubmitSm<'_>) -> Vec<u8> {
        let mut octets = Vec::new();
        smpp_wire::write_pdu(&mut octets, smpp_wire::CommandStatus::OK, 1, submit).unwrap();
        octets.split_off(16)
    }

    fn heard<T>(submit: &SubmitSm<'_>, look: impl FnOnce(Result<Message<'_>, Reason>) -> T) -> T {
        let octets = wired(submit);
        let mut scratch = Scratch::default();
        let submission =
            submission(&SubmitSm::read(&octets).unwrap().0, &habits(TimeZone::UTC), || NOW, &mut scratch);
        look(submission.map(|submission| submission.message))
    }

    fn habits(zone: TimeZone) -> Habits {
        Habits { zone, alphabet: Alphabet::Gsm }
    }

    fn carriage(receipts: bool, has_tlvs: bool) -> Carriage {
        let version = if has_tlvs { InterfaceVersion::V3_4 } else { InterfaceVersion::V3_3 };
        Carriage { receipts, version, long: LongForm::AsIs, alphabet: Alphabet::Gsm }
    }

    /// When a message is to leave, in Zagreb.
    fn due(schedule_delivery_time: &[u8]) -> Result<Timestamp, Reason> {
        let zone = TimeZone::get("Europe/Zagreb").unwrap();
        let submit = SubmitSm { schedule_delivery_time, ..hello() };
        submission(&submit, &habits(zone), || NOW, &mut Scratch::default()).map(|submission| submission.due)
    }

    #[test]
    fn a_schedule_is_read_in_the_accounts_zone_and_an_absurd_one_refused() {
        let after = |seconds: u64| Ok(Timestamp(NOW.0 + seconds * 1_000_000));
        // NOW is 12:00 of 2026-03-01 in UTC, 13:00 in Zagreb.
        for (schedule, expected) in [
            ("", Ok(Timestamp::ZERO)),
            ("000000000000000R", Ok(Timestamp::ZERO)),
            ("000000010000000R", after(3_600)),
            ("260301130000000+", after(3_600)),
            ("260301140000004+", after(3_600)),
            ("260301140000", after(3_600)),
            ("260301140000000", Err(Reason::InvalidSchedule)),
            ("26030114", Err(Reason::InvalidSchedule)),
            ("tonight", Err(Reason::InvalidSchedule)),
            ("269901140000000+", Err(Reason::InvalidSchedule)),
            ("260301140000099+", Err(Reason::InvalidSchedule)),
        ] {
            assert_eq!(due(schedule.as_bytes()), expected, "{schedule}");
        }
    }

    #[test]
    fn what_is_not_served_is_refused_with_its_reason() {
        let many: Vec<Tlv<'_>> = (0..65).map(|tag| Tlv { tag: Tag(0x1400 + tag), value: &[] }).collect();
        let cases = [
            (hello(), None),
            (SubmitSm { schedule_delivery_time: b"000000010000000R", ..hello() }, None),
            (SubmitSm { schedule_delivery_time: b"soon", ..hello() }, Some(Reason::InvalidSchedule)),
            (SubmitSm { validity_period: b"soon", ..hello() }, Some(Reason::InvalidValidity)),
            (SubmitSm { validity_period: b"000000010000000R", ..hello() }, None),
            (SubmitSm { validity_period: b"000000000000000R", ..hello() }, Some(Reason::InvalidValidity)),
            (SubmitSm { tlvs: Tlvs::of(&many), ..hello() }, Some(Reason::InvalidTlv)),
        ];
        for (submit, refused) in cases {
            heard(&submit, |message| assert_eq!(message.err(), refused, "{submit:?}"));
        }
    }

    #[test]
    fn datagram_and_transaction_mode_are_refused() {
        let refusal = Some(Reason::UnsupportedMode);
        for (class, refused) in
            [(0, None), (1, refusal), (2, refusal), (3, None), (0xC0, None), (0xC1, refusal)]
        {
            let submit = SubmitSm { esm_class: EsmClass(class), short_message: b"\0i", ..hello() };
            heard(&submit, |message| assert_eq!(message.err(), refused, "{class:#x}"));
        }
    }

    #[test]
    fn the_text_is_the_short_message_or_else_the_payload_and_the_other_tlvs_are_carried() {
        let (port, payload) = (
            Tlv { tag: Tag::SOURCE_PORT, value: &[0, 80] },
            Tlv { tag: Tag::MESSAGE_PAYLOAD, value: b"long" },
        );
        let (port_octets, both) = ([2, 0x0A, 0, 2, 0, 80], [port, payload]);
        let tlvs = Tlvs::of(&both);
        heard(&SubmitSm { short_message: b"", tlvs, ..hello() }, |message| {
            let message = message.unwrap();
            assert_eq!((message.user_data, message.tlvs), (&b"long"[..], &port_octets[..]));
        });
        heard(&SubmitSm { tlvs, ..hello() }, |message| {
            assert_eq!(message, Err(Reason::InvalidTlv), "one of two texts would be lost");
        });
    }

    #[test]
    fn a_truncated_last_tlv_is_not_carried_on() {
        let mut octets =
            wired(&SubmitSm { tlvs: Tlvs::of(&[Tlv { tag: Tag::SOURCE_PORT, value: &[0, 80] }]), ..hello() });
        octets.extend_from_slice(&[2, 4, 0, 2, 0]);
        let mut scratch = Scratch::default();
        let submit = SubmitSm::read(&octets).unwrap().0;
        let submission = submission(&submit, &habits(TimeZone::UTC), || NOW, &mut scratch).unwrap();
        assert_eq!(submission.message.tlvs, [2, 0x0A, 0, 2, 0, 80]);
    }

    #[test]
    fn a_message_leaves_as_it_came_but_asks_for_our_receipt() {
        let sent = SubmitSm { registered_delivery: RegisteredDelivery(0x1A), ..hello() };
        heard(&sent, |message| {
            let message = message.unwrap();
            let mut scratch = Scratch::default();
            for (receipts, asked) in [(true, 0x19), (false, 0x08)] {
                let left = submit_sm(&[message], carriage(receipts, true), &mut scratch).unwrap();
                let expected = SubmitSm { registered_delivery: RegisteredDelivery(asked), ..sent };
                assert_eq!(left, expected);
            }
        });
    }

    #[test]
    fn a_long_text_travels_as_payload_and_not_at_all_to_a_3_3_peer() {
        let long = [b'x'; 255];
        let message = Message { user_data: &long, tlvs: &[2, 0x0A, 0, 2, 0, 80], ..Message::default() };
        let mut scratch = Scratch::default();
        let left = submit_sm(&[message], carriage(true, true), &mut scratch).unwrap();
        assert_eq!(left.user_data(), long);
        assert!(left.short_message.is_empty() && left.tlvs.get(Tag::SOURCE_PORT).is_some());
        assert_eq!(submit_sm(&[message], carriage(true, false), &mut scratch), None);
        let short = Message { user_data: &long[..254], ..message };
        let left = submit_sm(&[short], carriage(true, false), &mut scratch).unwrap();
        assert!(left.short_message.len() == 254 && left.tlvs.is_empty());
    }

    #[test]
    fn what_only_5_0_knows_is_withheld_from_an_older_peer() {
        // user_message_reference, congestion_state, and a vendor's own.
        let tlvs = [2, 4, 0, 2, 0, 42, 4, 0x28, 0, 1, 99, 0x14, 0, 0, 1, 9];
        let tags = |version, user_data| {
            let message = Message { user_data, tlvs: &tlvs, ..Message::default() };
            let mut scratch = Scratch::default();
            let carriage = Carriage { version, ..carriage(true, true) };
            let left = submit_sm(&[message], carriage, &mut scratch).unwrap();
            left.tlvs.iter().map(|tlv| tlv.tag).collect::<Vec<_>>()
        };
        let (reference, vendor) = (Tag::USER_MESSAGE_REFERENCE, Tag(0x1400));
        assert_eq!(tags(InterfaceVersion::V3_4, b"hi"), [reference, vendor]);
        assert_eq!(tags(InterfaceVersion::V3_4, &[b'x'; 255]), [reference, vendor, Tag::MESSAGE_PAYLOAD]);
        assert_eq!(tags(InterfaceVersion::V5_0, b"hi"), [reference, Tag::CONGESTION_STATE, vendor]);
    }

    #[test]
    fn the_default_alphabet_of_each_side_is_respected() {
        let habits = Habits { zone: TimeZone::UTC, alphabet: Alphabet::Latin1 };
        let submit = SubmitSm { data_coding: DataCoding(0), short_message: b"caf\xe9", ..hello() };
        let (mut scratch, mut other) = (Scratch::default(), Scratch::default());
        let message = submission(&submit, &habits, || NOW, &mut scratch).unwrap().message;
        assert_eq!((message.data_coding, message.user_data), (3, &b"caf\xe9"[..]));
        for (alphabet, data_coding) in [(Alphabet::Gsm, 3), (Alphabet::Latin1, 0), (Alphabet::Ascii, 3)] {
            let carriage = Carriage { alphabet, ..carriage(true, true) };
            let left = submit_sm(&[message], carriage, &mut other).unwrap();
            assert_eq!((left.data_coding.0, left.short_message), (data_coding, message.user_data));
        }
    }
}
