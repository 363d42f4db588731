//! What `chappe dev` says when it is ready: the start-up text is the tutorial.

use std::path::Path;

use super::directory::Directory;
use super::setup::ACCOUNT;
use crate::centre::Running;
use crate::paths;
use crate::ui::{Tone, Ui, folded, grouped};

/// Everything a newcomer needs.
#[derive(Debug)]
pub(super) struct Banner<'a> {
    pub(super) running: &'a Running,
    pub(super) directory: &'a Directory,
    /// `--data`, where it was given: other verbs need it, too.
    pub(super) custom_data: Option<&'a Path>,
}

impl Banner<'_> {
    pub(super) fn show(&self, ui: &Ui, took_ms: u128) {
        let (version, local) = (env!("CARGO_PKG_VERSION"), self.is_local());
        let reach = if local { "on this machine only" } else { "open to the network" };
        let head = format!("chappe {version} · a message centre for development, {reach}");
        let name = format!("chappe {version}");
        let strong = ui.paint(Tone::Strong, &name);
        ui.line(format_args!("{}\n", folded(&head, ui.width(), 2).replacen(&name, &strong, 1)));
        for address in &self.running.smpp.plain {
            let (address, account) =
                (address.to_string(), format!("system_id {ACCOUNT}   {}", self.password(ui)));
            let line = format!("  SMPP      {address:<22} {account}");
            match line.chars().count() <= ui.width() {
                true => ui.line(line),
                false => ui.line(format_args!("  SMPP      {address}\n            {account}")),
            }
        }
        ui.line(format_args!("  Metrics   http://{}/metrics", self.running.http));
        ui.line(format_args!("  Data      {}   {}\n", paths::shown(&self.directory.path), self.kept()));
        let data = self.custom_data.map(|data| format!(" --data {}", data.display()));
        let data = data.unwrap_or_default();
        ui.line("In another terminal:\n");
        ui.line(format_args!("  chappe send --to 385915550101 --text \"hello\"{data}"));
        ui.line(format_args!("  chappe listen{data}"));
        ui.line(format_args!("  chappe sim reply --from 385915550101 --to 12345 --text \"YES\"{data}\n"));
        let numbers = "Every number is a phone that takes the message. Some misbehave on purpose: a number ending in \
                       000088 is throttled, 001027 is switched off. All of them: chappe help numbers";
        ui.line(format_args!("{}\n", folded(numbers, ui.width(), 0)));
        let ready = ui.paint(Tone::Good, &format!("ready in {took_ms} ms"));
        ui.line(format_args!("{ready} · Ctrl-C stops\n"));
    }

    /// The password for eyes; a pipe may be a log, and gets the name of the file.
    fn password(&self, ui: &Ui) -> String {
        if ui.is_terminal() {
            return format!("password {}", self.directory.password);
        }
        let file = paths::password(&self.directory.path);
        format!("password in {}", paths::shown(&file))
    }

    fn kept(&self) -> String {
        match self.running.exchange.store().counts().live {
            0 => "--fresh starts empty".to_owned(),
            live => format!("{} messages not over yet; --fresh starts empty", grouped(live as u64)),
        }
    }

    fn is_local(&self) -> bool {
        let smpp = self.running.smpp.plain.iter().all(|address| address.ip().is_loopback());
        smpp && self.running.http.ip().is_loopback()
    }
}
