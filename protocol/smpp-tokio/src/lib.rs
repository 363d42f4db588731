//! SMPP clients and servers over tokio
