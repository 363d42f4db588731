//! What is read when somebody looks: queues and the store.

use std::fmt;
use std::sync::Arc;

use chappe_core::{Target, Timestamp};
use chappe_exchange::{Exchange, QueueLine};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

/// Gauges over an exchange; register it as a collector. Labels are names from the configuration, never a number, an
/// id or a text.
#[derive(Debug)]
pub struct Gauges(pub Arc<Exchange>);

impl Collector for Gauges {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.queues(&mut encoder)?;
        self.store(&mut encoder)
    }
}

type Labels = Vec<(&'static str, String)>;

impl Gauges {
    fn queues(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let (lines, now) = (self.0.queue(), self.0.store().now());
        let each = |value: fn(&QueueLine, Timestamp) -> f64| -> Vec<(Labels, f64)> {
            lines.iter().map(|line| (queue_labels(line), value(line, now))).collect()
        };
        gauge(
            encoder,
            "chappe_queue_messages",
            "Messages and receipts that wait",
            each(|line, _| line.waiting as f64),
        )?;
        gauge(
            encoder,
            "chappe_queue_head_age_seconds",
            "Age of the oldest that waits",
            each(|line, now| line.oldest.map_or(0.0, |oldest| now.since(oldest).as_secs_f64())),
        )?;
        gauge(
            encoder,
            "chappe_in_flight_messages",
            "Handed over and not answered",
            each(|line, _| line.in_flight as f64),
        )?;
        gauge(
            encoder,
            "chappe_window_places",
            "Places in the windows of all bound sessions",
            each(|line, _| line.capacity as f64),
        )
    }

    fn store(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let counts = self.0.store().counts();
        gauge(encoder, "chappe_live_messages", "Messages that are not over", alone(counts.live as f64))?;
        gauge(
            encoder,
            "chappe_parked_receipts",
            "Receipts whose message is not known yet",
            alone(counts.parked as f64),
        )?;
        counter(encoder, "chappe_journal_octets", "Octets written", counts.written as f64)?;
        counter(encoder, "chappe_journal_commits", "Commits", counts.commits as f64)?;
        if let Some(lag) = counts.copy {
            let octets = alone(lag.octets as f64);
            gauge(encoder, "chappe_copy_lag_octets", "Octets that the warm copy does not have", octets)?;
            let seconds = alone(lag.time.as_secs_f64());
            gauge(encoder, "chappe_copy_lag_seconds", "Since the warm copy last had everything", seconds)?;
        }
        let seconds = counts.sync_micros as f64 / 1e6;
        counter(encoder, "chappe_journal_sync_seconds", "Time spent making commits durable", seconds)
    }
}

fn queue_labels(line: &QueueLine) -> Labels {
    let kind = match line.target {
        Target::Link(_) => "link",
        Target::Mailbox(_) => "account",
    };
    vec![("kind", kind.to_owned()), ("name", line.name.clone())]
}

fn alone(value: f64) -> Vec<(Labels, f64)> {
    vec![(Vec::new(), value)]
}

fn gauge(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    values: Vec<(Labels, f64)>,
) -> fmt::Result {
    let mut metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    for (labels, value) in values {
        let gauge = ConstGauge::new(value);
        if labels.is_empty() {
            return gauge.encode(metric);
        }
        gauge.encode(metric.encode_family(&labels)?)?;
    }
    Ok(())
}

fn counter(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: f64) -> fmt::Result {
    let metric = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
    ConstCounter::new(value).encode(metric)
}
