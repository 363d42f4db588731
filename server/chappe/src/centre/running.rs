//! Starts a centre, and stops it.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chappe_exchange::{Exchange, Handsets};
use chappe_http::{About, Centre, Gauges};
use chappe_smpp::Doors;
use chappe_store::{Limits, StoreError};
use chappe_store_local::{LocalStore, OpenError};
use jiff::Timestamp;
use prometheus_client::registry::Registry;
use smpp_tokio::{BadTlsFile, ServerTls};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::care;
use super::files::{self, Files};
use super::numbered::{Numbered, numbered};
use super::reload::Reloading;
use crate::config::{self, Config};

/// What to start.
pub(crate) struct Setup {
    pub(crate) config: Config,
    /// Where the configuration is read again; `None` where there is no file.
    pub(crate) reload_from: Option<PathBuf>,
    /// The phones of the simulated carrier, where there is one.
    pub(crate) handsets: Option<Arc<dyn Handsets>>,
}

/// Why a centre did not start. Nothing is left behind.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotStarted {
    #[error(transparent)]
    Store(#[from] OpenError),
    #[error(transparent)]
    Names(#[from] StoreError),
    /// The error names the address.
    #[error("{0}")]
    Smpp(io::Error),
    #[error(transparent)]
    Tls(#[from] BadTlsFile),
    #[error("{address}: {error}")]
    Http { address: SocketAddr, error: io::Error },
    #[error("{}: {error}", path.display())]
    Files { path: PathBuf, error: io::Error },
}

/// Where external systems can bind.
#[derive(Clone, Debug)]
pub(crate) struct Listening {
    pub(crate) plain: Vec<SocketAddr>,
    pub(crate) tls: Vec<SocketAddr>,
    unix: Option<PathBuf>,
}

impl Listening {
    fn of(doors: &Doors, smpp: &config::Smpp) -> Self {
        let (plain, tls) = (doors.local_addrs().to_vec(), doors.tls_addrs().to_vec());
        Self { plain, tls, unix: smpp.unix.clone() }
    }

    /// The Unix socket as `--server` takes it.
    pub(crate) fn unix(&self) -> Option<String> {
        self.unix.as_ref().map(|path| format!("unix:{}", path.display()))
    }
}

/// A centre that runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) exchange: Arc<Exchange>,
    /// Where external systems bind, as it turned out.
    pub(crate) smpp: Listening,
    pub(crate) http: SocketAddr,
    pub(crate) reloading: Option<Arc<Reloading>>,
    /// What a stop leaves for open requests.
    pub(crate) drain: Duration,
    doors: Arc<Mutex<Option<Doors>>>,
    stop: watch::Sender<bool>,
    http_doors: Vec<JoinHandle<()>>,
    files: Files,
}

impl Running {
    /// Opens the store, recovers what it holds, and lets everyone in.
    ///
    /// # Errors
    ///
    /// [`NotStarted`].
    pub(crate) async fn start(setup: Setup) -> Result<Self, NotStarted> {
        let Setup { config, reload_from, handsets } = setup;
        let data = config.store.path.clone();
        let at_data = |error| NotStarted::Files { path: data.clone(), error };
        let store = open(&config)?;
        let Numbered { policy, access, links } = numbered(&config, store.as_ref(), 1)?;
        let http_listener = listen(config.http.listen).await?;
        let (backups, erase) = (care::backups(&store), care::erasures(&store));
        let exchange = Exchange::start(store, policy, flow_settings(&config.queue));
        let doors = Doors::start(Arc::clone(&exchange), smpp_settings(&config.smpp)?, access, links);
        let doors = doors.await.map_err(NotStarted::Smpp)?;
        let smpp = Listening::of(&doors, &config.smpp);
        let http = http_listener.local_addr().map_err(at_data)?;
        let control_listener = files::socket(&data).map_err(at_data)?;
        let files = files::tell(&data, &first(&smpp.plain), &http.to_string()).map_err(at_data)?;

        let registry = registry(&exchange, &doors);
        let drain = config.smpp.timers.drain;
        let doors = Arc::new(Mutex::new(Some(doors)));
        let reloading = reload_from
            .map(|path| Arc::new(Reloading::new(path, Arc::clone(&exchange), Arc::clone(&doors), config)));
        let centre = Centre {
            exchange: Arc::clone(&exchange),
            about: about(&smpp, http, &data),
            reload: reloading.clone().map(|reloading| {
                let reload: Box<chappe_http::Reload> = Box::new(move || reloading.reload());
                reload
            }),
            backups: Some(backups),
            erase: Some(erase),
            handsets,
        };
        let stop = watch::Sender::new(false);
        let http_doors = vec![
            control(control_listener, centre, &stop),
            public(http_listener, Arc::clone(&exchange), registry, &stop),
        ];
        Ok(Self { exchange, smpp, http, reloading, drain, doors, stop, http_doors, files })
    }

    /// Lets nobody in any more, unbinds everyone, waits at most [`drain`](Self::drain) for what is open, and closes the
    /// store.
    pub(crate) async fn stop(self) {
        let Self { exchange, drain, doors, stop, http_doors, files, .. } = self;
        let until = tokio::time::Instant::now() + drain;
        let taken = doors.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(doors) = taken {
            doors.stop(drain).await;
        }
        let left = until.saturating_duration_since(tokio::time::Instant::now());
        exchange.stop(left).await;
        stop.send_replace(true);
        for door in http_doors {
            // A caller that holds its connection open must not hold the stop.
            let _ = tokio::time::timeout(HTTP_DRAIN, door).await;
        }
        drop(files);
    }
}

/// What open HTTP requests may take at a stop.
const HTTP_DRAIN: Duration = Duration::from_millis(500);

fn open(config: &Config) -> Result<Arc<LocalStore>, OpenError> {
    let (store, queue) = (&config.store, &config.queue);
    let settings = chappe_store_local::Settings {
        durability: match store.durability {
            config::Durability::Power => chappe_store_local::Durability::Power,
            config::Durability::Process => chappe_store_local::Durability::Process,
        },
        segment_octets: store.segment_octets,
        reserve_octets: store.reserve_octets,
        pending_octets: store.pending_octets,
        min_free_octets: store.min_free,
        text_days: store.text_days,
        history: history(store.history_days),
        history_octets: store.history_octets,
        carry_octets: store.carry_octets,
        limits: Limits {
            live_max: store.live_max,
            parked_max: store.parked_max,
            parked_for: store.parked_for,
            duplicates_max: store.duplicates_max,
            groups_max: store.groups_max,
            dead_max: store.dead_max,
            dead_for: store.dead_for,
            body_octets_max: usize::try_from(store.bodies).unwrap_or(usize::MAX),
            receipt_wait: queue.receipt_wait,
            receipt_ttl: queue.receipt_ttl,
        },
    };
    let opened = LocalStore::open(&store.path, settings)?;
    opened.follow(store.copy.as_deref());
    Ok(Arc::new(opened))
}

/// No days: by size alone.
fn history(days: u32) -> Duration {
    if days == 0 { Duration::MAX } else { Duration::from_secs(u64::from(days) * 86_400) }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, NotStarted> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|error| NotStarted::Http { address, error })
}

