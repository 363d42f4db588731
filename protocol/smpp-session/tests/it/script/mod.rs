//! Conversations as text: `talks/*.talk`. `talks/README.md` says how one is written.

mod act;
mod line;
mod pdu;
mod run;
mod words;

pub(crate) use run::run;
