//! `cargo xtask deny`: cargo-deny where it is installed; the licences alone where it is not.

use anyhow::Result;

use crate::{shell, tidy};

/// Says which of the two ran: without cargo-deny nobody looks for advisories.
pub(crate) fn run() -> Result<()> {
    let installed = shell::cargo(&["deny", "--version"]).output().is_ok_and(|output| output.status.success());
    if installed {
        println!("deny: by cargo-deny and deny.toml: licences, bans, sources, advisories");
        return shell::run(&mut shell::cargo(&["deny", "check"]));
    }
    println!("deny: by tidy and deny.toml: licences and sources; advisories need cargo-deny");
    tidy::run()
}
