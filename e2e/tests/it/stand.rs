//! A centre with a witness for a carrier, in a folder that goes with the test.

use e2e::carrier::{Carrier, Manner};
use e2e::centre::{self, Process};
use e2e::esme::Esme;
use e2e::setup::{Link, PASSWORD, SYSTEM_ID, Setup};
use tempfile::TempDir;

pub(crate) struct Stand {
    pub(crate) carrier: Carrier,
    pub(crate) setup: Setup,
    // Ends before its folder is removed.
    pub(crate) centre: Process,
    pub(crate) folder: TempDir,
}

impl Stand {
    pub(crate) fn up() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let carrier = Carrier::listen(Manner::default()).unwrap();
        let setup = Setup::below(folder.path()).with_link(Link::to(carrier.address()));
        let centre = centre::serve(&setup, folder.path()).unwrap();
        Self { carrier, setup, centre, folder }
    }

    /// A transceiver of the account.
    pub(crate) fn esme(&self) -> Esme {
        Esme::bound(self.setup.smpp, SYSTEM_ID, PASSWORD).unwrap()
    }

    /// A connection that has said nothing yet.
    pub(crate) fn stranger(&self) -> Esme {
        Esme::connect(self.setup.smpp).unwrap()
    }
}

/// Anonymous memory of a process in bytes.
pub(crate) fn anonymous_memory(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}
