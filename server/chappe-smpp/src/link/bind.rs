//! One bind of a link: kept up for as long as the link is wanted.

use std::sync::Arc;

use chappe_core::Reason;
use chappe_exchange::{Happening, Reports};
use smpp_session::{Backoff, Setback};
use tokio::sync::watch;
use tokio::time::sleep;
use tracing::{info, warn};

use super::carrier::Carrier;
use super::connect::{Bound, NotBound, bind};
use super::ground::Ground;
use super::session::Session;
use crate::ended;
use crate::metrics::LinkStatusLabels;
use crate::orders::Stage;
use crate::settings::LinkSettings;

/// What one bind works with.
#[derive(Clone, Debug)]
pub(super) struct Bind {
    pub(super) ground: Arc<Ground>,
    pub(super) link: Arc<LinkSettings>,
    pub(super) carrier: Arc<Carrier>,
    pub(super) reports: Reports,
    /// Which of the link's binds it is, from 0.
    pub(super) number: usize,
}

impl Bind {
    /// Binds, serves, and binds again, until told to leave.
    pub(super) async fn keep(self, mut stage: watch::Receiver<Stage>) {
        let mut backoff = Backoff::new(self.ground.settings.backoff, self.seed());
        while *stage.borrow_and_update() == Stage::Open {
            let bound = tokio::select! {
                bound = bind(&self.link, &self.ground.settings) => bound,
                _ = left(&mut stage) => return,
            };
            let setback = match bound {
                Ok(bound) => {
                    backoff.succeeded();
                    self.serve(bound, &mut stage).await
                }
                Err(why) => self.not_bound(&why),
            };
            if *stage.borrow() != Stage::Open {
                return;
            }
            let pause = backoff.next(setback);
            info!(
                link = self.name(),
                bind = self.number,
                ?pause,
                "the link is tried again after a pause"
            );
            tokio::select! {
                () = sleep(pause) => {}
                _ = left(&mut stage) => return,
            }
        }
    }

    async fn serve(&self, bound: Bound, stage: &mut watch::Receiver<Stage>) -> Setback {
        let (peer, version) = (bound.peer, bound.version);
        info!(link = self.name(), bind = self.number, %peer, version = format_args!("{:#x}", version.0), "bound");
        self.tell(|name| Happening::Bound {
            name,
            mode: "transceiver",
            version: version.0,
            peer: peer.to_string(),
        });
        let ended = Session::new(self, bound).run(stage).await;
        ended::count(&self.ground.metrics, "carrier", ended);
        self.tell(|name| Happening::Unbound {
            name,
            peer: peer.to_string(),
        });
        if *stage.borrow() == Stage::Open {
            warn!(link = self.name(), bind = self.number, %peer, %ended, "the link is lost");
            self.reports.trouble(format!("lost: {ended}"));
        }
        Setback::Lost
    }

    fn not_bound(&self, why: &NotBound) -> Setback {
        warn!(link = self.name(), bind = self.number, address = self.link.link.address, %why, "not bound");
        self.reports.trouble(why.to_string());
        if let NotBound::Refused(status) = why {
            let (link, status_name) = (self.name().to_owned(), status.name().unwrap_or("other"));
            let labels = LinkStatusLabels {
                link,
                status: status_name,
            };
            self.ground
                .metrics
                .link_bind_refusals
                .get_or_create(&labels)
                .inc();
            let reason = match status.0 {
                0x0E => Reason::WrongPassword,
                0x0F => Reason::UnknownSystemId,
                _ => Reason::CarrierRefused,
            };
            let peer = self.link.link.address.clone();
            self.tell(|name| Happening::BindRefused { name, peer, reason });
        }
        why.setback()
    }

    pub(super) fn name(&self) -> &str {
        &self.link.link.name
    }

    fn tell(&self, happening: impl FnOnce(String) -> Happening) {
        if self.ground.exchange.is_watched() {
            self.ground.exchange.tell(happening(self.name().to_owned()));
        }
    }

    /// Each bind spreads its pauses in its own way.
    fn seed(&self) -> u64 {
        let own = u64::from(self.link.id.0) << 16 | self.number as u64;
        self.ground.settings.seed ^ own.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

/// Resolves when the link is not wanted any more.
async fn left(stage: &mut watch::Receiver<Stage>) {
    // An error means that nobody is left who could want it.
    let _ = stage.wait_for(|stage| *stage != Stage::Open).await;
}
