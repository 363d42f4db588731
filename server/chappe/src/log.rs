//! The log of a centre: on stderr.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use crate::ui::Trouble;

/// How much to log.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Log {
    /// error, warn, info, debug or trace; also by module: "info,chappe_smpp=debug".
    #[arg(long = "log", value_name = "LEVEL")]
    level: Option<String>,
}

impl Log {
    /// Begins to log; `usual` where no level was given.
    pub(crate) fn begin(&self, usual: &str) -> Result<(), Trouble> {
        let level = self.level.as_deref().unwrap_or(usual);
        let filter = EnvFilter::try_new(level)
            .map_err(|error| Trouble::new(format!("--log {level}: {error}")).so("--log info"))?;
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(io::stderr)
            .with_ansi(io::stderr().is_terminal())
            .init();
        Ok(())
    }
}
