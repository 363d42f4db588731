//! SMPP PDUs as bytes: frames, views, commands, statuses and TLVs
