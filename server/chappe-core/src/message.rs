//! A message, as a view over the octets of its record.

use std::ops::Range;

use crate::address::Address;
use crate::time::Timestamp;

/// How urgent: an OTP never waits behind a campaign.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[repr(u8)]
pub enum Class {
    Otp = 0,
    #[default]
    Transactional = 1,
    Bulk = 2,
}

impl Class {
    /// All classes, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Otp, Self::Transactional, Self::Bulk];

    /// The class of this number in a record; an unknown number is the least urgent.
    pub fn from_u8(number: u8) -> Self {
        match number {
            0 => Self::Otp,
            1 => Self::Transactional,
            _ => Self::Bulk,
        }
    }

    /// As printed and configured.
    pub fn name(self) -> &'static str {
        match self {
            Self::Otp => "otp",
            Self::Transactional => "transactional",
            Self::Bulk => "bulk",
        }
    }
}

/// A short message on its way: what its sender said, nothing of what became of it.
///
/// A view that borrows. The owned form is the encoded one ([`Message::write`]), which the store keeps and from which
/// each attempt reads it again ([`Message::read`]).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Message<'a> {
    pub source: Address<'a>,
    pub destination: Address<'a>,
    /// At most 255 octets; 5 by the specification.
    pub service_type: &'a [u8],
    pub esm_class: u8,
    pub protocol_id: u8,
    pub priority: u8,
    /// What the sender wants to hear (SMPP 5.0 §4.7.21).
    pub registered_delivery: u8,
    pub data_coding: u8,
    /// No attempt begins after this; [`Timestamp::ZERO`] if the sender gave none.
    pub valid_until: Timestamp,
    /// Text with its user data header, if any.
    pub user_data: &'a [u8],
    /// The TLVs as they came, in wire form.
    pub tlvs: &'a [u8],
}

/// The octets are not an encoded message.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the record of the message ends inside {field}")]
pub struct Malformed {
    pub field: &'static str,
}

const FIXED: usize = 4 + 5 + 8;

impl<'a> Message<'a> {
    /// Appends the encoded form: fixed octets, then each variable field with its length before it.
    pub fn write(&self, out: &mut Vec<u8>) {
        let Self {
            source,
            destination,
            service_type,
            esm_class,
            protocol_id,
            priority,
            registered_delivery,
            data_coding,
            valid_until,
            user_data,
            tlvs,
        } = self;
        out.extend_from_slice(&[source.ton, source.npi, destination.ton, destination.npi]);
        out.extend_from_slice(&[*esm_class, *protocol_id, *priority, *registered_delivery, *data_coding]);
        out.extend_from_slice(&valid_until.0.to_le_bytes());
        write_short(out, source.digits);
        write_short(out, destination.digits);
        write_short(out, service_type);
        write_long(out, user_data);
        write_long(out, tlvs);
    }

    /// What the sender of an encoded message wants to hear, without reading the rest.
    pub fn registered_delivery_of(octets: &[u8]) -> u8 {
        octets.get(7).copied().unwrap_or(0)
    }

    /// Until when an encoded message is valid, without reading the rest; [`Timestamp::ZERO`] for ever.
    pub fn valid_until_of(octets: &[u8]) -> Timestamp {
        let octets = octets.get(9..17).and_then(|octets| octets.try_into().ok());
        Timestamp(octets.map_or(0, u64::from_le_bytes))
    }

    /// Reads the encoded form.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when the octets end early; a store that checks its sums never sees it.
    pub fn read(octets: &'a [u8]) -> Result<Self, Malformed> {
        let Some((fixed, rest)) = octets.split_at_checked(FIXED) else {
            return Err(Malformed { field: "fixed fields" });
        };
        let mut valid_until = [0; 8];
        valid_until.copy_from_slice(&fixed[9..17]);
        let (source, rest) = read_short(rest, "source")?;
        let (destination, rest) = read_short(rest, "destination")?;
        let (service_type, rest) = read_short(rest, "service_type")?;
        let (user_data, rest) = read_long(rest, "user_data")?;
        let (tlvs, _) = read_long(rest, "tlvs")?;
        Ok(Self {
            source: Address { ton: fixed[0], npi: fixed[1], digits: source },
            destination: Address { ton: fixed[2], npi: fixed[3], digits: destination },
            service_type,
            esm_class: fixed[4],
            protocol_id: fixed[5],
            priority: fixed[6],
            registered_delivery: fixed[7],
            data_coding: fixed[8],
            valid_until: Timestamp(u64::from_le_bytes(valid_until)),
            user_data,
            tlvs,
        })
    }

    /// Where in an encoded message its user data and its TLVs stand: what a store seals.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn texts_in(octets: &[u8]) -> Result<[Range<usize>; 2], Malformed> {
        let Message { source, destination, service_type, user_data, tlvs, .. } = Message::read(octets)?;
        let short = source.digits.len() + destination.digits.len() + service_type.len();
        let start = FIXED + 3 + short + 4;
        let end = start + user_data.len();
        Ok([start..end, end + 4..end + 4 + tlvs.len()])
    }
}

/// Longer than 255 octets cannot come: admission refuses it (`Reason::InvalidDestination` and its kin).
fn write_short(out: &mut Vec<u8>, octets: &[u8]) {
    let octets = &octets[..octets.len().min(255)];
    out.push(u8::try_from(octets.len()).unwrap_or(u8::MAX));
    out.extend_from_slice(octets);
}

fn write_long(out: &mut Vec<u8>, octets: &[u8]) {
    out.extend_from_slice(&u32::try_from(octets.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(octets);
}

fn read_short<'a>(octets: &'a [u8], field: &'static str) -> Result<(&'a [u8], &'a [u8]), Malformed> {
    let (&length, rest) = octets.split_first().ok_or(Malformed { field })?;
    rest.split_at_checked(usize::from(length)).ok_or(Malformed { field })
}

fn read_long<'a>(octets: &'a [u8], field: &'static str) -> Result<(&'a [u8], &'a [u8]), Malformed> {
    let (length, rest) = octets.split_first_chunk::<4>().ok_or(Malformed { field })?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| Malformed { field })?;
    rest.split_at_checked(length).ok_or(Malformed { field })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reads_as_it_was_written() {
        let message = Message {
            source: Address { ton: 5, npi: 0, digits: b"ACME" },
            destination: Address { ton: 1, npi: 1, digits: b"385911234567" },
            service_type: b"OTP",
            registered_delivery: 1,
            valid_until: Timestamp(77),
            user_data: b"hello",
            tlvs: &[2, 4, 0, 2, 0, 42],
            ..Message::default()
        };
        let mut octets = Vec::new();
        message.write(&mut octets);
        assert_eq!(Message::read(&octets), Ok(message));
        assert_eq!(Message::registered_delivery_of(&octets), 1);
        assert_eq!(Message::valid_until_of(&octets), Timestamp(77));
        let [user_data, tlvs] = Message::texts_in(&octets).unwrap();
        assert_eq!((&octets[user_data], &octets[tlvs]), (message.user_data, message.tlvs));
        for end in 0..octets.len() {
            assert!(Message::read(&octets[..end]).is_err(), "cut at {end}");
        }
    }
}
