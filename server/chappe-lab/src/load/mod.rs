//! The load generator: messages in volume over a few binds, and an honest sum of what came of them.

mod bind;
mod cpu;
mod expect;
mod gather;
mod ledger;
mod limit;
mod pace;
mod progress;
mod run;
mod settings;
mod shape;
mod summary;

pub use expect::{Checked, Expect, ExpectError};
pub use limit::LimitedBy;
pub use progress::{Progress, Snapshot};
pub use run::{Load, NotRun};
pub use settings::LoadSettings;
pub use shape::BadShape;
pub use summary::{Quantiles, Receipts, Summary};
