//! One PDU: read generously, written back as it was.

use smpp_wire::{COMMANDS, CommandId, CommandStatus, Pdu, Warnings, write_header};

use crate::bytes::Bytes;

/// Reads `octets` as the body of a command that the first of them chooses.
pub fn pdu(octets: &[u8]) {
    let mut bytes = Bytes::new(octets);
    let command = &COMMANDS[usize::from(bytes.octet()) % COMMANDS.len()];
    let body = bytes.rest();
    let Ok((pdu, warnings)) = Pdu::read(command.id, body) else {
        return;
    };
    let _ = format!("{pdu:?} {warnings}");
    let _ = (command.id, body, CommandStatus::OK, Warnings::NONE, CommandId::UNBIND);
    let _ = write_header;
}
