//! One bind of a link.

use std::sync::Arc;

use chappe_exchange::{Happening, Reports};
use smpp_wire::BindMode;

use super::carrier::Carrier;
use super::ground::Ground;
use crate::settings::LinkSettings;

/// What one bind works with.
#[derive(Clone, Debug)]
pub(super) struct Bind {
    pub(super) ground: Arc<Ground>,
    pub(super) link: Arc<LinkSettings>,
    pub(super) carrier: Arc<Carrier>,
    pub(super) reports: Reports,
    /// Which of the link's sessions it is, from 0.
    pub(super) number: usize,
    pub(super) mode: BindMode,
}

impl Bind {
    pub(super) fn name(&self) -> &str {
        &self.link.link.name
    }

    /// Tells those who watch.
    pub(super) fn tell(&self, happening: impl FnOnce(String) -> Happening) {
        if self.ground.exchange.is_watched() {
            self.ground.exchange.tell(happening(self.name().to_owned()));
        }
    }

    /// Each bind spreads its pauses in its own way.
    pub(super) fn seed(&self) -> u64 {
        let own = u64::from(self.link.id.0) << 16 | self.number as u64;
        self.ground.settings.seed ^ own.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}
