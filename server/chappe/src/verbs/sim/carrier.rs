//! `chappe sim carrier`: a carrier that takes everyone, and misbehaves as told.

use std::path::PathBuf;
use std::time::Duration;

use chappe_lab::carrier::{
    Carrier, CarrierSettings, CarrierStats, IdFormat, Profile, ReceiptShape, TlsFiles,
};
use clap::ValueEnum;
use smpp_wire::InterfaceVersion;
use tokio::signal::unix::{SignalKind, signal};

use super::super::units;
use crate::exit::Exit;
use crate::ui::{Trouble, Ui, grouped};

/// Listens as a carrier: takes any credentials, answers, and sends receipts.
///
/// Numbers ending in 000ddd to 009000 misbehave on purpose: see `chappe help numbers`. Prints its counts when they
/// change, and their sum when it is stopped.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  chappe sim carrier --listen 127.0.0.1:2776\n  chappe sim carrier --listen 127.0.0.1:2776 --profile flaky --latency 20ms --seed 3"
)]
pub(crate) struct Args {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "HOST:PORT")]
    listen: String,
    /// A character to start from; the other flags change it.
    #[arg(long, value_enum, default_value = "healthy")]
    profile: Character,
    /// From submit_sm to its answer.
    #[arg(long, value_name = "TIME", value_parser = units::milliseconds)]
    latency: Option<u64>,
    /// Added to each latency at random, at most.
    #[arg(long, value_name = "TIME", value_parser = units::milliseconds)]
    latency_jitter: Option<u64>,
    /// Share of submit_sm that is refused: 0.05 or 5%.
    #[arg(long, value_name = "SHARE", value_parser = units::share)]
    errors: Option<f64>,
    /// With what they are refused.
    #[arg(long, value_name = "STATUS", value_parser = units::status)]
    error_status: Option<u32>,
    /// Messages a second; beyond that 0x58.
    #[arg(long, value_name = "N", value_parser = units::count)]
    rate: Option<u64>,
    /// Answer nothing at all.
    #[arg(long)]
    mute: bool,
    /// Send no receipts.
    #[arg(long)]
    no_receipts: bool,
    /// From the answer to the receipt.
    #[arg(long, value_name = "TIME", value_parser = units::milliseconds)]
    receipt_delay: Option<u64>,
    /// Added to each receipt's delay at random, at most.
    #[arg(long, value_name = "TIME", value_parser = units::milliseconds)]
    receipt_jitter: Option<u64>,
    /// What a receipt carries.
    #[arg(long, value_enum)]
    receipt_shape: Option<Shape>,
    /// How ids look in answers.
    #[arg(long, value_enum)]
    ids: Option<Digits>,
    /// How ids look in receipts.
    #[arg(long, value_enum)]
    receipt_ids: Option<Digits>,
    /// Share of messages that end as UNDELIV.
    #[arg(long, value_name = "SHARE", value_parser = units::share)]
    undelivered: Option<f64>,
    /// Let all numbers behave.
    #[arg(long)]
    numbers_behave: bool,
    /// deliver_sm open at once on a session.
    #[arg(long, value_name = "N")]
    window: Option<usize>,
    /// Keep what phones received, for messages to be joined; costs speed.
    #[arg(long)]
    handsets: bool,
    /// Write one line for each submit_sm into this file.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// The version of SMPP it speaks at most: 3.3, 3.4 or 5.0.
    #[arg(long, value_name = "VERSION", value_parser = units::version)]
    interface_version: Option<InterfaceVersion>,
    /// Speak TLS, and show the certificate of this PEM file.
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,
    /// A PEM file of its key.
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
    /// Ask for certificates of the authorities in this PEM file.
    #[arg(long, value_name = "FILE", requires = "certificate")]
    client_ca: Option<PathBuf>,
    /// Where its randomness comes from.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Character {
    Healthy,
    Flaky,
    Throttling,
    Slow,
    Dead,
    Capped,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shape {
    Both,
    Text,
    Tlvs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Digits {
    Hex,
    Decimal,
}

/// Counts are printed this often, if they have changed.
const COUNTS_EVERY: Duration = Duration::from_secs(5);

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    let carrier = match Carrier::listen(&args.listen, settings(&args)).await {
        Ok(carrier) => carrier,
        Err(error) => {
            ui.trouble(&Trouble::new(format!("{} cannot be listened on: {error}", args.listen)));
            return Exit::Unreachable;
        }
    };
    let address = carrier.local_addr();
    if ui.json {
        ui.object(&serde_json::json!({ "listening": address }));
    } else {
        ui.line(format_args!("carrier listens on {address}; any credentials; Ctrl-C stops"));
    }
    if let Err(error) = count_until_stopped(&carrier, ui).await {
        ui.trouble(&Trouble::new(format!("signals cannot be heard: {error}")));
        return Exit::Misused;
    }
    print(ui, "stopped", &carrier.stop().await);
    Exit::Done
}

