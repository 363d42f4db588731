//! How a simulated carrier behaves.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::handsets::HandsetsSettings;

/// How a simulated carrier behaves. The default is healthy: it answers at once and delivers everything.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct CarrierSettings {
    /// The name it answers binds with.
    pub system_id: String,
    /// From submit_sm to its answer, in milliseconds.
    pub latency_ms: u64,
    /// Added to each latency at random, at most this many milliseconds.
    pub latency_jitter_ms: u64,
    /// It takes everything and answers nothing: a carrier that hangs.
    pub mute: bool,
    /// The share of submit_sm it refuses, 0 to 1, with `error_status`.
    pub error_share: f64,
    /// The `command_status` of those refusals.
    pub error_status: u32,
    /// Messages it takes each second; beyond that it answers 0x58. 0: as many as come.
    pub rate_max: u64,
    /// Whether it sends receipts at all, where they are asked for.
    pub receipts: bool,
    /// From submit_sm to the receipt, in milliseconds.
    pub receipt_delay_ms: u64,
    /// Added to each receipt's delay at random, at most this many milliseconds.
    pub receipt_jitter_ms: u64,
    /// What a receipt carries.
    pub receipt_shape: ReceiptShape,
    /// How message ids look in the answer to a submit_sm.
    pub id_format: IdFormat,
    /// How message ids look in a receipt; real carriers often write them differently there.
    pub receipt_id_format: IdFormat,
    /// The share of messages that end as UNDELIV with err 001, 0 to 1.
    pub undelivered_share: f64,
    /// Whether numbers ending in 000ddd to 009000 misbehave ([`Fate`](crate::Fate)).
    pub numbers_misbehave: bool,
    /// A receipt or message the peer refuses is sent again after this many milliseconds.
    pub retry_delay_ms: u64,
    /// So many times a receipt or message is sent before it is given up.
    pub attempts_max: u32,
    /// Receipts and messages kept for a system_id while nobody is bound to receive them.
    pub waiting_max: usize,
    /// deliver_sm open at once on a bind.
    pub window: usize,
    /// submit_sm it leaves unanswered at once on a bind; beyond that it answers 0x58.
    pub window_in: usize,
    /// Connections at once; beyond that it closes what comes.
    pub connections_max: usize,
    /// The version it speaks at most, as a bind carries it: 0x33, 0x34 or 0x50.
    pub interface_version: u8,
    /// TLS instead of plain SMPP.
    pub tls: Option<TlsFiles>,
    /// The phones behind it; `None` keeps no messages, for speed.
    pub handsets: Option<HandsetsSettings>,
    /// A file that gets one line a submit_sm: destination, text in hex, message id, status, data_coding,
    /// esm_class and source, separated by tabs.
    pub record: Option<PathBuf>,
    /// Where its randomness comes from; the same seed gives the same ids and outcomes.
    pub seed: u64,
}

/// What a carrier that speaks TLS shows, as PEM files.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
    /// The authorities whose certificates it asks for; none: it asks for none.
    pub client_ca: Option<PathBuf>,
}

impl Default for CarrierSettings {
    fn default() -> Self {
        Self {
            system_id: "carrier".into(),
            latency_ms: 0,
            latency_jitter_ms: 0,
            mute: false,
            error_share: 0.0,
            error_status: 0x08,
            rate_max: 0,
            receipts: true,
            receipt_delay_ms: 0,
            receipt_jitter_ms: 0,
            receipt_shape: ReceiptShape::Both,
            id_format: IdFormat::Hex,
            receipt_id_format: IdFormat::Hex,
            undelivered_share: 0.0,
            numbers_misbehave: true,
            retry_delay_ms: 1_000,
            attempts_max: 60,
            waiting_max: 1_000_000,
            window: 100,
            window_in: 10_000,
            connections_max: 1_000,
            interface_version: 0x50,
            tls: None,
            handsets: None,
            record: None,
            seed: 7,
        }
    }
}

/// What a receipt carries beside its addresses.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ReceiptShape {
    /// The text of SMPP 3.4 appendix B and the TLVs receipted_message_id and message_state.
    #[default]
    Both,
    /// The text alone.
    Text,
    /// The TLVs alone.
    Tlvs,
}

/// How a carrier writes a message id.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum IdFormat {
    /// 16 hexadecimal digits.
    #[default]
    Hex,
    /// Decimal, up to 20 digits.
    Decimal,
}

/// Characters of carriers, to start from.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Answers at once, delivers within a second.
    Healthy,
    /// One in twenty is refused with 0x08, one in twenty ends as UNDELIV.
    Flaky,
    /// 0x58 beyond 100 messages a second.
    Throttling,
    /// Answers after 200 to 400 ms, receipts after 5 to 10 s.
    Slow,
    /// Takes everything, answers nothing.
    Dead,
    /// Queue full (0x14) for one in two.
    Capped,
}

impl Profile {
    /// The settings of this character; the rest as in the default.
    pub fn settings(self) -> CarrierSettings {
        let healthy =
            CarrierSettings { receipt_delay_ms: 500, receipt_jitter_ms: 500, ..CarrierSettings::default() };
        match self {
            Self::Healthy => healthy,
            Self::Flaky => CarrierSettings { error_share: 0.05, undelivered_share: 0.05, ..healthy },
            Self::Throttling => CarrierSettings { rate_max: 100, ..healthy },
            Self::Slow => CarrierSettings {
                latency_ms: 200,
                latency_jitter_ms: 200,
                receipt_delay_ms: 5_000,
                receipt_jitter_ms: 5_000,
                ..healthy
            },
            Self::Dead => CarrierSettings { mute: true, ..healthy },
            Self::Capped => CarrierSettings { error_share: 0.5, error_status: 0x14, ..healthy },
        }
    }
}
