//! Shows each happening as it passes, with its fate, and the sum at the end.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

use chappe_core::MessageId;
use chappe_core::lifecycle::State;
use chappe_exchange::{Exchange, Happening};
use chappe_store::ErrorCode;
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::directory::Directory;
use super::fold::{Fold, Kind};
use super::setup::ACCOUNT;
use super::show::Line;
use crate::paths;
use crate::times;
use crate::ui::{Tone, Ui, grouped};

/// What passes, and what of it is remembered.
#[derive(Debug)]
pub(super) struct Passing {
    happenings: Receiver<Happening>,
    fold: Fold,
    /// Ends whose receipt is not taken yet, the oldest first.
    ends: HashMap<MessageId, End>,
    order: VecDeque<MessageId>,
    /// Messages from phones whose receiver has not taken them yet.
    inbound: HashSet<MessageId>,
    delivered: u64,
    failed: u64,
    missed: u64,
    hinted: HashSet<&'static str>,
    password_file: String,
}

/// How a message ended.
#[derive(Clone, Debug)]
struct End {
    account: String,
    state: State,
    error: ErrorCode,
    after: Duration,
    heard: Instant,
}

/// Ends that wait for their receipt to be taken; beyond it the oldest is shown without.
const ENDS_MAX: usize = 10_000;
/// A receipt that is not taken within this is shown as waiting.
const RECEIPT_WAIT: Duration = Duration::from_secs(2);
/// How often is looked for what is over.
const TICK: Duration = Duration::from_millis(250);

impl Passing {
    pub(super) fn new(happenings: Receiver<Happening>, directory: &Directory) -> Self {
        Self {
            happenings,
            fold: Fold::default(),
            ends: HashMap::new(),
            order: VecDeque::new(),
            inbound: HashSet::new(),
            delivered: 0,
            failed: 0,
            missed: 0,
            hinted: HashSet::new(),
            password_file: paths::shown(&paths::password(&directory.path)),
        }
    }

    /// Shows what passes until nothing can come any more. Cancel safe.
    pub(super) async fn show(&mut self, ui: &Ui) {
        let mut tick = tokio::time::interval(TICK);
        loop {
            tokio::select! {
                heard = self.happenings.recv() => match heard {
                    Ok(happening) => self.take(ui, happening),
                    Err(RecvError::Lagged(missed)) => self.missed += missed,
                    Err(RecvError::Closed) => return,
                },
                _ = tick.tick() => self.tick(ui),
            }
        }
    }

    fn take(&mut self, ui: &Ui, happening: Happening) {
        match happening {
            Happening::Ended { account, id, state, error, after } => {
                let end = End { account, state, error, after, heard: Instant::now() };
                self.ended(ui, id, end);
            }
            Happening::Told { account, id, took } => {
                if self.inbound.contains(&id) {
                    let text = format!("by a receiver in {}", times::brief(took));
                    return self.print(ui, &Line::new(&account, "taken", text).id(id));
                }
                let fate = match self.ends.remove(&id) {
                    Some(end) => format!("{}, taken in {}", end.fate(), times::brief(took)),
                    None => format!("taken in {}", times::brief(took)),
                };
                self.print(ui, &Line::new(&account, "receipt", fate).id(id));
            }
            other => {
                if let Happening::Inbound(text) = &other
                    && self.inbound.len() < ENDS_MAX
                {
                    self.inbound.insert(text.id);
                }
                if let Some(line) = Line::of(&other) {
                    self.print(ui, &line);
                }
            }
        }
    }

    fn ended(&mut self, ui: &Ui, id: MessageId, end: End) {
        // What a phone sent is over when a receiver takes it, which is told by itself.
        if self.inbound.remove(&id) && end.state == State::Delivered {
            return;
        }
        match end.state {
            State::Delivered => self.delivered += 1,
            _ => self.failed += 1,
        }
        // Nobody asked for a receipt: this is all there will be.
        if end.account.is_empty() {
            let line = Line::new("", "final", state_and_error(&end)).id(id);
            return self.print(ui, &line);
        }
        self.ends.insert(id, end);
        self.order.push_back(id);
        while self.order.len() > ENDS_MAX {
            self.untold(ui);
        }
    }

