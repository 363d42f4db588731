//! What is looked up: each term of a record becomes a key of 32 bits.

use chappe_core::{AccountId, Address, LinkId};

/// The key of a term. Two terms may share one, so whoever looks a key up checks the record it leads to.
///
/// Keys stand in files: the same term must give the same key in every version that reads [`VERSION`](super::file).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Key(pub(crate) u32);

impl Key {
    /// Of every acceptance.
    pub(crate) const ANY: Self = Self(0x6368_6170);

    /// Of all that happened to a message.
    pub(crate) fn sequence(sequence: u64) -> Self {
        Self::of(1, &sequence.to_le_bytes())
    }

    /// Of what was sent to a number, however its prefix is written.
    pub(crate) fn to(number: &[u8]) -> Self {
        Self::of(2, normal(number))
    }

    /// Of what was sent from a number or name.
    pub(crate) fn from(number: &[u8]) -> Self {
        Self::of(3, normal(number))
    }

    /// Of what an account handed in.
    pub(crate) fn account(AccountId(number): AccountId) -> Self {
        Self::of(4, &number.to_le_bytes())
    }

    /// Of what a carrier knows by this id.
    pub(crate) fn remote(LinkId(number): LinkId, id: &[u8]) -> Self {
        Self::of(5 + (u64::from(number) << 8), id)
    }

    fn of(kind: u64, term: &[u8]) -> Self {
        let mut state = fold(kind ^ SEED);
        for chunk in term.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            state = fold(state ^ u64::from_le_bytes(word));
        }
        let [.., a, b, c, d] = fold(state ^ term.len() as u64).to_le_bytes();
        Self(u32::from_le_bytes([a, b, c, d]))
    }
}

/// The digits that are compared: without a leading `+` or `00`.
pub(crate) fn normal(number: &[u8]) -> &[u8] {
    Address { ton: 0, npi: 0, digits: number }.normal()
}

const SEED: u64 = 0x243f_6a88_85a3_08d3;
const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Both halves of a product depend on every bit of its factors.
fn fold(word: u64) -> u64 {
    let product = u128::from(word ^ ODD) * u128::from(ODD.rotate_left(31) | 1);
    let [low, high] = [product as u64, (product >> 64) as u64];
    low ^ high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_key_however_its_prefix_is_written() {
        assert_eq!(Key::to(b"+385911234567"), Key::to(b"385911234567"));
        assert_eq!(Key::to(b"00385911234567"), Key::to(b"385911234567"));
        assert_ne!(Key::to(b"385911234567"), Key::from(b"385911234567"));
    }

    #[test]
    fn keys_of_neighbours_are_spread_evenly() {
        let sequence = |number: u64| Key::sequence(number);
        let number = |number: u64| Key::to((385_910_000_000 + number).to_string().as_bytes());
        let id = |number: u64| Key::remote(LinkId(1), format!("{number:010x}").as_bytes());
        for key in [&sequence as &dyn Fn(u64) -> Key, &number, &id] {
            let mut keys: Vec<u32> = (0..100_000).map(|number| key(number).0).collect();
            keys.sort_unstable();
            let expected = |at: u64| at * (1 << 32) / 100_000;
            let off = keys.iter().zip(0..).map(|(key, at)| u64::from(*key).abs_diff(expected(at)));
            // Of random keys the one farthest off is about the root of their number away from its place.
            assert!(off.max().unwrap() < 600 * ((1 << 32) / 100_000));
            keys.dedup();
            assert!(keys.len() > 99_990, "{}", keys.len());
        }
    }

    #[test]
    fn keys_are_what_they_were_when_files_were_written_with_them() {
        assert_eq!(Key::to(b"385911234567"), Key(2_359_315_253));
    }
}
