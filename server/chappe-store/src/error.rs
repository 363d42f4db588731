//! Why a store did not do what it was asked.

use chappe_core::Reason;

/// Cut by what the caller does next.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Not stored, and the same call will be refused again until something changes: answer with the reason.
    #[error("refused: {0}")]
    Refused(Reason),
    /// Not stored: the store cannot write. Try again later, or elsewhere.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// May be stored: resolve it by its id once the store answers again.
    #[error("whether it was stored is unknown: {0}")]
    Unknown(String),
    /// Not stored: another holder has the lease.
    #[error("the lease is held elsewhere")]
    Fenced,
}

impl StoreError {
    /// The reason to answer a sender with.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Refused(reason) => *reason,
            Self::Unavailable(_) | Self::Unknown(_) | Self::Fenced => Reason::StorageUnavailable,
        }
    }
}
