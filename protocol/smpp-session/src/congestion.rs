//! congestion_state: how busy each side says it is (SMPP 5.0 §2.9).

use smpp_wire::{CommandId, FrameRef, Tag};

/// The TLV: tag, length, value.
pub(crate) const OCTETS: usize = 5;
/// Congested; what is above it is reserved.
const MAX: u8 = 100;

/// What either side says of itself, in percent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Congestion {
    ours: Option<u8>,
    theirs: Option<u8>,
}

impl Congestion {
    pub(crate) fn say(&mut self, percent: Option<u8>) {
        self.ours = percent.map(|percent| percent.min(MAX));
    }

    pub(crate) fn heard(&self) -> Option<u8> {
        self.theirs
    }

    #[inline]
    pub(crate) fn is_said(&self) -> bool {
        self.ours.is_some()
    }

    /// The TLV to add to an answer, where it is said.
    pub(crate) fn tlv(&self) -> [u8; OCTETS] {
        let [t0, t1] = Tag::CONGESTION_STATE.0.to_be_bytes();
        [t0, t1, 0, 1, self.ours.unwrap_or_default()]
    }

    /// Takes note of what an answer of the peer says; a reserved value says nothing.
    pub(crate) fn hear(&mut self, answer: &FrameRef<'_>) {
        let tlv = answer.view().ok().and_then(|(pdu, _)| pdu.tlvs().get(Tag::CONGESTION_STATE));
        let percent = tlv.and_then(|tlv| u8::try_from(tlv.integer()?).ok());
        self.theirs = percent.filter(|percent| *percent <= MAX).or(self.theirs);
    }
}

/// Octets of the empty mandatory fields of a response, which TLVs follow; nothing where none are defined.
pub(crate) fn fields_before_tlvs(id: CommandId) -> Option<&'static [u8]> {
    match id {
        CommandId::GENERIC_NACK
        | CommandId::UNBIND_RESP
        | CommandId::ENQUIRE_LINK_RESP
        | CommandId::REPLACE_SM_RESP
        | CommandId::CANCEL_SM_RESP
        | CommandId::CANCEL_BROADCAST_SM_RESP => Some(&[]),
        CommandId::SUBMIT_MULTI_RESP => Some(&[0; 2]),
        CommandId::QUERY_SM_RESP => Some(&[0; 4]),
        // system_id or message_id alone.
        CommandId::BIND_RECEIVER_RESP
        | CommandId::BIND_TRANSMITTER_RESP
        | CommandId::BIND_TRANSCEIVER_RESP
        | CommandId::SUBMIT_SM_RESP
        | CommandId::DELIVER_SM_RESP
        | CommandId::DATA_SM_RESP
        | CommandId::BROADCAST_SM_RESP
        | CommandId::QUERY_BROADCAST_SM_RESP => Some(&[0]),
        _ => None,
    }
}
