//! A run as a whole: bind, send, sum up.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use smpp_tokio::BindMode;
use smpp_wire::CommandStatus;
use tokio::task::JoinSet;

use super::{
    BadShape, LimitedBy, LoadSettings, Progress, Quantiles, Receipts, Summary,
    bind::Loader,
    cpu,
    gather::Gather,
    limit::Evidence,
    pace::Pace,
    progress::{histogram, lock},
    shape::Shape,
};
use crate::{
    esme::{Endpoint, NotBound},
    status,
};

/// A run that goes on.
#[derive(Debug)]
pub struct Load {
    settings: LoadSettings,
    progress: Arc<Progress>,
    loaders: JoinSet<(Gather, Option<smpp_tokio::Ended>)>,
    cpu_before: Duration,
}

/// Why a run did not begin. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum NotRun {
    #[error(transparent)]
    Shape(#[from] BadShape),
    #[error(transparent)]
    NotBound(#[from] NotBound),
    #[error("{0} must be more than 0")]
    Zero(&'static str),
}

impl Load {
    /// Binds, and begins to send once all binds stand.
    ///
    /// # Errors
    ///
    /// Nothing was sent: see [`NotRun`].
    pub async fn start(settings: LoadSettings) -> Result<Self, NotRun> {
        let zero = [
            ("binds", settings.binds == 0),
            ("window", settings.window == 0),
            ("rate", settings.rate.is_some_and(|rate| rate <= 0.0 || !rate.is_finite())),
        ];
        if let Some((name, _)) = zero.into_iter().find(|(_, zero)| *zero) {
            return Err(NotRun::Zero(name));
        }
        let shape = Shape::new(&settings)?;
        let endpoint = Endpoint {
            server: settings.server.clone(),
            tls: settings.tls.clone(),
            interface_version: settings.interface_version,
            system_id: settings.system_id.clone(),
            password: settings.password.clone(),
            mode: BindMode::Transceiver,
            window: settings.window,
            response_timeout: settings.response_timeout,
        };
        let mut conns = Vec::with_capacity(settings.binds);
        for _ in 0..settings.binds {
            conns.push(endpoint.bind().await?);
        }
        let progress = Arc::new(Progress::new(settings.binds));
        let cpu_before = cpu::used();
        let end_us = settings.duration.map(|time| u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
        let loaders = conns.into_iter().enumerate().map(|(bind, conn)| Loader {
            conn,
            shape: shape.clone(),
            pace: Pace::new(settings.rate, bind, settings.binds),
            gather: Gather::new(Arc::clone(&progress), settings.receipts),
            progress: Arc::clone(&progress),
            share: settings.share(bind),
            end_us,
            receipt_wait: settings.receipt_wait,
            first: settings.seed.wrapping_mul(SEED_STRIDE).wrapping_add(bind as u64),
            stride: settings.binds as u64,
        });
        let loaders = loaders.map(Loader::run).collect();
        Ok(Self { settings, progress, loaders, cpu_before })
    }

    /// The live counts; also the way to stop early.
    pub fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }

    /// Waits until everything is sent, answered and accounted for.
    pub async fn finish(self) -> Summary {
        let outcomes = self.loaders.join_all().await;
        let cpu = cpu::used().saturating_sub(self.cpu_before);
        let (gathers, ended): (Vec<_>, Vec<_>) = outcomes.into_iter().unzip();
        let ended_early = ended.into_iter().flatten().map(|ended| ended.to_string()).collect();
        sum_up(&self.settings, &self.progress, &gathers, ended_early, cpu)
    }
}

/// A prime, so that runs with different seeds begin at numbers far apart.
const SEED_STRIDE: u64 = 1_000_003;

fn sum_up(
    settings: &LoadSettings,
    progress: &Progress,
    gathers: &[Gather],
    ended_early: Vec<String>,
    cpu: Duration,
) -> Summary {
    let sum = |count: fn(&Gather) -> u64| gathers.iter().map(count).sum::<u64>();
    let refused_by = refused_by(gathers);
    let (ok, refused) = (sum(|g| g.ok), refused_by.values().sum::<u64>());
    let last_us = gathers.iter().map(|g| g.last_answer_us).max().unwrap_or(0);
    // A run without an answer lasted as long as it was waited for.
    let seconds = if last_us > 0 { last_us } else { progress.now_us() } as f64 / 1e6;
    let per_second = (ok + refused) as f64 / seconds.max(1e-6);
    let answer_ms = Quantiles::of(&lock(&progress.answer_us));
    let cores = cpu.as_secs_f64() / progress.started.elapsed().as_secs_f64().max(1e-6);
    let worst = refused_by.iter().max_by_key(|(_, count)| **count);
    let limited_by = LimitedBy::judge(Evidence {
        binds: settings.binds,
        window: settings.window,
        window_used_max: gathers.iter().map(|g| g.window_used_max).sum(),
        rate: settings.rate,
        per_second,
        ok_per_second: ok as f64 / seconds.max(1e-6),
        refusal: worst.map(|(name, count)| (name.clone(), *count as f64 / (ok + refused).max(1) as f64)),
        answer_ms: answer_ms.p50,
        cores,
    });
    Summary {
        server: settings.server.clone(),
        binds: settings.binds,
        window: settings.window,
        rate: settings.rate,
        seed: settings.seed,
        seconds,
        sent: sum(|g| g.sent),
        answered: ok + refused,
        per_second,
        ok,
        refused_by,
        unanswered: sum(|g| g.unanswered),
        receipts: settings.receipts.then(|| receipts(progress, gathers)),
        answer_ms,
        late: sum(|g| g.late),
        limited_by,
        cpu_seconds: cpu.as_secs_f64(),
        cores,
        ended_early,
        again: settings.command(),
    }
}

fn refused_by(gathers: &[Gather]) -> BTreeMap<String, u64> {
    let mut by_name = BTreeMap::new();
    for (status, count) in gathers.iter().flat_map(|g| &g.refused) {
        *by_name.entry(status::name(CommandStatus(*status))).or_default() += count;
    }
    by_name
}

fn receipts(progress: &Progress, gathers: &[Gather]) -> Receipts {
    let ledger = lock(&progress.ledger);
    let mut by_state = BTreeMap::new();
    let mut after_us = histogram();
    for gather in gathers {
        // All histograms have the same bounds, so that they add.
        let _ = after_us.add(&gather.receipt_us);
        for (state, count) in &gather.by_state {
            *by_state.entry(state.clone()).or_default() += count;
        }
    }
    Receipts {
        matched: ledger.matched(),
        missing: ledger.awaited(),
        unexpected: ledger.unexpected(),
        by_state,
        after_ms: Quantiles::of(&after_us),
    }
}
