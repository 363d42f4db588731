//! What to send, how fast and for how long.

use std::time::Duration;

use smpp_tokio::ClientTls;
use smpp_wire::InterfaceVersion;

/// What to send, how fast and for how long.
#[derive(Clone, Debug)]
pub struct LoadSettings {
    /// `host:port` of the server under load.
    pub server: String,
    /// TLS, where the server speaks it.
    pub tls: Option<ClientTls>,
    /// The version to ask for.
    pub interface_version: InterfaceVersion,
    pub system_id: String,
    pub password: String,
    /// Transceivers, one connection and one task each.
    pub binds: usize,
    /// Requests open at once on a bind.
    pub window: usize,
    /// Messages a second over all binds (open model); `None`: as fast as the window allows (closed loop).
    pub rate: Option<f64>,
    /// So many messages over all binds, unless `duration` ends it first.
    pub count: Option<u64>,
    /// So long, unless `count` ends it first.
    pub duration: Option<Duration>,
    /// Ask for a receipt of each message, and account for it.
    pub receipts: bool,
    /// The sender: digits or a name.
    pub from: String,
    /// The recipients: each `#` becomes a digit that varies. Without one, all go to the same number.
    pub to: String,
    /// The text of each message; it must fit one part of GSM-7.
    pub text: String,
    /// Where the varying digits begin.
    pub seed: u64,
    /// At the end, receipts that are owed are awaited this long after the last one came.
    pub receipt_wait: Duration,
    /// A bind or an answer that takes longer is given up.
    pub response_timeout: Duration,
}

impl Default for LoadSettings {
    fn default() -> Self {
        Self {
            server: "127.0.0.1:2775".into(),
            tls: None,
            interface_version: InterfaceVersion::V3_4,
            system_id: "dev".into(),
            password: String::new(),
            binds: 1,
            window: 100,
            rate: None,
            count: None,
            duration: None,
            receipts: false,
            from: "CHAPPE".into(),
            to: "38591555####".into(),
            text: "Your code is 481516".into(),
            seed: 7,
            receipt_wait: Duration::from_secs(10),
            response_timeout: Duration::from_secs(10),
        }
    }
}

impl LoadSettings {
    /// The messages bind number `bind` has to send, where a count is set: the total in equal shares.
    pub(crate) fn share(&self, bind: usize) -> Option<u64> {
        let (binds, bind) = (self.binds as u64, bind as u64);
        self.count.map(|count| count / binds + u64::from(bind < count % binds))
    }
}

impl LoadSettings {
    /// The command that repeats this run; the password is not in it.
    pub(crate) fn command(&self) -> String {
        let mut words = vec!["chappe load".to_owned()];
        let default = Self::default();
        let mut word = |differs: bool, text: String| {
            if differs {
                words.push(text);
            }
        };
        word(self.server != default.server, format!("--server {}", self.server));
        word(self.system_id != default.system_id, format!("--system-id {}", self.system_id));
        word(true, format!("--binds {} --window {}", self.binds, self.window));
        word(self.rate.is_some(), format!("--rate {}", self.rate.unwrap_or_default()));
        word(self.count.is_some(), format!("--count {}", self.count.unwrap_or_default()));
        word(self.duration.is_some(), format!("--for {}s", self.duration.unwrap_or_default().as_secs_f64()));
        word(self.receipts, "--receipts".into());
        word(self.from != default.from, format!("--from '{}'", self.from));
        word(self.to != default.to, format!("--to '{}'", self.to));
        word(self.text != default.text, format!("--text '{}'", self.text.replace('\'', r"'\''")));
        word(true, format!("--seed {}", self.seed));
        words.join(" ")
    }
}
