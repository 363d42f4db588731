//! `chappe message ID`: the story of one message; `chappe message find`: the messages that fit.

mod find;

use std::time::Duration;

use chappe_api::{Message, Step, StepKind};
use jiff::Timestamp;
use sms_text::Encoding;

use crate::control::{Control, Data};
use crate::exit::Exit;
use crate::times;
use crate::ui::{Tone, Trouble, Ui, grouped};

/// Tells the story of one message: when it came, which way it went, what became of it.
///
/// `chappe message find` finds messages by number, account or time.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
#[command(
    after_help = "Examples:\n  chappe message 5f3a9c01d27e4b86\n  chappe message 5f3a9c01d27e4b86 --json\n  chappe message find --to 385911234567\n\nThe id is needed whole: all 16 digits."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    find: Option<Find>,
    #[command(flatten)]
    story: Story,
}

#[derive(Debug, clap::Subcommand)]
enum Find {
    Find(find::Args),
}

#[derive(Debug, clap::Args)]
struct Story {
    /// The id that the answer to the submission carried: 16 hexadecimal digits.
    id: Option<String>,
    #[command(flatten)]
    data: Data,
}

const ID_DIGITS: usize = 16;

pub(crate) async fn run(args: Args, ui: &Ui) -> Exit {
    match args.find {
        Some(Find::Find(args)) => find::run(args, ui).await,
        None => story(args.story, ui).await,
    }
}

async fn story(args: Story, ui: &Ui) -> Exit {
    let id = args.id.unwrap_or_default();
    let id = id.trim();
    // What is no id must not become another path.
    if id.len() != ID_DIGITS || !id.bytes().all(|octet| octet.is_ascii_hexdigit()) {
        let trouble = Trouble::new(format!("{id:?} is not a message id"));
        ui.trouble(
            &trouble
                .why("it has 16 hexadecimal digits")
                .so("give it whole, as the answer to the submission had it"),
        );
        return Exit::Misused;
    }
    let message: Message = match Control::of(args.data).get(&format!("/message/{id}")).await {
        Ok(message) => message,
        Err(not_done) => return not_done.end(ui),
    };
    if ui.json {
        ui.object(&message);
    } else {
        tell(ui, &message, Timestamp::now());
    }
    Exit::Done
}

fn tell(ui: &Ui, message: &Message, now: Timestamp) {
    ui.line(head(ui, message, now));
    ui.line("");
    let start = message.steps.first().map_or(now, |step| step.at);
    for (at, shown) in fold(&message.steps).into_iter().enumerate() {
        match shown {
            Shown::Again(tries) => {
                ui.line(format_args!("  {:>12}  {:<9}  ×{} more", "", "the same", grouped(tries)))
            }
            Shown::Step(step) => {
                let (word, text) = step_words(message, step);
                let when = match at {
                    0 => times::clock_millis(step.at),
                    _ => format!("+{}", times::span(times::between(start, step.at))),
                };
                ui.line(format_args!("  {when:>12}  {word:<9}  {text}"));
            }
        }
    }
    if let Some(due) = waits_until(message) {
        ui.line("");
        ui.line(format_args!(
            "  next try at {}, in {}",
            times::clock(due),
            times::brief(times::between(now, due))
        ));
    }
}

/// A line of the story: a step, or so many tries like the one before.
#[derive(Debug, PartialEq)]
enum Shown<'a> {
    Step(&'a Step),
    Again(u64),
}

/// Of tries that end alike, only the first and the last are shown.
fn fold(steps: &[Step]) -> Vec<Shown<'_>> {
    let mut shown = Vec::new();
    let mut rest = steps;
    while let Some(step) = rest.first() {
        let same = deferral(rest)
            .map_or(0, |first| rest.chunks(TRY).take_while(|of| deferral(of) == Some(first)).count());
        let taken = match same {
            0 => 1,
            _ => same * TRY,
        };
        let (now, later) = rest.split_at(taken);
        match same {
            0 => shown.push(Shown::Step(step)),
            1..=3 => shown.extend(now.iter().map(Shown::Step)),
            _ => {
                shown.extend(now[..TRY].iter().map(Shown::Step));
                shown.push(Shown::Again(same as u64 - 2));
                shown.extend(now[taken - TRY..].iter().map(Shown::Step));
            }
        }
        rest = later;
    }
    shown
}

