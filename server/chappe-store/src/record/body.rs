//! Where a body stands in a record.

use chappe_core::Message;

/// A body within a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Body<'a> {
    /// The key its text is sealed with; 0 while it is plain.
    pub text_key: u32,
    /// Where its `text_key` stands, in octets from the record's beginning.
    pub within: u32,
    /// The message, encoded.
    pub octets: &'a [u8],
}

impl Body<'_> {
    /// The message as it can be read: whole, or without its text where the body still names a key. A store that opened
    /// the text names none any more.
    pub fn readable(&self) -> Readable {
        if self.text_key == 0 {
            return Readable { body: self.octets.into(), erased: false };
        }
        let mut without = Vec::new();
        if let Ok(message) = Message::read(self.octets) {
            Message { user_data: b"", tlvs: b"", ..message }.write(&mut without);
        }
        Readable { body: without.into(), erased: true }
    }
}

/// What can be read of a message.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Readable {
    /// The message, encoded.
    pub body: Box<[u8]>,
    /// Its text is gone with the key it was sealed with.
    pub erased: bool,
}
