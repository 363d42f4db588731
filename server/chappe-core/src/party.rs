//! Who takes part: the numbers that accounts and links keep for ever.

/// An account's number, given by the store to its system_id once and for ever.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AccountId(pub u32);

/// A link's number, given by the store to its name once and for ever.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct LinkId(pub u32);
