//! The floor: forty lines that check bounds and walk TLVs, and know nothing else. No codec that reads the same
//! fields can leave out what these do.

pub(crate) struct Message<'a> {
    pub(crate) strings: [&'a [u8]; 5],
    pub(crate) codes: [u8; 12],
    pub(crate) short_message: &'a [u8],
    pub(crate) tlvs: &'a [u8],
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn octet(&mut self) -> Option<u8> {
        let (octet, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*octet)
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn string(&mut self, max: usize) -> Option<&'a [u8]> {
        let len = self.0.iter().take(max).position(|&octet| octet == 0)?;
        let string = self.take(len)?;
        self.octet()?;
        Some(string)
    }

    fn tlvs(&mut self) -> Option<&'a [u8]> {
        let all = self.0;
        while !self.0.is_empty() {
            let header = self.take(4)?;
            self.take(usize::from(u16::from_be_bytes([header[2], header[3]])))?;
        }
        Some(all)
    }
}

/// The exact frame at the front, as (command_id, sequence_number, body, rest).
pub(crate) fn frame(input: &[u8]) -> Option<(u32, u32, &[u8], &[u8])> {
    let word = |at: usize| Some(u32::from_be_bytes(input.get(at..at + 4)?.try_into().ok()?));
    let (pdu, rest) = input.split_at_checked(word(0)? as usize)?;
    Some((word(4)?, word(12)?, pdu.get(16..)?, rest))
}

pub(crate) fn message(body: &[u8]) -> Option<Message<'_>> {
    let c = &mut Cursor(body);
    let service_type = c.string(6)?;
    let (ton, npi, source) = (c.octet()?, c.octet()?, c.string(21)?);
    let (to_ton, to_npi, destination) = (c.octet()?, c.octet()?, c.string(21)?);
    let (esm_class, protocol, priority) = (c.octet()?, c.octet()?, c.octet()?);
    let (schedule, validity) = (c.string(17)?, c.string(17)?);
    let (registered, replace, coding, default_id) = (c.octet()?, c.octet()?, c.octet()?, c.octet()?);
    let length = c.octet()?;
    Some(Message {
        strings: [service_type, source, destination, schedule, validity],
        codes: [
            ton, npi, to_ton, to_npi, esm_class, protocol, priority, registered, replace, coding, default_id,
            length,
        ],
        short_message: c.take(usize::from(length))?,
        tlvs: c.tlvs()?,
    })
}

pub(crate) fn message_resp(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let c = &mut Cursor(body);
    Some((c.string(65)?, c.tlvs()?))
}

pub(crate) fn write_message(out: &mut Vec<u8>, id: u32, sequence: u32, message: &Message<'_>) {
    let start = out.len();
    let [service_type, source, destination, schedule, validity] = message.strings;
    let codes = &message.codes;
    for word in [0, id, 0, sequence] {
        out.extend_from_slice(&word.to_be_bytes());
    }
    out.extend_from_slice(service_type);
    out.extend_from_slice(&[0, codes[0], codes[1]]);
    out.extend_from_slice(source);
    out.extend_from_slice(&[0, codes[2], codes[3]]);
    out.extend_from_slice(destination);
    out.extend_from_slice(&[0, codes[4], codes[5], codes[6]]);
    out.extend_from_slice(schedule);
    out.push(0);
    out.extend_from_slice(validity);
    out.extend_from_slice(&[0, codes[7], codes[8], codes[9], codes[10], codes[11]]);
    out.extend_from_slice(message.short_message);
    out.extend_from_slice(message.tlvs);
    let length = (out.len() - start) as u32;
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
}
