//! Chappe: a message centre for SMS that speaks SMPP.

mod centre;
mod command;
mod config;
mod control;
mod exit;
mod log;
mod paths;
mod table;
mod times;
mod ui;
mod verbs;
mod who;

use clap::Parser;

use command::Command;
use exit::Exit;
use ui::{Trouble, Ui};

/// A message's octets are allocated by the task that hears it and freed by the one that sends it: the system's
/// allocator is slow at that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Exit {
    let command = match Command::try_parse() {
        Ok(command) => command,
        Err(told) => {
            let _ = told.print();
            return if told.use_stderr() { Exit::Misused } else { Exit::Done };
        }
    };
    let ui = Ui::new(command.color, command.json);
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => {
            let exit = runtime.block_on(command.verb.run(&ui));
            // Whoever still works is not waited for: what matters was ended by the verb.
            runtime.shutdown_background();
            exit
        }
        Err(error) => {
            ui.trouble(&Trouble::new(format!("no threads to run on: {error}")));
            Exit::Misused
        }
    }
}
