//! deliver_sm to an ESME: a message from a handset.

use chappe_core::Message;
use smpp_wire::{DataCoding, DeliverSm, EsmClass, RegisteredDelivery};

use super::address;
use super::scratch::Scratch;
use super::submit::text_and_tlvs;

/// SME acknowledgements; receipts are the centre's matter.
const ACKNOWLEDGEMENTS: u8 = 0x0C;
/// Messaging mode: has no meaning towards an ESME (SMPP 5.0 §4.7.12).
const MODE: u8 = 0x03;

/// The message as its receiver gets it; `None` where the text needs a `message_payload` and the receiver knows no TLVs.
pub(crate) fn deliver_sm<'a>(
    message: &Message<'a>,
    has_tlvs: bool,
    scratch: &'a mut Scratch,
) -> Option<DeliverSm<'a>> {
    let (short_message, tlvs) = text_and_tlvs(message, has_tlvs, &mut scratch.tlvs)?;
    Some(DeliverSm {
        service_type: message.service_type,
        source: address::to_wire(message.source),
        destination: address::to_wire(message.destination),
        esm_class: EsmClass(message.esm_class & !MODE),
        protocol_id: message.protocol_id,
        priority_flag: message.priority,
        registered_delivery: RegisteredDelivery(message.registered_delivery & ACKNOWLEDGEMENTS),
        data_coding: DataCoding(message.data_coding),
        short_message,
        tlvs,
        ..DeliverSm::default()
    })
}
