//! What a store of messages promises, its record, and the in-memory store
