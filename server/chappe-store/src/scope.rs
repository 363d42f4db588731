//! Whose messages may be seen.

use chappe_core::AccountId;

/// Whose messages a look-up may see.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scope {
    /// An operator's.
    All,
    /// An account's own. A foreign id is answered as an unknown one.
    Account(AccountId),
}
