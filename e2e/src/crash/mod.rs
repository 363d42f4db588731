//! The proof of G1 and G4: what was acknowledged is not lost, neither by `kill -9` nor, as far as a
//! trace of system calls can show it, by a loss of power.

mod children;
mod home;
mod load;
mod order;
mod round;
mod traced;
mod verdict;

pub(crate) use children::only_child;
pub use round::{Plan, round};
pub use traced::{Traced, traced};
pub use verdict::Verdict;