/// A try is two steps: it left, and was deferred.
const TRY: usize = 2;

/// By whom and why the try that these steps begin with was deferred; `None` if they begin with no such try.
fn deferral(steps: &[Step]) -> Option<(&str, Option<&str>, bool)> {
    match (&steps.first()?.kind, &steps.get(1)?.kind) {
        (StepKind::Intended { .. }, StepKind::Deferred { target, reason, in_doubt, .. }) => {
            Some((target, reason.as_deref(), *in_doubt))
        }
        _ => None,
    }
}

/// `5f3a9c01d27e4b86   delivered · ACME → 385915550101 · GSM-7, 19 octets · 2.010 s`
fn head(ui: &Ui, message: &Message, now: Timestamp) -> String {
    let is_over = message.state != "ENROUTE";
    let (word, tone) = match message.state.as_str() {
        "DELIVRD" => ("delivered", Tone::Good),
        "ENROUTE" if waits_until(message).is_some() => ("waiting", Tone::Waits),
        "ENROUTE" => ("on its way", Tone::Waits),
        "EXPIRED" => ("expired", Tone::Bad),
        "DELETED" => ("deleted", Tone::Bad),
        "UNDELIV" => ("undeliverable", Tone::Bad),
        "REJECTD" => ("rejected", Tone::Bad),
        _ => ("of unknown fate", Tone::Bad),
    };
    let text_octets = message.octets.saturating_sub(message.header_octets);
    let encoding = Encoding::of_data_coding(message.data_coding).name();
    let mut facts = vec![
        format!("{} → {}", or_none(&message.source), message.destination),
        format!("{encoding}, {text_octets} octets"),
        times::span(lasted(message, is_over, now)),
    ];
    if message.possible_duplicate {
        facts.push("possibly twice".into());
    }
    format!("{}   {} · {}", ui.paint(Tone::Strong, &message.id), ui.paint(tone, word), facts.join(" · "))
}

fn or_none(source: &str) -> &str {
    if source.is_empty() { "(no sender)" } else { source }
}

/// To the step that ended it, or until now.
fn lasted(message: &Message, is_over: bool, now: Timestamp) -> Duration {
    let ends = |step: &&Step| match &step.kind {
        StepKind::Ended { state, .. } | StepKind::Receipt { state, .. } => *state == message.state,
        _ => false,
    };
    let end = message.steps.iter().find(ends).filter(|_| is_over);
    let end = end.map_or(now, |step| step.at);
    let start = message.steps.first().map_or(end, |step| step.at);
    times::between(start, end)
}

fn waits_until(message: &Message) -> Option<Timestamp> {
    message.due.filter(|_| message.state == "ENROUTE")
}

