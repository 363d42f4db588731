//! What `retry`, `reroute` and `reject` share: a selection, its preview, and the order.

use chappe_api::{Only, Order, Ordered, Ordering, Selection, Waits};
use jiff::Timestamp;

use crate::control::{Control, Data};
use crate::exit::Exit;
use crate::table::{Column, table};
use crate::times;
use crate::ui::{Trouble, Ui, grouped};
use crate::who;

/// Which messages.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Which {
    /// Message ids, whole: these are done at once.
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Those that wait for this link, or in the mailbox of an account: `carrier-a`, `account:acme`.
    #[arg(long, value_name = "TARGET")]
    link: Option<String>,
    /// Those that this account sent.
    #[arg(long, value_name = "SYSTEM_ID")]
    account: Option<String>,
    /// Those that stand there.
    #[arg(long, value_name = "STATE")]
    only: Option<State>,
    /// Those that wait for this reason: `carrier_throttled`.
    #[arg(long, value_name = "REASON")]
    reason: Option<String>,
    /// Does it, to no more than this many: the number that the preview said.
    #[arg(long, value_name = "NUMBER")]
    yes: Option<usize>,
    #[command(flatten)]
    data: Data,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum State {
    Waiting,
    InDoubt,
    Held,
    Sent,
    Scheduled,
    Collecting,
    Dead,
}

impl State {
    fn only(self) -> Only {
        match self {
            Self::Waiting => Only::Waiting,
            Self::InDoubt => Only::InDoubt,
            Self::Held => Only::Held,
            Self::Sent => Only::Sent,
            Self::Scheduled => Only::Scheduled,
            Self::Collecting => Only::Collecting,
            Self::Dead => Only::Dead,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::InDoubt => "in-doubt",
            Self::Held => "held",
            Self::Sent => "sent",
            Self::Scheduled => "scheduled",
            Self::Collecting => "collecting",
            Self::Dead => "dead",
        }
    }
}

impl Which {
    fn selection(&self) -> Selection {
        Selection {
            ids: self.ids.clone(),
            target: self.link.clone(),
            account: self.account.clone(),
            only: self.only.map(State::only),
            reason: self.reason.clone(),
        }
    }

    fn is_empty(&self) -> bool {
        self.selection() == Selection::default()
    }

    /// The same, as it was typed.
    fn words(&self) -> String {
        let flag = |name: &str, value: &Option<String>| {
            value.as_ref().map(|value| format!(" --{name} {value}")).unwrap_or_default()
        };
        let only = self.only.map(|only| format!(" --only {}", only.word())).unwrap_or_default();
        let ids: String = self.ids.iter().map(|id| format!(" {id}")).collect();
        let data = self.data.data.as_ref().map(|data| format!(" --data {}", data.display()));
        [
            ids,
            flag("link", &self.link),
            flag("account", &self.account),
            only,
            flag("reason", &self.reason),
            data.unwrap_or_default(),
        ]
        .concat()
    }

    /// What the order may touch: as many as were named, or as many as the preview said.
    fn at_most(&self) -> Option<usize> {
        let named = (!self.ids.is_empty()).then_some(self.ids.len());
        self.yes.or(named)
    }
}

/// The words of an order: `reroute`, `rerouted to carrier-b`, and its flags.
pub(crate) struct Words {
    pub(crate) verb: &'static str,
    pub(crate) done: String,
    pub(crate) flags: String,
}

/// Previews an order, or has it done.
pub(crate) async fn run(which: Which, order: Order, words: &Words, ui: &Ui) -> Exit {
    if which.is_empty() {
        let trouble = Trouble::new(format!("nothing is named to {}", words.verb))
            .why("without a name it would be every message of the centre")
            .so(format!("chappe {} ID, or --link, --account, --only, --reason", words.verb));
        ui.trouble(&trouble);
        return Exit::Misused;
    }
    let ordering =
        Ordering { order, selection: which.selection(), at_most: which.at_most(), who: who::am_i() };
    let control = Control::of(which.data.clone());
    let ordered: Ordered = match control.post("/messages/order", &ordering).await {
        Ok(ordered) => ordered,
        Err(not_done) => return not_done.end(ui),
    };
    if ui.json {
        ui.object(&ordered);
        return exit(&ordered);
    }
    tell(ui, &ordered, &which, words);
    exit(&ordered)
}

/// Nothing there to do it to is a refusal: a script must see it.
fn exit(ordered: &Ordered) -> Exit {
    match ordered.done {
        None => Exit::Done,
        Some(done) if done > 0 => Exit::Done,
        Some(_) => Exit::Refused,
    }
}

fn tell(ui: &Ui, ordered: &Ordered, which: &Which, words: &Words) {
    let messages = |count: usize| match count {
        1 => "1 message".to_owned(),
        _ => format!("{} messages", grouped(count as u64)),
    };
    if let Some(done) = ordered.done {
        let left = ordered.matched.saturating_sub(done);
        ui.line(format_args!("{} {}", messages(done), words.done));
        if left > 0 {
            ui.line(format_args!("{} left or ended before it could be done", messages(left)));
        }
        return;
    }
    ui.line(format_args!("{} would be {}; nothing is done yet", messages(ordered.matched), words.done));
    if ordered.matched == 0 {
        return;
    }
    ui.line("");
    ui.line(waits_table(ui, &ordered.first));
    let more = ordered.matched.saturating_sub(ordered.first.len());
    if more > 0 {
        ui.line(format_args!("and {} more", grouped(more as u64)));
    }
    ui.line("");
    ui.line(format_args!(
        "to do it:  chappe {}{}{} --yes {}",
        words.verb,
        which.words(),
        words.flags,
        ordered.matched
    ));
}

const COLUMNS: &[Column] = &[
    Column::Text("ID"),
    Column::Text("TARGET"),
    Column::Text("STANDS"),
    Column::Text("AGE"),
    Column::Text("NEXT TRY"),
    Column::Number("TRIES"),
    Column::Text("WHY"),
];

/// Messages that are not over, a line each.
pub(crate) fn waits_table(ui: &Ui, waits: &[Waits]) -> String {
    let now = Timestamp::now();
    table(
        ui,
        COLUMNS,
        waits.iter().map(|waits| {
            vec![
                waits.id.clone(),
                waits.target.clone(),
                waits.stands.replace('_', " "),
                times::brief(times::between(waits.accepted, now)),
                waits.due.map_or("–".into(), |due| next_try(due, now)),
                waits.attempts.to_string(),
                waits.reason.clone().unwrap_or_else(|| "–".into()),
            ]
        }),
    )
}

fn next_try(due: Timestamp, now: Timestamp) -> String {
    match times::between(now, due) {
        wait if wait.is_zero() => "now".into(),
        wait => format!("in {}", times::brief(wait)),
    }
}
