//! A link as the operator wants it: its binds are started, stopped, and started anew when it changes.

use std::sync::Arc;

use chappe_exchange::Link;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tracing::debug;

use super::bind::Bind;
use super::carrier::Carrier;
use super::ground::Ground;
use super::upkeep::keep_bound;
use crate::orders::Stage;
use crate::settings::LinkSettings;

/// How a link shall be.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) settings: Arc<LinkSettings>,
    pub(crate) stage: Stage,
}

/// Keeps a link until it is not wanted any more. `_alive` is held until all its sessions have ended.
pub(crate) async fn keep(ground: Arc<Ground>, mut wanted: watch::Receiver<Wanted>, _alive: mpsc::Sender<()>) {
    loop {
        let Wanted { settings, stage } = wanted.borrow_and_update().clone();
        if stage != Stage::Open || wanted.has_changed().is_err() {
            return;
        }
        debug!(link = settings.link.name, "the link begins");
        open(&ground, &settings, &mut wanted).await;
    }
}

/// Runs the binds of one version of the settings, until it is no longer the wanted one.
async fn open(ground: &Arc<Ground>, settings: &Arc<LinkSettings>, wanted: &mut watch::Receiver<Wanted>) {
    let carrier = Arc::new(Carrier::default());
    let reports = ground.exchange.attach_link(settings.id, Arc::clone(&carrier) as Arc<dyn Link>);
    carrier.back.attach(reports.clone());
    let (orders, stage) = watch::channel(Stage::Open);
    let mut binds = JoinSet::new();
    for number in 0..settings.link.binds {
        let bind = Bind {
            ground: Arc::clone(ground),
            link: Arc::clone(settings),
            carrier: Arc::clone(&carrier),
            reports: reports.clone(),
            number,
        };
        binds.spawn(keep_bound(bind, stage.clone()));
    }
    drop(reports);
    loop {
        let forgotten = wanted.has_changed().is_err() && *orders.borrow() != Stage::Open;
        tokio::select! {
            ended = binds.join_next() => if ended.is_none() { break },
            stage = next_stage(settings, wanted), if !forgotten => {
                // Binds that leave do not turn back: what is wanted by then begins when they are gone.
                orders.send_if_modified(|now| stage > *now && std::mem::replace(now, stage) != stage);
                if stage == Stage::Closed {
                    while binds.join_next().await.is_some() {}
                    break;
                }
            }
        }
    }
    carrier.back.detach();
}

/// Waits for another wish, and what it means to the binds that run. Nobody left to wish anything means to leave.
async fn next_stage(settings: &LinkSettings, wanted: &mut watch::Receiver<Wanted>) -> Stage {
    if wanted.changed().await.is_err() {
        return Stage::Leaving;
    }
    let wanted = wanted.borrow();
    match wanted.stage {
        Stage::Open if wanted.settings.differs(settings) => Stage::Leaving,
        stage => stage,
    }
}