    fn tick(&mut self, ui: &Ui) {
        let now = Instant::now();
        while let Some(oldest) = self.order.front() {
            let waits = |end: &End| now.duration_since(end.heard) < RECEIPT_WAIT;
            if self.ends.get(oldest).is_some_and(waits) {
                break;
            }
            self.untold(ui);
        }
        for (kind, count, time) in self.fold.over(now) {
            let text = format!("×{} more in {} s", grouped(count), time.as_secs());
            let text = kind.text.map_or(text.clone(), |what| format!("{what}  {text}"));
            self.write(ui, &Line::new(&kind.name, kind.word, text));
        }
    }

    /// Takes the oldest end out; if its receipt was not taken, it says so.
    fn untold(&mut self, ui: &Ui) {
        let Some(id) = self.order.pop_front() else { return };
        if let Some(end) = self.ends.remove(&id) {
            let text = format!("{}; waits for a receiver", end.fate());
            let mut line = Line::new(&end.account, "receipt", text).id(id).tone(Tone::Waits);
            line.reason = Some("no_receiver");
            self.print(ui, &line);
        }
    }

    fn print(&mut self, ui: &Ui, line: &Line) {
        let text = line.is_chatter.then(|| line.text.clone());
        let kind = Kind { name: line.name.clone(), word: line.word, text };
        if self.fold.shows(&kind, Instant::now()) {
            self.write(ui, line);
            self.hint(ui, line);
        }
    }

    fn write(&self, ui: &Ui, line: &Line) {
        let now = Timestamp::now();
        if ui.json {
            return ui.object(&Timed { at: now, line });
        }
        let word = format!("{:<9}", line.word);
        let word = line.tone.map_or(word.clone(), |tone| ui.paint(tone, &word));
        let text = match &line.id {
            Some(id) => format!("{:<46}  {}", line.text, ui.paint(Tone::Dim, id)),
            None => line.text.clone(),
        };
        ui.line(format_args!("{}  {:<3}  {word}  {text}", times::clock(now), line.name));
    }

    /// What to do about it, once for each cause.
    fn hint(&mut self, ui: &Ui, line: &Line) {
        let Some(reason) = line.reason.filter(|_| !ui.json) else {
            return;
        };
        let says = match reason {
            "wrong_password" => format!("the password is in {}  [wrong-password]", self.password_file),
            "unknown_system_id" => format!("the account's system_id is {ACCOUNT}  [unknown-system-id]"),
            "no_receiver" => {
                "bind as transceiver or receiver to get it: chappe listen  [no-receiver]".to_owned()
            }
            "invalid_destination" => "a number is 1 to 20 digits, with or without +".to_owned(),
            _ => return,
        };
        if self.hinted.insert(reason) {
            ui.line(format_args!("{:15}{}       {says}", "", ui.paint(Tone::Dim, "hint")));
        }
    }

    /// `stopped · 14 taken, 14 delivered, 0 waiting · 2 sessions unbound · data kept`
    pub(super) fn sum(mut self, ui: &Ui, exchange: &Exchange, unbound: usize) {
        while let Ok(happening) = self.happenings.try_recv() {
            if let Happening::Ended { state, .. } = happening {
                match state {
                    State::Delivered => self.delivered += 1,
                    _ => self.failed += 1,
                }
            }
        }
        let metrics = exchange.metrics();
        let taken = grouped(metrics.accepted());
        let waiting = grouped(exchange.store().counts().live as u64);
        let fates = match (self.missed, self.failed) {
            (0, 0) => format!("{} delivered", grouped(self.delivered)),
            (0, failed) => format!("{} delivered, {} failed", grouped(self.delivered), grouped(failed)),
            // Too fast to be watched one by one.
            _ => format!("{} ended", grouped(metrics.ended())),
        };
        let sessions = if unbound == 1 { "1 session".to_owned() } else { format!("{unbound} sessions") };
        ui.talk(format_args!(
            "stopped · {taken} taken, {fates}, {waiting} waiting · {sessions} unbound · data kept"
        ));
    }
}

impl End {
    /// `DELIVRD after 0.8 s`
    fn fate(&self) -> String {
        format!("{} after {}", state_and_error(self), times::brief(self.after))
    }
}

/// `DELIVRD`, `UNDELIV err 027`
fn state_and_error(end: &End) -> String {
    match end.state {
        State::Delivered => end.state.stat().to_owned(),
        state => format!("{} err {}", state.stat(), end.error),
    }
}

/// A line of `--json`.
#[derive(Debug, Serialize)]
struct Timed<'a> {
    at: Timestamp,
    #[serde(flatten)]
    line: &'a Line,
}
