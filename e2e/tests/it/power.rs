//! What was acknowledged survives the loss of power (G1): a small form of `cargo xtask powerfail`.

use e2e::power::{Plan, explore};

#[test]
fn whatever_the_disk_forgot_when_the_power_failed_nothing_acknowledged_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan {
        folder: folder.path().to_owned(),
        again: false,
        images: 30,
        seed: 7,
        messages: 2_000,
        only: None,
    };
    let report = explore(&plan, &|_| {}).unwrap();
    println!("seed {}, {report}", plan.seed);
    report.judge(true).unwrap();
}
