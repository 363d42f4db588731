//! Message ids that are numbers.

/// The base that an id is written in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Base {
    /// Digits.
    Decimal,
    /// Digits and the letters A to F, in any case.
    Hexadecimal,
}

/// A number of as many digits as an id may have: many are beyond 64 bits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Number {
    /// Little endian.
    limbs: [u32; LIMBS],
}

impl Number {
    /// `None` for what is no number in this base, is empty, or has more digits than an id may have.
    pub(super) fn read(id: &[u8], base: Base) -> Option<Self> {
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
}

/// Octets of a message_id without its NUL (SMPP 5.0 §4.7.14).
const DIGITS_MAX: usize = 64;
/// 64 hexadecimal digits are 256 bits.
const LIMBS: usize = 8;
