//! Message ids that are numbers.

use alloc::vec::Vec;

/// How a peer writes the ids of its messages in the answer to a submit and in a receipt.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Ids {
    /// As they are, in any case of letters.
    #[default]
    AsWritten,
    /// As numbers, leading zeros apart: some write one and the same id in hexadecimal and in decimal.
    Numbers {
        /// In the answer to a submit.
        answer: Base,
        /// In the text of a receipt.
        receipt: Base,
    },
}

impl Ids {
    /// What the id of an answer is kept under, to be found again by [`receipt_key`](Self::receipt_key): a number in
    /// hexadecimal digits without leading zeros, anything else in small letters.
    #[must_use]
    pub fn answer_key(self, id: &[u8]) -> Vec<u8> {
        match self {
            Self::AsWritten => id.to_ascii_lowercase(),
            Self::Numbers { answer, .. } => key(id, answer),
        }
    }

    /// What the id of a receipt is looked up by.
    #[must_use]
    pub fn receipt_key(self, id: &[u8]) -> Vec<u8> {
        match self {
            Self::AsWritten => id.to_ascii_lowercase(),
            Self::Numbers { receipt, .. } => key(id, receipt),
        }
    }
}

fn key(id: &[u8], base: Base) -> Vec<u8> {
    Number::read(id, base).map_or_else(|| id.to_ascii_lowercase(), Number::hexadecimal)
}

/// The base that an id is written in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Base {
    /// Digits.
    Decimal,
    /// Digits and the letters A to F, in any case.
    Hexadecimal,
}

/// A number of as many digits as an id may have: many are beyond 64 bits.
#[derive(Clone, Copy, Debug)]
struct Number {
    /// Little endian.
    limbs: [u32; LIMBS],
}

impl Number {
    /// `None` for what is no number in this base, is empty, or has more digits than an id may have.
    fn read(id: &[u8], base: Base) -> Option<Self> {
        if id.is_empty() || id.len() > DIGITS_MAX {
            return None;
        }
        let radix = match base {
            Base::Decimal => 10,
            Base::Hexadecimal => 16,
        };
        let mut limbs = [0u32; LIMBS];
        for &octet in id {
            let mut carry = u64::from(char::from(octet).to_digit(radix)?);
            for limb in &mut limbs {
                let sum = u64::from(*limb) * u64::from(radix) + carry;
                *limb = (sum & u64::from(u32::MAX)) as u32;
                carry = sum >> 32;
            }
            debug_assert_eq!(carry, 0, "the limbs hold the longest id");
        }
        Some(Self { limbs })
    }

    /// Its digits without leading zeros, in small letters.
    fn hexadecimal(self) -> Vec<u8> {
        let limbs = self.limbs.iter().rev();
        let nibbles = limbs.flat_map(|limb| (0..8).rev().map(move |place| (limb >> (4 * place)) & 0xF));
        let mut digits: Vec<u8> = nibbles
            .skip_while(|nibble| *nibble == 0)
            .map(|nibble| b"0123456789abcdef"[nibble as usize])
            .collect();
        if digits.is_empty() {
            digits.push(b'0');
        }
        digits
    }
}

/// Octets of a message_id without its NUL (SMPP 5.0 §4.7.14).
const DIGITS_MAX: usize = 64;
/// 64 hexadecimal digits are 256 bits.
const LIMBS: usize = 8;
