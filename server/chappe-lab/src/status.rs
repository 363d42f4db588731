//! How a `command_status` is named to people.

use smpp_wire::CommandStatus;

/// The specification's name and the number: `ESME_RTHROTTLED 0x58`; the number alone where there is none.
pub fn name(status: CommandStatus) -> String {
    match status.name() {
        Some(name) => format!("{name} 0x{:02X}", status.0),
        None => format!("0x{:02X}", status.0),
    }
}
