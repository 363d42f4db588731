//! The law of every store.
