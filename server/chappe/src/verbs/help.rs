//! `chappe help`: what a verb does, and which numbers misbehave.

use chappe_lab::carrier::{Fate, Outcome, RULES, Rule};
use serde_json::{Value, json};
use smpp_wire::CommandStatus;

use crate::exit::Exit;
use crate::ui::{Tone, Trouble, Ui};

/// Explains a verb, or with `numbers` the numbers that misbehave on purpose.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  chappe help send\n  chappe help numbers")]
pub(crate) struct Args {
    /// A verb, or `numbers`; nothing: all verbs.
    #[arg(value_name = "TOPIC")]
    topic: Vec<String>,
}

/// Explains a topic; `command` is the whole command line.
pub(crate) fn run(args: &Args, mut command: clap::Command, ui: &Ui) -> Exit {
    if args.topic == ["numbers"] {
        numbers(ui);
        return Exit::Done;
    }
    command.build();
    let mut verb = &mut command;
    for name in &args.topic {
        match verb.find_subcommand_mut(name) {
            Some(found) => verb = found,
            None => {
                let trouble = Trouble::new(format!("there is no help on {}", args.topic.join(" ")));
                ui.trouble(&trouble.so("chappe help      lists the verbs"));
                return Exit::Misused;
            }
        }
    }
    let _ = verb.print_long_help();
    Exit::Done
}

fn numbers(ui: &Ui) {
    if ui.json {
        return RULES.iter().for_each(|rule| ui.object(&object(rule)));
    }
    ui.line("The last six digits of a number decide what becomes of a message; all others deliver.\n");
    for rule in RULES {
        ui.line(format_args!("  {}  {}", ui.paint(Tone::Strong, rule.ending), rule.says));
        for (ending, what) in rule.examples {
            ui.line(format_args!(
                "  {:6}    {}  {what}: {}",
                "",
                ui.paint(Tone::Dim, ending),
                outcome(ending)
            ));
        }
    }
    ui.line("\nOnly simulated carriers do so: chappe dev, chappe sim carrier. Try one:\n");
    ui.line("  chappe send --to 385911001027 --text \"hello\"");
}

fn object(rule: &Rule) -> Value {
    let example =
        |(ending, what): &(&str, &str)| json!({ "ending": ending, "what": what, "outcome": outcome(ending) });
    let examples: Vec<_> = rule.examples.iter().map(example).collect();
    json!({ "ending": rule.ending, "says": rule.says, "examples": examples })
}

/// What the carrier does with it, in the words of the protocol.
fn outcome(ending: &str) -> String {
    match Fate::of(ending.as_bytes()) {
        Fate::Refused(status) => chappe_lab::status::name(CommandStatus(status)),
        Fate::Ends(Outcome { state, err }) => format!("{} err {err:03}", state.stat()),
        Fate::DeliveredAfter(delay) => format!("DELIVRD after {} s", delay.as_secs()),
        _ => "DELIVRD".into(),
    }
}
