//! ChaCha20 over the text of a body.
//!
//! The length stays, and so do the addresses: history is searched by number. No tag is needed against damage, since the
//! record's sum covers the sealed octets; against somebody who writes to the disk nothing here protects.

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher};
use chappe_core::Message;
use chappe_store::record::BodyAt;

/// The place is the nonce: none is written twice, not even after a crash, since each start begins a segment of a new
/// number. A store that goes on from a copy begins with new keys.
fn nonce(at: BodyAt) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[..4].copy_from_slice(&at.segment.to_le_bytes());
    nonce[4..8].copy_from_slice(&at.offset.to_le_bytes());
    nonce
}

/// Seals what is open and opens what is sealed: the user data and the TLVs.
pub(super) fn apply(key: &[u8; 32], at: BodyAt, body: &mut [u8]) {
    // What is not a message has no text; our own records never hold such a body.
    let Ok(texts) = Message::texts_in(body) else { return };
    let mut stream = ChaCha20::new(key.into(), &nonce(at).into());
    for text in texts {
        if let Some(text) = body.get_mut(text) {
            stream.apply_keystream(text);
        }
    }
}

/// Nothing but zeros where the text was.
pub(super) fn blank(body: &mut [u8]) {
    let Ok(texts) = Message::texts_in(body) else { return };
    for text in texts {
        if let Some(text) = body.get_mut(text) {
            text.fill(0);
        }
    }
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

    const HERE: BodyAt = BodyAt { segment: 7, offset: 4096 };

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
            apply(&[key; 32], BodyAt { segment, offset }, &mut octets);
            octets
        };
        let one = sealed(1, 1, 1);
        assert!([sealed(2, 1, 1), sealed(1, 2, 1), sealed(1, 1, 2)].iter().all(|other| *other != one));
    }
}
