//! The load generator: messages in volume over a few binds, and an honest sum of what came of them.

mod cpu;
mod expect;
mod ledger;
mod limit;
mod progress;
mod settings;
mod summary;

pub use expect::{Checked, Expect, ExpectError};
pub use limit::LimitedBy;
pub use progress::{Progress, Snapshot};
pub use settings::LoadSettings;
pub use summary::{Quantiles, Receipts, Summary};
