//! The parser of PROXY headers alone: the crate that it is of brings TLS, which takes long to build.
#![allow(dead_code, unreachable_pub)]

#[path = "../../../protocol/smpp-tokio/src/proxy/header.rs"]
#[allow(clippy::module_inception)]
mod header;
#[path = "../../../protocol/smpp-tokio/src/proxy/read.rs"]
mod read;
#[path = "../../../protocol/smpp-tokio/src/proxy/v1.rs"]
mod v1;
#[path = "../../../protocol/smpp-tokio/src/proxy/v2.rs"]
mod v2;

pub(crate) use header::{Header, Step};