fn smpp_settings(smpp: &config::Smpp) -> Result<chappe_smpp::Settings, NotStarted> {
    let config::Timers { session_init, frame_completion, enquire_link, response, inactivity, drain } =
        smpp.timers;
    Ok(chappe_smpp::Settings {
        listen: smpp.listen.clone(),
        tls: smpp.tls.as_ref().map(tls_door).transpose()?,
        unix: smpp.unix.clone(),
        proxies: smpp.proxies.clone(),
        takeover: smpp.takeover,
        session_init,
        frame: frame_completion,
        enquire_link,
        response,
        // Zero is off.
        inactivity: inactivity.unwrap_or_default(),
        drain,
        unbound_max: smpp.unbound_max,
        unbound_per_address_max: smpp.unbound_per_address_max,
        seed: rand::random(),
        ..Default::default()
    })
}

fn tls_door(tls: &config::TlsDoor) -> Result<chappe_smpp::TlsDoor, NotStarted> {
    let certificates = ServerTls::load(tls.files.clone())?;
    Ok(chappe_smpp::TlsDoor { listen: tls.listen.clone(), certificates })
}

fn flow_settings(queue: &config::Queue) -> chappe_exchange::Settings {
    chappe_exchange::Settings {
        lane_window: queue.lane_window,
        burst_max: queue.burst_max,
        quantum: queue.quantum,
        starvation: queue.starvation,
        starved_share: queue.starved_share,
        throttle_pause: queue.throttle_pause,
        mailbox_retry: queue.mailbox_retry,
        mailbox_attempts_max: queue.mailbox_attempts_max,
        refused_kept: queue.refused_kept,
        refused_rate: queue.refused_rate,
        ..Default::default()
    }
}

fn first(addresses: &[SocketAddr]) -> String {
    addresses.first().map(ToString::to_string).unwrap_or_default()
}

fn registry(exchange: &Arc<Exchange>, doors: &Doors) -> Registry {
    let mut registry = Registry::default();
    exchange.metrics().register(&mut registry);
    doors.metrics().register(&mut registry);
    registry.register_collector(Box::new(Gauges(Arc::clone(exchange))));
    registry
}

fn about(smpp: &Listening, http: SocketAddr, data: &Path) -> About {
    About {
        version: env!("CARGO_PKG_VERSION"),
        started: Timestamp::now(),
        smpp: smpp.plain.iter().map(ToString::to_string).chain(smpp.unix()).collect(),
        smpp_tls: smpp.tls.iter().map(ToString::to_string).collect(),
        http: http.to_string(),
        data: data.display().to_string(),
    }
}

fn control(listener: UnixListener, centre: Centre, stop: &watch::Sender<bool>) -> JoinHandle<()> {
    let stopped = stopped(stop);
    tokio::spawn(async move {
        if let Err(error) = chappe_http::control(listener, Arc::new(centre), stopped).await {
            tracing::error!(%error, "the control socket is closed");
        }
    })
}

fn public(
    listener: TcpListener,
    exchange: Arc<Exchange>,
    registry: Registry,
    stop: &watch::Sender<bool>,
) -> JoinHandle<()> {
    let stopped = stopped(stop);
    tokio::spawn(async move {
        if let Err(error) = chappe_http::public(listener, exchange, registry, stopped).await {
            tracing::error!(%error, "the HTTP door is closed");
        }
    })
}

fn stopped(stop: &watch::Sender<bool>) -> impl Future<Output = ()> + Send + 'static {
    let mut stop = stop.subscribe();
    async move {
        // A sender that is gone is a stop, too.
        let _ = stop.wait_for(|stop| *stop).await;
    }
}
