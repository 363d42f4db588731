//! The embedded store: a journal that is also the history