fn step_words(message: &Message, step: &Step) -> (&'static str, String) {
    match &step.kind {
        StepKind::Accepted { origin, target, class, .. } => {
            let valid = message.valid_until.map(|at| format!(" · valid until {}", times::day_and_clock(at)));
            ("accepted", format!("from {origin}, for {target} · {class}{}", valid.unwrap_or_default()))
        }
        StepKind::Intended { target } => ("leaving", format!("to {target}")),
        StepKind::Sent { target, remote } if remote.is_empty() => ("taken", format!("by {target}")),
        StepKind::Sent { target, remote } => ("taken", format!("by {target}, which calls it {remote}")),
        StepKind::Deferred { target, until, reason, in_doubt } => {
            let why = reason.as_deref().unwrap_or("no reason given");
            let doubt = if *in_doubt { "; whether it arrived is unknown" } else { "" };
            ("deferred", format!("{target}: {why}{doubt}; until {}", times::clock(*until)))
        }
        StepKind::Ended { state, error, reason } => {
            let reason = reason.as_deref().map(|reason| format!(", {reason}")).unwrap_or_default();
            ("final", format!("{state} err {error}{reason}"))
        }
        StepKind::Receipt { link, state, error, .. } => {
            ("receipt", format!("{state} err {error}, from {link}"))
        }
        StepKind::Notified { target } => ("told", format!("{target} took the receipt")),
        StepKind::Cancelled => ("cancelled", String::new()),
        StepKind::Replaced => ("replaced", "by another text".into()),
        StepKind::Moved { from, target, until, reason, by_hand } => {
            let why = if *by_hand { "by hand" } else { reason.as_deref().unwrap_or("no reason given") };
            let way = if from == target { target.clone() } else { format!("from {from} to {target}") };
            ("moved", format!("{way}: {why}; until {}", times::clock(*until)))
        }
        StepKind::Held { target, reason } => {
            ("held", format!("for {target}: {}", reason.as_deref().unwrap_or("no reason given")))
        }
        StepKind::Scheduled { until } => ("scheduled", format!("for {}", times::day_and_clock(*until))),
        StepKind::Collected { .. } => ("collected", "all its parts are here".into()),
        StepKind::Joined { told: Some(state) } => ("joined", format!("{state}, told for all its parts")),
        StepKind::Joined { told: None } => ("joined", "told with another part".into()),
        StepKind::LateReceipt { link, state, error, contradicts, .. } => {
            let end = if *contradicts { "against its end" } else { "after its end" };
            ("late", format!("{state} err {error}, from {link}, {end}"))
        }
        StepKind::Repeated => ("repeated", "an equal message was answered with this id".into()),
        StepKind::Noticed { state } => ("noticed", format!("{state}, to its account")),
        StepKind::SentAnew { id } => ("sent anew", format!("as {id}")),
        StepKind::AgainOf { id } => ("again", format!("sends {id} anew")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap()
    }

    fn message(state: &str, steps: Vec<(i64, StepKind)>) -> Message {
        let steps = steps.into_iter().map(|(millis, kind)| Step { at: at(millis), kind });
        Message {
            id: "5f3a9c01d27e4b86".into(),
            state: state.into(),
            source: "ACME".into(),
            destination: "385915550101".into(),
            data_coding: 0,
            esm_class: 0,
            registered_delivery: 1,
            octets: 19,
            header_octets: 0,
            valid_until: None,
            target: None,
            due: None,
            attempts: None,
            possible_duplicate: false,
            steps: steps.collect(),
        }
    }

    fn accepted() -> StepKind {
        let (origin, target, class) = ("account:acme".into(), "lab".into(), "transactional".into());
        StepKind::Accepted { origin, target, class, policy: 1 }
    }

    #[test]
    fn tries_that_end_alike_are_told_once_with_their_number() {
        let target = || "lab".to_owned();
        let a_try = |from: i64| {
            let (until, reason) = (at(from + 1_000), Some("carrier_throttled".to_owned()));
            let deferred = StepKind::Deferred { target: target(), until, reason, in_doubt: false };
            [(from, StepKind::Intended { target: target() }), (from + 5, deferred)]
        };
        let told = |tries: i64| {
            let steps = [(0, accepted())].into_iter().chain((0..tries).flat_map(|at| a_try(at * 1_000)));
            let told = message("ENROUTE", steps.collect());
            let folded = fold(&told.steps);
            let again = folded.iter().find_map(|shown| match shown {
                Shown::Again(tries) => Some(*tries),
                Shown::Step(_) => None,
            });
            (folded.len(), again)
        };
        assert_eq!([told(0), told(1), told(3)], [(1, None), (3, None), (7, None)]);
        assert_eq!([told(4), told(60)], [(6, Some(2)), (6, Some(58))]);
    }

    #[test]
    fn the_first_line_says_how_it_ended_and_how_long_it_took() {
        let ended = StepKind::Ended { state: "DELIVRD".into(), error: "000".into(), reason: None };
        let ui = Ui::new(crate::ui::Color::Never, false);
        let over = message("DELIVRD", vec![(0, accepted()), (2_010, ended)]);
        let line = head(&ui, &over, at(9_000_000));
        assert!(line.starts_with("5f3a9c01d27e4b86   delivered · ACME → 385915550101 · "), "{line}");
        assert!(line.ends_with("19 octets · 2.010 s"), "{line}");
        let open = message("ENROUTE", vec![(0, accepted())]);
        assert!(head(&ui, &open, at(185_000)).contains("on its way"));
        assert!(head(&ui, &open, at(185_000)).ends_with("3 min 5 s"));
    }
}
