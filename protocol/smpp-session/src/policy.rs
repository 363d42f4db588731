//! Where a session can be made stricter, or more lenient, than it is by default.

/// Which version's state table the peer's requests are held against.
///
/// What this side sends is always held against the version of the session.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Hash)]
pub enum StateTable {
    /// The one that allows most: a peer may do whatever any version lets it.
    #[default]
    AnyVersion,
    /// That of the session's version. What it does not know is an unknown command, and the states are its own.
    OwnVersion,
}

/// Which statuses this side answers with.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Hash)]
pub enum Statuses {
    /// Those that the peer's version knows; another one goes as the nearest that it does know.
    #[default]
    Known,
    /// As they are given: for a peer of 3.4 that wants the statuses of 5.0.
    AsGiven,
}

/// What becomes of a request whose sequence number another request of the peer has, which is not answered yet.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Hash)]
pub enum Duplicates {
    /// Both are served: some peers number everything 0 or 1. Nothing is remembered then.
    #[default]
    Served,
    /// The second is refused by generic_nack as an invalid command.
    Refused,
    /// The second is refused, and the session ended.
    Ended,
}

/// What becomes of a command that no version knows.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Hash)]
pub enum Unknown {
    /// It is refused by generic_nack, and the session goes on.
    #[default]
    Refused,
    /// Once bound, it is the caller's to answer: for vendors' commands.
    Served,
}
