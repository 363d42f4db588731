//! deliver_sm to an ESME: a message from a handset.

use chappe_core::{Alphabet, Message, alphabet};
use smpp_wire::{DataCoding, DeliverSm, EsmClass, InterfaceVersion, RegisteredDelivery};

use super::address;
use super::scratch::Scratch;
use super::submit::text_and_tlvs;

/// SME acknowledgements; receipts are the centre's matter.
const ACKNOWLEDGEMENTS: u8 = 0x0C;
/// Messaging mode: has no meaning towards an ESME (SMPP 5.0 §4.7.12).
const MODE: u8 = 0x03;

/// The message as its receiver gets it, who means `alphabet` by `data_coding` 0; `None` where the text needs a `message_payload` and the receiver knows no TLVs.
pub(crate) fn deliver_sm<'a>(
    message: &Message<'a>,
    version: InterfaceVersion,
    alphabet: Alphabet,
    scratch: &'a mut Scratch,
) -> Option<DeliverSm<'a>> {
    let Scratch { tlvs, text, .. } = scratch;
    let message = alphabet::outward(message, alphabet, text);
    let (short_message, tlvs) = text_and_tlvs(&message, version, tlvs)?;
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
