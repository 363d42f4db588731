//! The table of the crates: who may depend on whom, and on what outside (DESIGN §1).

/// One crate of the workspace and the most it may depend on.
#[derive(Debug)]
pub(crate) struct Row {
    /// The folder; its last part is the crate's name.
    pub(crate) folder: &'static str,
    /// The crates of ours it may name.
    pub(crate) ours: &'static [&'static str],
    /// The outside crates it may name beside [`COMMON`] (server crates) and [`RUNNING`] (from floor 4 up).
    pub(crate) outside: &'static [&'static str],
    pub(crate) common: Common,
    /// A crate without clock, socket, task or file: its `clippy.toml` bans them.
    pub(crate) pure: bool,
}

/// Which of the common sets a crate may use.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Common {
    /// A published crate: only what its row names.
    None,
    /// [`COMMON`].
    Plain,
    /// [`COMMON`] and [`RUNNING`].
    Running,
    /// A crate that is never shipped: any outside crate.
    Any,
}

impl Common {
    pub(crate) fn allows(self, outside: &str) -> bool {
        match self {
            Self::None => false,
            Self::Plain => COMMON.contains(&outside),
            Self::Running => COMMON.contains(&outside) || RUNNING.contains(&outside),
            Self::Any => true,
        }
    }
}

pub(crate) fn row(folder: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.folder == folder)
}

/// A crate of ours by its name.
pub(crate) fn named(name: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.name() == name)
}

impl Row {
    pub(crate) fn name(&self) -> &'static str {
        self.folder.rsplit('/').next().unwrap_or(self.folder)
    }
}

/// What every server crate may use.
const COMMON: &[&str] = &["thiserror", "tracing", "bytes", "jiff", "serde"];

/// What the server crates from floor 4 up may use beside.
const RUNNING: &[&str] = &["tokio", "arc-swap", "prometheus-client"];

/// What tests and benches may use in every crate.
pub(crate) const FOR_TESTS: &[&str] = &[
    "criterion",
    "hdrhistogram",
    "insta",
    "proptest",
    "proptest-state-machine",
    "rand",
    "rcgen",
    "serde",
    "serde_json",
    "shuttle",
    "tempfile",
    "tokio",
    "toml",
    "tracing-subscriber",
    "turmoil",
];

/// Lower floors first: a crate may name only crates of rows above its own.
#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    Row { folder: "protocol/smpp-wire",       common: Common::None,    pure: true,  ours: &[], outside: &["bytes"] },
    Row { folder: "protocol/sms-text",        common: Common::None,    pure: true,  ours: &[], outside: &["jiff", "unicode-segmentation"] },
    Row { folder: "server/chappe-api",        common: Common::Plain,   pure: false, ours: &[], outside: &["utoipa"] },
    Row { folder: "protocol/smpp-session",    common: Common::None,    pure: true,  ours: &["smpp-wire"], outside: &["bytes"] },
    Row { folder: "server/chappe-core",       common: Common::Plain,   pure: true,  ours: &["sms-text"], outside: &["regex", "aho-corasick"] },
    Row { folder: "protocol/smpp-tokio",      common: Common::None,    pure: false, ours: &["smpp-wire", "smpp-session", "sms-text"], outside: &["bytes", "rustls-native-certs", "socket2", "thiserror", "tokio", "tokio-rustls", "tower-service", "tracing", "x509-parser"] },
    Row { folder: "server/chappe-store",      common: Common::Plain,   pure: false, ours: &["chappe-core"], outside: &["foldhash", "hashbrown"] },
    Row { folder: "server/chappe-store-local", common: Common::Running, pure: false, ours: &["chappe-core", "chappe-store"], outside: &["chacha20", "crc32c", "foldhash", "hashbrown", "rusqlite", "rustix"] },
    Row { folder: "server/chappe-exchange",   common: Common::Running, pure: false, ours: &["chappe-core", "chappe-store"], outside: &["foldhash", "hashbrown", "sha2"] },
    Row { folder: "server/chappe-smpp",       common: Common::Running, pure: false, ours: &["smpp-wire", "sms-text", "smpp-session", "smpp-tokio", "chappe-core", "chappe-exchange"], outside: &["argon2", "foldhash", "hashbrown", "rand", "subtle"] },
    Row { folder: "server/chappe-http",       common: Common::Running, pure: false, ours: &["chappe-api", "chappe-core", "chappe-exchange"], outside: &["axum", "http-body-util", "hyper", "hyper-util", "reqwest", "serde_json", "tower-http"] },
    Row { folder: "server/chappe-lab",        common: Common::Running, pure: false, ours: &["smpp-wire", "sms-text", "smpp-session", "smpp-tokio", "chappe-core", "chappe-exchange"], outside: &["foldhash", "hashbrown", "hdrhistogram", "indicatif", "rand", "serde_json"] },
    Row { folder: "server/chappe",            common: Common::Running, pure: false, ours: &["smpp-wire", "sms-text", "smpp-session", "smpp-tokio", "chappe-api", "chappe-core", "chappe-store", "chappe-store-local", "chappe-exchange", "chappe-smpp", "chappe-http", "chappe-lab"], outside: &["argon2", "axum", "clap", "comfy-table", "hdrhistogram", "http-body-util", "hyper", "hyper-util", "indicatif", "mimalloc", "rand", "serde_json", "subtle", "toml", "tracing-subscriber"] },
    Row { folder: "e2e",                      common: Common::Any,     pure: false, ours: &[], outside: &[] },
    Row { folder: "vectors",                  common: Common::Any,     pure: false, ours: &["smpp-wire", "sms-text"], outside: &[] },
    Row { folder: "fuzz",                     common: Common::Any,     pure: false, ours: &["smpp-wire", "sms-text", "smpp-session", "smpp-tokio", "chappe-store"], outside: &[] },
    Row { folder: "bench",                    common: Common::Any,     pure: false, ours: &["smpp-wire", "smpp-tokio"], outside: &[] },
    Row { folder: "xtask",                    common: Common::Any,     pure: false, ours: &["smpp-wire", "e2e"], outside: &[] },
];
