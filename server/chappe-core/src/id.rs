//! Message ids: a keyed permutation of the store's sequence.

use std::fmt;
use std::str::FromStr;

/// What an account sees of a message: 16 hexadecimal digits that cannot be guessed from a neighbour's.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct MessageId(pub u64);

impl MessageId {
    /// The 16 digits, without an allocation.
    pub fn digits(self) -> [u8; 16] {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut digits = [0; 16];
        for (at, digit) in digits.iter_mut().enumerate() {
            let nibble = (self.0 >> (60 - 4 * at)) & 0xf;
            *digit = HEX[usize::try_from(nibble).unwrap_or(0)];
        }
        digits
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The text is not 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a message id is 16 hexadecimal digits")]
pub struct NotAnId;

impl FromStr for MessageId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text.len() != 16 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(NotAnId);
        }
        u64::from_str_radix(text, 16).map(Self).map_err(|_| NotAnId)
    }
}

/// The key of a store's permutation: a Feistel network of four rounds over the 64 bits of a sequence number.
///
/// It hides order and volume from a stranger; what protects a message is that every look-up names its account.
#[derive(Clone, Copy)]
pub struct IdKey([u64; 4]);

impl fmt::Debug for IdKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdKey(..)")
    }
}

impl IdKey {
    /// A key from 32 random octets.
    pub fn new(secret: [u64; 4]) -> Self {
        Self(secret)
    }

    /// The id of the message with this sequence number.
    pub fn id(&self, sequence: u64) -> MessageId {
        let (mut left, mut right) = (sequence >> 32, sequence & 0xffff_ffff);
        for key in self.0 {
            (left, right) = (right, left ^ Self::round(right, key));
        }
        MessageId(left << 32 | right)
    }

    /// The sequence number of the message with this id.
    pub fn sequence(&self, id: MessageId) -> u64 {
        let (mut left, mut right) = (id.0 >> 32, id.0 & 0xffff_ffff);
        for key in self.0.iter().rev() {
            (left, right) = (right ^ Self::round(left, *key), left);
        }
        left << 32 | right
    }

    fn round(half: u64, key: u64) -> u64 {
        let mixed = (half ^ key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 29) ^ key.rotate_left(23)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed >> 32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_back_to_its_sequence_number() {
        let key = IdKey::new([1, 2, 3, 4]);
        for sequence in (0..10_000).chain([u64::MAX, 1 << 32, (1 << 32) - 1]) {
            assert_eq!(key.sequence(key.id(sequence)), sequence);
        }
    }

    #[test]
    fn ids_of_neighbours_share_no_order() {
        let key = IdKey::new([5, 6, 7, 8]);
        let rising = (0..1000).filter(|n| key.id(n + 1) > key.id(*n)).count();
        assert!((400..600).contains(&rising), "{rising} of 1000 rise");
    }

    #[test]
    fn an_id_reads_as_it_prints() {
        let id = MessageId(0x00ab_0000_0000_0001);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().as_bytes(), id.digits());
        assert_eq!("5f3a".parse::<MessageId>(), Err(NotAnId));
    }
}
