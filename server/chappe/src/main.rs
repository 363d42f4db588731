//! Chappe: a message centre for SMS that speaks SMPP.

mod exit;
mod paths;
mod ui;
mod verbs;

use exit::Exit;

fn main() -> Exit {
    Exit::Done
}
