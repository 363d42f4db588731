//! What a carrier's answer means for a message (BEHAVIOUR §4), as data: a table per link.

mod rule;
mod table;
mod waits;

pub use rule::{Consequence, NotARule, Rule};
pub use table::{Next, RetryTable};
pub use waits::Waits;
