//! Message ids for peers of SMPP 3.3, whose field has room for eight hexadecimal digits (SMPP 3.3 §5.2.11).

use crate::id::MessageId;
use crate::id_style::IdText;

/// The key of a permutation of the lower 32 bits of sequence numbers: a Feistel network of four rounds over two halves
/// of 16 bits.
///
/// Eight digits cannot name every message for ever: an id comes again after four thousand million messages, and means
/// the newest one.
#[derive(Clone, Copy)]
pub struct ShortIds([u32; 4]);

impl std::fmt::Debug for ShortIds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ShortIds(..)")
    }
}

impl ShortIds {
    /// The key that belongs to a store, made of the ids of two sequence numbers that no message ever has.
    pub fn of(id: impl Fn(u64) -> MessageId) -> Self {
        let [MessageId(a), MessageId(b)] = [id(u64::MAX), id(u64::MAX - 1)];
        Self([a, a >> 32, b, b >> 32].map(|part| u32::try_from(part & 0xffff_ffff).unwrap_or(0)))
    }

    /// The id of the message with this sequence number.
    pub fn text(&self, sequence: u64) -> IdText {
        let (mut left, mut right) = halves(sequence);
        for key in self.0 {
            (left, right) = (right, left ^ round(right, key));
        }
        IdText::short(left << 16 | right)
    }

    /// The sequence number that an id means, of those up to `last`; `None` where it is no such id. Letters may be of
    /// either case.
    pub fn sequence(&self, text: &str, last: u64) -> Option<u64> {
        let digits = text.len() == 8 && text.bytes().all(|octet| octet.is_ascii_hexdigit());
        let number = u64::from_str_radix(text, 16).ok().filter(|_| digits)?;
        let (mut left, mut right) = halves(number);
        for key in self.0.iter().rev() {
            (left, right) = (right ^ round(left, *key), left);
        }
        let low = u64::from(left << 16 | right);
        let newest = (last & !LOW) | low;
        if newest <= last { Some(newest) } else { newest.checked_sub(LOW + 1) }
    }
}

const LOW: u64 = 0xffff_ffff;

fn halves(number: u64) -> (u32, u32) {
    let half = |bits: u64| u32::try_from(bits & 0xffff).unwrap_or(0);
    (half(number >> 16), half(number))
}

fn round(half: u32, key: u32) -> u32 {
    let mixed = (half ^ key).wrapping_mul(0x9e37_79b9);
    let mixed = (mixed ^ (mixed >> 15) ^ key.rotate_left(11)).wrapping_mul(0x85eb_ca6b);
    mixed >> 16
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::id::IdKey;

    fn ids() -> ShortIds {
        let key = IdKey::new([1, 2, 3, 4]);
        ShortIds::of(|sequence| key.id(sequence))
    }

    #[test]
    fn an_id_has_eight_digits_and_leads_back_to_its_sequence_number() {
        let ids = ids();
        for sequence in (0..5_000).chain([LOW, LOW + 1, 7 << 32, (7 << 32) - 1]) {
            let text = ids.text(sequence).to_string();
            assert_eq!((text.len(), ids.sequence(&text, sequence)), (8, Some(sequence)), "{text}");
            assert_eq!(ids.sequence(&text.to_uppercase(), sequence + 1_000), Some(sequence), "{text}");
        }
    }

    #[test]
    fn no_two_of_many_messages_share_an_id_and_neighbours_show_no_order() {
        let ids = ids();
        let texts: Vec<String> = (0..20_000).map(|sequence| ids.text(sequence).to_string()).collect();
        assert_eq!(texts.iter().collect::<HashSet<_>>().len(), texts.len());
        let rising = texts.windows(2).filter(|pair| pair[0] < pair[1]).count();
        assert!((9_000..11_000).contains(&rising), "{rising} of 20 000 rise");
    }

    #[test]
    fn what_was_not_given_out_is_no_id() {
        let ids = ids();
        let ahead = ids.text(8).to_string();
        assert_eq!(ids.sequence(&ahead, 7), None);
        for text in ["", "7", "123456789", "+1234567", "1234567x"] {
            assert_eq!(ids.sequence(text, 7), None, "{text}");
        }
    }
}
