//! What a simulated phone sends.

use serde::{Deserialize, Serialize};

/// A text from a simulated phone.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// The phone.
    pub from: String,
    /// The number it writes to.
    pub to: String,
    pub text: String,
}

/// The text is on its way to the centre.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Replied {
    /// Messages it took.
    pub parts: usize,
}
