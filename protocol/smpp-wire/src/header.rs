//! The sixteen octets every PDU begins with.

use crate::ids::{CommandId, CommandStatus};

/// The header of a PDU (SMPP 5.0 §3.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Header {
    /// Octets of the whole PDU, this field included.
    pub command_length: u32,
    pub command_id: CommandId,
    /// How the request fared; 0 in a request.
    pub command_status: CommandStatus,
    /// Chosen by the requester from 1 to 0x7FFFFFFF, echoed by the response.
    pub sequence_number: u32,
}

impl Header {
    /// Octets of a header.
    pub const LEN: usize = 16;

    #[inline]
    pub fn read(octets: &[u8; Self::LEN]) -> Self {
        let (words, _) = octets.as_chunks::<4>();
        let word = |at: usize| u32::from_be_bytes(words[at]);
        Self {
            command_length: word(0),
            command_id: CommandId(word(1)),
            command_status: CommandStatus(word(2)),
            sequence_number: word(3),
        }
    }

    #[inline]
    pub fn to_octets(self) -> [u8; Self::LEN] {
        let mut octets = [0; Self::LEN];
        octets[..4].copy_from_slice(&self.command_length.to_be_bytes());
        octets[4..8].copy_from_slice(&self.command_id.0.to_be_bytes());
        octets[8..12].copy_from_slice(&self.command_status.0.to_be_bytes());
        octets[12..].copy_from_slice(&self.sequence_number.to_be_bytes());
        octets
    }
}
