//! ChaCha20 over the text of a body.
//!
//! The length stays, and so do the addresses: history is searched by number. No tag is needed against damage, since the
//! record's sum covers the sealed octets; against somebody who writes to the disk nothing here protects.

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher};
use chappe_core::Message;

/// Where a body stands in the journal: its item's `text_key`. No place is written twice, not even after a crash, since
/// each start begins a segment of a new number; so the place is the nonce.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Place {
    pub(crate) segment: u64,
    pub(crate) offset: u32,
}

impl Place {
    fn nonce(self) -> [u8; 12] {
        let mut nonce = [0; 12];
        nonce[..8].copy_from_slice(&self.segment.to_le_bytes());
        nonce[8..].copy_from_slice(&self.offset.to_le_bytes());
        nonce
    }
}

/// Seals what is open and opens what is sealed: the user data and the TLVs.
pub(super) fn apply(key: &[u8; 32], place: Place, body: &mut [u8]) {
    // What is not a message has no text; our own records never hold such a body.
    let Ok(texts) = Message::texts_in(body) else { return };
    let mut stream = ChaCha20::new(key.into(), &place.nonce().into());
    for text in texts {
        if let Some(text) = body.get_mut(text) {
            stream.apply_keystream(text);
        }
    }
}

/// The message without its user data and TLVs.
pub(super) fn without_text(body: &[u8]) -> Vec<u8> {
    let mut without = Vec::new();
    if let Ok(message) = Message::read(body) {
        Message { user_data: b"", tlvs: b"", ..message }.write(&mut without);
    }
    without
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body() -> Vec<u8> {
        let destination = chappe_core::Address { ton: 1, npi: 1, digits: b"385911234567" };
        let mut octets = Vec::new();
        Message { destination, user_data: b"a secret text", tlvs: b"\x04\x24\0\x02hi", ..Message::default() }
            .write(&mut octets);
        octets
    }

    const HERE: Place = Place { segment: 7, offset: 4096 };

    #[test]
    fn a_sealed_body_has_its_length_and_addresses_and_not_its_text() {
        let (plain, mut sealed) = (body(), body());
        apply(&[9; 32], HERE, &mut sealed);
        let (before, after) = (Message::read(&plain).unwrap(), Message::read(&sealed).unwrap());
        assert_eq!(after.destination, before.destination);
        assert_eq!(after.user_data.len(), before.user_data.len());
        assert_ne!(after.user_data, before.user_data);
        assert_ne!(after.tlvs, before.tlvs);
        apply(&[9; 32], HERE, &mut sealed);
        assert_eq!(sealed, plain);
    }

    #[test]
    fn the_same_text_at_another_place_or_under_another_key_is_sealed_differently() {
        let sealed = |key: u8, segment, offset| {
            let mut octets = body();
            apply(&[key; 32], Place { segment, offset }, &mut octets);
            octets
        };
        let one = sealed(1, 1, 1);
        assert!([sealed(2, 1, 1), sealed(1, 2, 1), sealed(1, 1, 2)].iter().all(|other| *other != one));
    }

    #[test]
    fn an_erased_body_keeps_what_is_not_text() {
        let without = without_text(&body());
        let message = Message::read(&without).unwrap();
        assert_eq!(message.destination.digits, b"385911234567");
        assert!(message.user_data.is_empty() && message.tlvs.is_empty());
    }
}
