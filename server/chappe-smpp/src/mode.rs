//! How sessions are bound.

use chappe_core::LinkMode;
use smpp_wire::BindMode;

/// The mode as people read it.
pub(crate) fn mode_name(mode: BindMode) -> &'static str {
    match mode {
        BindMode::Transmitter => "transmitter",
        BindMode::Receiver => "receiver",
        BindMode::Transceiver => "transceiver",
    }
}

/// The sessions that make up one bind of a link.
pub(crate) fn sessions_of(mode: LinkMode) -> &'static [BindMode] {
    match mode {
        LinkMode::Transceiver => &[BindMode::Transceiver],
        LinkMode::Pair => &[BindMode::Transmitter, BindMode::Receiver],
        LinkMode::Transmitter => &[BindMode::Transmitter],
        LinkMode::Receiver => &[BindMode::Receiver],
    }
}

/// Whether messages are submitted in this mode.
pub(crate) fn submits(mode: BindMode) -> bool {
    matches!(mode, BindMode::Transmitter | BindMode::Transceiver)
}
