//! The nouns and verdicts of a message centre, without clock or I/O
