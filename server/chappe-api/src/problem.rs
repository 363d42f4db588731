//! Why a request was not done.

use serde::{Deserialize, Serialize};

/// A problem document (RFC 9457), with the reason in the word that answers, records and metrics use.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// `invalid_message_id`: for programs.
    pub reason: String,
    /// One sentence: for people.
    pub detail: String,
    /// Each thing that is wrong, where there are several; one line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

impl Problem {
    /// The media type of such a document.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    pub fn new(status: u16, reason: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { status, reason: reason.into(), detail: detail.into(), problems: Vec::new() }
    }
}
