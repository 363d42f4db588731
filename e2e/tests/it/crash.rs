//! What was acknowledged stays (G1, G4): small forms of `cargo xtask crash`.

use e2e::crash::{Plan, round, traced};
use e2e::setup::Durability;

const PLAN: Plan = Plan { acknowledged_min: 10_000, binds: 2, window: 100, receipts: false };

#[test]
fn a_kill_under_load_loses_nothing_acknowledged() {
    for seed in [1, 2] {
        let plan = Plan { receipts: seed == 2, ..PLAN };
        let verdict = round(plan, seed).unwrap();
        println!("seed {seed}: {verdict}");
        assert!(verdict.holds(), "seed {seed}: {verdict}");
    }
}

#[test]
fn no_ok_leaves_before_the_fdatasync_that_covers_it() {
    let traced = traced(Durability::Power, 500).unwrap();
    assert_eq!(traced.uncovered, [""; 0], "of {} answers and {} syncs", traced.answers, traced.syncs);
}

#[test]
fn without_the_fdatasync_the_same_trace_is_found_wanting() {
    let traced = traced(Durability::Process, 500).unwrap();
    assert_eq!(traced.uncovered.len(), traced.answers, "the check cannot fail: {} syncs", traced.syncs);
}
