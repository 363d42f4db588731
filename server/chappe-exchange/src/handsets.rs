//! What pages and commands need of simulated phones.

/// The phones behind a simulated carrier.
pub trait Handsets: Send + Sync {
    /// Lets the phone `from` send a text to `to`.
    ///
    /// # Errors
    ///
    /// [`NotReplied`], with nothing sent.
    fn reply(&self, from: &str, to: &str, text: &str) -> Result<Replied, NotReplied>;
}

/// A text is on its way from a phone to the centre.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Replied {
    /// Messages it took.
    pub parts: usize,
}

/// Why a phone sent nothing.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotReplied {
    /// The centre is not bound to the carrier with a receiving session.
    #[error("the centre is not bound to the simulated carrier")]
    NoReceiver,
    /// A phone is a number and cannot be called by a name.
    #[error("{0} is not a number")]
    NotANumber(String),
    /// As many texts wait to be sent as the carrier keeps.
    #[error("too many texts of phones wait already")]
    Full,
}
