//! Reads the header of either version.

use super::header::{BadHeader, Header, Step};
use super::{v1, v2};

impl Header {
    /// Reads a header from its first octet; `octets` must hold nothing else.
    ///
    /// # Errors
    ///
    /// It is none: see [`BadHeader`].
    pub fn read(octets: &[u8]) -> Result<Step, BadHeader> {
        if octets.is_empty() {
            return Ok(Step::More(v1::SHORTEST));
        }
        if v2::begins(octets) {
            v2::read(octets)
        } else if v1::begins(octets) {
            v1::read(octets)
        } else {
            Err(BadHeader::Absent)
        }
    }
}
