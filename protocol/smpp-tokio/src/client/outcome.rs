//! What became of a request: exactly one of three.

use smpp_session::Ended;

use crate::client::answer::Answer;
use crate::error::{NotSent, RequestError};

/// What became of a request, by what may be done next: send it, find out, or be content.
///
/// ```no_run
/// # use smpp_tokio::{Client, Outcome, Transmitter, wire::SubmitSm};
/// # async fn demo(centre: Client<Transmitter>, message: SubmitSm<'_>) {
/// match Outcome::from(centre.submit(&message).await) {
///     Outcome::Answered(answer) => println!("{}", answer.status()),
///     Outcome::NotSent(why) => println!("may be sent again: {why}"),
///     Outcome::Unknown(why) => println!("sent again, it may arrive twice: {why:?}"),
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The peer has nothing of it.
    NotSent(NotSent),
    /// It left, and whether the peer acted on it nobody knows.
    Unknown(Unknown),
    /// The peer said yes or no.
    Answered(Answer),
}

/// Why nobody knows what became of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unknown {
    /// No answer came in time.
    TimedOut,
    /// The session ended first.
    Closed(Ended),
}

impl From<Result<Answer, RequestError>> for Outcome {
    fn from(result: Result<Answer, RequestError>) -> Self {
        match result {
            Ok(answer) => Self::Answered(answer),
            Err(RequestError::NotSent(why)) => Self::NotSent(why),
            Err(RequestError::TimedOut) => Self::Unknown(Unknown::TimedOut),
            Err(RequestError::Closed(why)) => Self::Unknown(Unknown::Closed(why)),
        }
    }
}
