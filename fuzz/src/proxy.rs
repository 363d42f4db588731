//! The PROXY header that stands before a connection: whole or in pieces it says the same, and nothing behind it is read.

use std::net::SocketAddr;

use crate::header::{Header, Step};

/// Reads `octets` as the head of a connection, as a listener does: never more than what must belong to the header.
pub fn proxy(octets: &[u8]) {
    let mut read = 0;
    for _ in 0..=octets.len() {
        match Header::read(&octets[..read]) {
            Ok(Step::Done(header)) => {
                assert!(read <= HEADER_MAX, "a header of {read} octets");
                return says(header);
            }
            Ok(Step::More(count)) => {
                assert!(count > 0, "no more is needed, and it is not done");
                if read + count > octets.len() {
                    // The peer went silent. What is there is still no header, and not refused either way.
                    let rest = Header::read(octets);
                    assert!(!matches!(rest, Ok(Step::Done(_))), "more was asked for than belongs to it");
                    return;
                }
                read += count;
            }
            Err(bad) => {
                let _ = bad.to_string();
                // What cannot be a header does not become one.
                assert!(!matches!(Header::read(octets), Ok(Step::Done(_))) || read > octets.len());
                return;
            }
        }
    }
    panic!("asks for ever");
}

/// The most octets that a header may have: version 2 with TLVs, bounded by the reader.
const HEADER_MAX: usize = 1 << 16;

fn says(header: Header) {
    if let Header::Relayed { source, destination } = header {
        assert_eq!(source.is_ipv4(), destination.is_ipv4(), "{source} to {destination}");
        let again: Result<SocketAddr, _> = source.to_string().parse();
        assert!(again.is_ok());
    }
}
