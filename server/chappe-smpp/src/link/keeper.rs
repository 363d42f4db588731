//! A link as the operator wants it: its binds are started, stopped, and started anew when it changes.

use std::future::pending;
use std::sync::Arc;

use chappe_core::LinkMode;
use chappe_exchange::Link;
use smpp_wire::BindMode;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tracing::debug;

use super::bind::Bind;
use super::carrier::Carrier;
use super::ground::Ground;
use super::upkeep::{answer_call, keep_bound};
use crate::callers::Call;
use crate::mode::sessions_of;
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
    let bind = |number, mode| Bind {
        ground: Arc::clone(ground),
        link: Arc::clone(settings),
        carrier: Arc::clone(&carrier),
        reports: reports.clone(),
        number,
        mode,
    };
    let mut binds = JoinSet::new();
    for (number, mode) in called(&settings.link).enumerate() {
        binds.spawn(keep_bound(bind(number, mode), stage.clone()));
    }
    let (mut number, most) = (binds.len(), binds.len() + settings.link.binds);
    let mut calls = settings.outbind.as_ref().map(|outbind| ground.callers.expect(settings.id, outbind));
    while *orders.borrow() == Stage::Open || !binds.is_empty() {
        let forgotten = wanted.has_changed().is_err() && *orders.borrow() != Stage::Open;
        tokio::select! {
            _ = binds.join_next(), if !binds.is_empty() => {}
            Some(call) = next_call(&mut calls), if binds.len() < most => {
                number += 1;
                binds.spawn(answer_call(bind(number, mode_of_calls(&settings.link)), call, stage.clone()));
            }
            stage = next_stage(settings, wanted), if !forgotten => {
                if stage != Stage::Open {
                    ground.callers.forget(settings.id);
                }
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

/// The sessions that we call the carrier for.
fn called(link: &chappe_core::Link) -> impl Iterator<Item = BindMode> + use<> {
    let binds = if link.address.is_empty() { 0 } else { link.binds };
    let modes = sessions_of(link.mode);
    (0..binds).flat_map(move |_| modes).copied()
}

/// A carrier that calls is bound to as a receiver (SMPP 3.4 §4.1.7), unless there is no other way to submit to it.
fn mode_of_calls(link: &chappe_core::Link) -> BindMode {
    match link.mode {
        LinkMode::Transceiver if link.address.is_empty() => BindMode::Transceiver,
        _ => BindMode::Receiver,
    }
}

async fn next_call(calls: &mut Option<mpsc::Receiver<Call>>) -> Option<Call> {
    match calls {
        Some(calls) => calls.recv().await,
        None => pending().await,
    }
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