async fn count_until_stopped(carrier: &Carrier, ui: &Ui) -> std::io::Result<()> {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut ticks = tokio::time::interval(COUNTS_EVERY);
    let mut before = CarrierStats::default();
    loop {
        tokio::select! {
            _ = ticks.tick() => {
                let stats = carrier.stats();
                if stats != before {
                    print(ui, "counts", &stats);
                    before = stats;
                }
            }
            interrupted = tokio::signal::ctrl_c() => return interrupted,
            _ = terminated.recv() => return Ok(()),
        }
    }
}

fn settings(args: &Args) -> CarrierSettings {
    let base = profile(args.profile).settings();
    CarrierSettings {
        latency_ms: args.latency.unwrap_or(base.latency_ms),
        latency_jitter_ms: args.latency_jitter.unwrap_or(base.latency_jitter_ms),
        mute: args.mute || base.mute,
        error_share: args.errors.unwrap_or(base.error_share),
        error_status: args.error_status.unwrap_or(base.error_status),
        rate_max: args.rate.unwrap_or(base.rate_max),
        receipts: !args.no_receipts && base.receipts,
        receipt_delay_ms: args.receipt_delay.unwrap_or(base.receipt_delay_ms),
        receipt_jitter_ms: args.receipt_jitter.unwrap_or(base.receipt_jitter_ms),
        receipt_shape: args.receipt_shape.map_or(base.receipt_shape, shape),
        id_format: args.ids.map_or(base.id_format, digits),
        receipt_id_format: args.receipt_ids.or(args.ids).map_or(base.receipt_id_format, digits),
        undelivered_share: args.undelivered.unwrap_or(base.undelivered_share),
        numbers_misbehave: !args.numbers_behave && base.numbers_misbehave,
        window: args.window.unwrap_or(base.window),
        interface_version: args.interface_version.map_or(base.interface_version, |version| version.0),
        tls: args.certificate.clone().zip(args.key.clone()).map(|(certificate, key)| TlsFiles {
            certificate,
            key,
            client_ca: args.client_ca.clone(),
        }),
        handsets: args.handsets.then(Default::default),
        record: args.record.clone(),
        seed: args.seed.unwrap_or(base.seed),
        ..base
    }
}

fn profile(character: Character) -> Profile {
    match character {
        Character::Healthy => Profile::Healthy,
        Character::Flaky => Profile::Flaky,
        Character::Throttling => Profile::Throttling,
        Character::Slow => Profile::Slow,
        Character::Dead => Profile::Dead,
        Character::Capped => Profile::Capped,
    }
}

fn shape(shape: Shape) -> ReceiptShape {
    match shape {
        Shape::Both => ReceiptShape::Both,
        Shape::Text => ReceiptShape::Text,
        Shape::Tlvs => ReceiptShape::Tlvs,
    }
}

fn digits(digits: Digits) -> IdFormat {
    match digits {
        Digits::Hex => IdFormat::Hex,
        Digits::Decimal => IdFormat::Decimal,
    }
}

fn print(ui: &Ui, head: &str, stats: &CarrierStats) {
    if ui.json {
        return ui.object(stats);
    }
    let mut line = format!(
        "{head}  {} bound · {} taken of {} · {} receipts, {} answered OK",
        stats.bound,
        grouped(stats.taken),
        grouped(stats.submits),
        grouped(stats.receipts_sent),
        grouped(stats.deliveries_ok)
    );
    for (status, count) in &stats.refused {
        line.push_str(&format!(" · {status} ×{}", grouped(*count)));
    }
    for (name, count) in
        [("waiting", stats.waiting), ("given up", stats.given_up), ("dropped", stats.dropped)]
    {
        if count > 0 {
            line.push_str(&format!(" · {} {name}", grouped(count)));
        }
    }
    ui.line(line);
}
