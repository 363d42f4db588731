//! The embedded store under the law, on disks that fail, and on the files of this machine.

#![allow(clippy::unwrap_used, unreachable_pub)]

mod archive;
mod bed;
mod churn;
mod copies;
mod edges;
mod faults;
mod formats;
mod history;
mod law;
mod model;
mod opening;
mod sealing;
mod searches;
mod sim;
mod warm;
