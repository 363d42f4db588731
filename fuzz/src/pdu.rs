//! One PDU: read generously and by the book, taken apart, and written back as it was.

use smpp_wire::{
    Body, COMMANDS, CommandId, Field, FrameRef, InterfaceVersion, Malformed, Pdu, TlvBuf, Warnings, cut,
    strict, write_pdu,
};

use crate::bytes::Bytes;

/// Reads `octets` as the body of a command that the first of them chooses.
pub fn pdu(octets: &[u8]) {
    let mut bytes = Bytes::new(octets);
    let command = &COMMANDS[usize::from(bytes.octet()) % COMMANDS.len()];
    let octets = framed(command.id, bytes.rest());
    let frame = cut(&octets, usize::MAX).expect("a length").expect("a frame");
    let by_the_book = by_the_book(frame);
    let (pdu, warnings) = match frame.view() {
        Ok(view) => view,
        Err(fault) => {
            // No peer needs strings without end: the generous reader has a bound, which the book does not have.
            let too_long = matches!(fault, Malformed::Unterminated { .. });
            assert!(by_the_book.is_none() || too_long, "the generous reader is the stricter one: {fault}");
            return;
        }
    };
    taken_apart(&pdu, warnings);
    // A response without its first field may be one of TLVs alone, which the book does not have.
    if !warnings.contains(Warnings::NO_ID) {
        assert_eq!(by_the_book.unwrap_or(pdu), pdu);
    }
    if by_the_book.is_some() || warnings.is_empty() {
        writes_back(frame, by_the_book.unwrap_or(pdu));
    }
    for version in [InterfaceVersion::V3_3, InterfaceVersion::V3_4, InterfaceVersion::V5_0] {
        is_readable(&pdu, version);
    }
}

fn framed(id: CommandId, body: &[u8]) -> Vec<u8> {
    let words = [(16 + body.len()) as u32, id.0, 0, 1];
    let mut octets: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
    octets.extend_from_slice(body);
    octets
}

/// What a strict reader makes of it; every field is told before the PDU, and each as the PDU has it.
fn by_the_book(frame: FrameRef<'_>) -> Option<Pdu<'_>> {
    let mut seen = Vec::new();
    let read = strict::read_each(frame, &mut |one| {
        if let strict::Seen::Field(name, field) = one {
            seen.push((name, format!("{field:?}")));
        }
    });
    assert_eq!(read.is_ok(), strict::read(frame).is_ok());
    let pdu = read.ok()?;
    let mut fields = Vec::new();
    pdu.fields(&mut |name, field| fields.push((name, format!("{field:?}"))));
    let absent = frame.id().is_response() && frame.body().is_empty();
    assert!(absent || seen == fields, "{seen:?}\n{fields:?}");
    Some(pdu)
}

/// Whatever can be asked of a PDU has an answer.
fn taken_apart(pdu: &Pdu<'_>, warnings: Warnings) {
    let _ = format!("{pdu:?} {warnings}");
    pdu.fields(&mut |_, field| entries(field));
    let mut again = TlvBuf::new();
    for tlv in pdu.tlvs().iter() {
        let value = tlv.value();
        let _ = format!("{value:?} {:?} {:?}", tlv.integer(), tlv.c_string());
        // What the value of a known tag means is written so that it means the same.
        if again.push(tlv.tag, value).is_ok() {
            let last = again.as_tlvs().iter().last().expect("it was just pushed");
            assert_eq!((last.tag, last.value()), (tlv.tag, value));
        }
    }
    let content = match pdu {
        Pdu::SubmitSm(message) => message.content(),
        Pdu::DeliverSm(message) => message.content(),
        Pdu::DataSm(message) => message.content(),
        Pdu::SubmitMulti(message) => message.content(),
        _ => return,
    };
    let _ = format!("{content:?}");
}

fn entries(field: Field<'_>) {
    if let Field::List(list) = field {
        let mut count = 0;
        list.each(&mut |place, _, _| count = count.max(place + 1));
        assert!(count <= list.count());
    }
}

fn writes_back(frame: FrameRef<'_>, pdu: Pdu<'_>) {
    if frame.body().is_empty() {
        return;
    }
    let mut out = b"before".to_vec();
    write_pdu(&mut out, frame.status(), frame.sequence(), &pdu).expect("it was read");
    assert_eq!(&out[b"before".len()..], frame.bytes());
}

/// What is written to an older peer can be read.
fn is_readable(pdu: &Pdu<'_>, version: InterfaceVersion) {
    let mut out = Vec::new();
    if pdu.write(&mut out, version).is_ok() {
        let (read, warnings) = Pdu::read(pdu.command_id(), &out).expect("what we write can be read");
        // An id of control characters looks like TLVs without an id.
        let no_tlvs = read.tlvs().is_empty() || warnings.contains(Warnings::NO_ID);
        assert!(version.has_tlvs() || no_tlvs);
    }
}
