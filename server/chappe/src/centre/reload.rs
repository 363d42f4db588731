//! Reads the configuration again and puts it in force, whole or not at all.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chappe_api::{Problem, Reloaded};
use chappe_exchange::Exchange;
use chappe_smpp::Doors;
use smpp_tokio::{BadTlsFile, ServerTls};

use super::difference::difference;
use super::numbered::{Numbered, numbered};
use crate::config::{self, Config, NotLoaded};

/// What a reload needs. One at a time.
pub(crate) struct Reloading {
    path: PathBuf,
    exchange: Arc<Exchange>,
    /// Empty once the centre stops.
    doors: Arc<Mutex<Option<Doors>>>,
    in_force: Mutex<Config>,
}

impl fmt::Debug for Reloading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reloading").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Reloading {
    pub(super) fn new(
        path: PathBuf,
        exchange: Arc<Exchange>,
        doors: Arc<Mutex<Option<Doors>>>,
        config: Config,
    ) -> Self {
        Self { path, exchange, doors, in_force: Mutex::new(config) }
    }

    /// Reads the configuration again. Blocks on files.
    ///
    /// # Errors
    ///
    /// What is wrong with it; the old one stays in force.
    pub(crate) fn reload(&self) -> Result<Reloaded, Problem> {
        let mut in_force = self.in_force.lock().unwrap_or_else(PoisonError::into_inner);
        let new = config::load(&self.path).map_err(problem)?;
        let doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(doors) = doors.as_ref() else {
            return Err(Problem::new(503, "shutting_down", "the centre is stopping"));
        };
        let version = self.exchange.policy().version.saturating_add(1);
        let numbers = numbered(&new, self.exchange.store().as_ref(), version);
        let Numbered { policy, access, links } = numbers.map_err(|error| {
            let reason = error.reason();
            Problem::new(reason.http(), reason.name(), error.to_string())
        })?;
        let certificates = new.smpp.tls.as_ref().map(|tls| ServerTls::load(tls.files.clone()));
        let certificates = certificates.transpose().map_err(|bad| unusable(&bad))?;
        let reloaded = difference(&in_force, &new, version);
        self.exchange.set_policy(policy);
        if let Some(certificates) = certificates {
            doors.secure(certificates);
        }
        doors.apply(access, links);
        // What takes a restart stays as the process has it, so that the next reload tells it again.
        let Config { smpp, http, store, queue, .. } = in_force.clone();
        *in_force = Config { smpp, http, store, queue, ..new };
        Ok(reloaded)
    }
}

/// The files were good when the configuration was checked, a moment ago.
fn unusable(bad: &BadTlsFile) -> Problem {
    let detail = "the configuration is wrong; the old one stays in force";
    let mut problem = Problem::new(422, "invalid_configuration", detail);
    problem.problems = vec![bad.to_string()];
    problem
}

fn problem(error: NotLoaded) -> Problem {
    let detail = "the configuration is wrong; the old one stays in force";
    let mut problem = Problem::new(422, "invalid_configuration", detail);
    problem.problems = match error {
        NotLoaded::Wrong(problems) => problems.iter().map(ToString::to_string).collect(),
        unreadable @ NotLoaded::Unreadable { .. } => vec![unreadable.to_string()],
    };
    problem
}
