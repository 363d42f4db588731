//! An SMPP session without I/O, for both roles
