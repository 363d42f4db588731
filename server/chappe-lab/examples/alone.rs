//! What the load generator and the carrier cost by themselves: `cargo run --release -p chappe-lab --example alone`.
//!
//! Their sum must stay far below what is measured with them. Prints messages a second and CPU seconds a hundred
//! thousand messages, both ends in one process.

use std::error::Error;

use chappe_lab::{Carrier, CarrierSettings, Load, LoadSettings};

const COUNT: u64 = 2_000_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    for (binds, window, receipts) in [
        (1, 10, false),
        (1, 100, false),
        (4, 100, false),
        (4, 1_000, false),
        (4, 100, true),
        (4, 1_000, true),
    ] {
        let carrier =
            Carrier::listen("127.0.0.1:0", CarrierSettings { window, ..CarrierSettings::default() }).await?;
        let server = carrier.local_addr().to_string();
        let count = Some(if window == 10 { COUNT / 10 } else { COUNT });
        let settings = LoadSettings { server, binds, window, receipts, count, ..LoadSettings::default() };
        let summary = Load::start(settings).await?.finish().await;
        println!(
            "{binds} × {window:4}, receipts {receipts:5}: {:9.0}/s, {:.3} CPU s per 100 000, answer p50 {:.2} p99 {:.2} ms, lost {}",
            summary.per_second,
            summary.cpu_seconds / summary.sent as f64 * 1e5,
            summary.answer_ms.p50,
            summary.answer_ms.p99,
            summary.lost(),
        );
        carrier.stop().await;
    }
    Ok(())
}
