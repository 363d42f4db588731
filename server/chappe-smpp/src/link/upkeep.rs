//! Keeps one bind of a link up for as long as the link is wanted.

use chappe_core::Reason;
use chappe_exchange::Happening;
use smpp_session::{Backoff, Setback};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tracing::{info, warn};

use super::bind::Bind;
use super::connect::{Bound, NotBound, call_back, connect};
use super::session::Session;
use crate::callers::Call;
use crate::ended;
use crate::metrics::LinkStatusLabels;
use crate::mode::mode_name;
use crate::orders::Stage;

/// Binds, serves, and binds again, until told to leave.
pub(super) async fn keep_bound(bind: Bind, mut stage: watch::Receiver<Stage>) {
    let mut backoff = Backoff::new(bind.ground.settings.backoff, bind.seed());
    while *stage.borrow_and_update() == Stage::Open {
        let bound = tokio::select! {
            bound = connect(&bind) => bound,
            _ = left(&mut stage) => return,
        };
        let setback = match bound {
            Ok(bound) => {
                let since = Instant::now();
                let setback = serve(&bind, bound, &mut stage).await;
                // A carrier that lets us bind and drops us at once is tried less and less often, as one that refuses.
                if since.elapsed() >= bind.ground.settings.backoff.max {
                    backoff.succeeded();
                }
                setback
            }
            Err(why) => not_bound(&bind, &why),
        };
        if *stage.borrow() != Stage::Open {
            return;
        }
        let pause = backoff.next(setback);
        info!(link = bind.name(), bind = bind.number, ?pause, "the link is tried again after a pause");
        tokio::select! {
            () = sleep(pause) => {}
            _ = left(&mut stage) => return,
        }
    }
}

/// Binds to a carrier that called, and serves until that session ends.
pub(super) async fn answer_call(bind: Bind, call: Call, mut stage: watch::Receiver<Stage>) {
    let bound = tokio::select! {
        bound = call_back(&bind, call) => bound,
        _ = left(&mut stage) => return,
    };
    match bound {
        Ok(bound) => {
            serve(&bind, bound, &mut stage).await;
        }
        Err(why) => {
            not_bound(&bind, &why);
        }
    }
}

async fn serve(bind: &Bind, bound: Bound, stage: &mut watch::Receiver<Stage>) -> Setback {
    let (peer, version) = (bound.peer, bound.version);
    info!(link = bind.name(), bind = bind.number, %peer, version = format_args!("{:#x}", version.0), "bound");
    bind.tell(|name| Happening::Bound {
        name,
        mode: mode_name(bind.mode),
        version: version.0,
        peer: peer.to_string(),
    });
    let ended = Session::new(bind, bound).run(stage).await;
    ended::count(&bind.ground.metrics, "carrier", ended);
    bind.tell(|name| Happening::Unbound { name, peer: peer.to_string() });
    if *stage.borrow() == Stage::Open {
        warn!(link = bind.name(), bind = bind.number, %peer, %ended, "the link is lost");
        bind.reports.trouble(format!("lost: {ended}"));
    }
    Setback::Lost
}

fn not_bound(bind: &Bind, why: &NotBound) -> Setback {
    warn!(link = bind.name(), bind = bind.number, address = bind.link.link.address, %why, "not bound");
    bind.reports.trouble(why.to_string());
    if let NotBound::Refused(status) = why {
        let (link, status_name) = (bind.name().to_owned(), status.name().unwrap_or("other"));
        let labels = LinkStatusLabels { link, status: status_name };
        bind.ground.metrics.link_bind_refusals.get_or_create(&labels).inc();
        let reason = match status.0 {
            0x0E => Reason::WrongPassword,
            0x0F => Reason::UnknownSystemId,
            _ => Reason::CarrierRefused,
        };
        let peer = bind.link.link.address.clone();
        bind.tell(|name| Happening::BindRefused { name, peer, reason });
    }
    why.setback()
}

/// Resolves when the link is not wanted any more.
async fn left(stage: &mut watch::Receiver<Stage>) {
    // An error means that nobody is left who could want it.
    let _ = stage.wait_for(|stage| *stage != Stage::Open).await;
}
