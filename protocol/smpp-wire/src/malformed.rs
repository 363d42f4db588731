//! What no view can be read from.

use core::fmt;

use crate::ids::CommandStatus;

/// What is wrong with the body a peer sent.
///
/// A variant blames the bytes, never the reader. The frame was cut before, so the session goes on: answer
/// with [`status`](Self::status).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Malformed {
    /// `claimed` octets were announced for `field`, `left` remain.
    Overrun { field: &'static str, claimed: usize, left: usize },
    /// The body ended inside `field`.
    Truncated { field: &'static str },
    /// No NUL within the first `max` octets of `field`.
    Unterminated { field: &'static str, max: usize },
    /// What follows `field` depends on it, and `value` is not one it may have.
    InvalidValue { field: &'static str, value: u32 },
}

impl Malformed {
    /// The `command_status` to answer with (SMPP 5.0 §4.7.6); never `OK`.
    pub fn status(self) -> CommandStatus {
        match self {
            Self::Overrun { .. } => CommandStatus::INVALID_MESSAGE_LENGTH,
            Self::Truncated { .. } => CommandStatus::INVALID_COMMAND_LENGTH,
            Self::Unterminated { field, .. } | Self::InvalidValue { field, .. } => status_of_field(field),
        }
    }

    /// The field the body is wrong in, by the specification's name.
    pub fn field(self) -> &'static str {
        match self {
            Self::Overrun { field, .. }
            | Self::Truncated { field }
            | Self::Unterminated { field, .. }
            | Self::InvalidValue { field, .. } => field,
        }
    }
}

/// The status that blames one field.
fn status_of_field(field: &str) -> CommandStatus {
    match field {
        "system_id" => CommandStatus::INVALID_SYSTEM_ID,
        "password" => CommandStatus::INVALID_PASSWORD,
        "system_type" => CommandStatus::INVALID_SYSTEM_TYPE,
        "service_type" => CommandStatus::INVALID_SERVICE_TYPE,
        "source_addr" => CommandStatus::INVALID_SOURCE_ADDRESS,
        "destination_addr" => CommandStatus::INVALID_DESTINATION_ADDRESS,
        "schedule_delivery_time" => CommandStatus::INVALID_SCHEDULE,
        "validity_period" => CommandStatus::INVALID_EXPIRY,
        "message_id" => CommandStatus::INVALID_MESSAGE_ID,
        "dl_name" => CommandStatus::INVALID_LIST_NAME,
        "dest_flag" => CommandStatus::INVALID_DEST_FLAG,
        _ => CommandStatus::INVALID_COMMAND_LENGTH,
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overrun { field, claimed, left } => {
                write!(f, "{field} claims {claimed} octets, {left} remain")
            }
            Self::Truncated { field } => write!(f, "the body ends inside {field}"),
            Self::Unterminated { field, max } => write!(f, "{field} has no NUL within {max} octets"),
            Self::InvalidValue { field, value } => write!(f, "{field} cannot be {value}"),
        }
    }
}

impl core::error::Error for Malformed {}
