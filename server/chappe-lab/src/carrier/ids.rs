//! Message ids: no two equal, not in sequence, the same again for the same seed.

use super::IdFormat;

/// Draws the message ids of one bind.
#[derive(Debug)]
pub(crate) struct Ids {
    next: u64,
    seed: u64,
}

/// Each bind has room for a trillion messages before it meets the next one's ids.
const BIND_SHIFT: u32 = 40;

impl Ids {
    pub(crate) fn new(seed: u64, bind: u64) -> Self {
        Self { next: bind << BIND_SHIFT, seed: mix(seed) }
    }

    pub(crate) fn draw(&mut self) -> u64 {
        self.next = self.next.wrapping_add(1);
        mix(self.next ^ self.seed)
    }
}

/// The finaliser of splitmix64: a bijection, so that different numbers stay different.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A message id as it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IdText {
    /// Right-aligned, with a NUL behind.
    octets: [u8; DIGITS_MAX + 1],
    start: usize,
}

/// Decimal digits of the largest id.
const DIGITS_MAX: usize = 20;

impl IdText {
    pub(crate) fn of(id: u64, format: IdFormat) -> Self {
        match format {
            IdFormat::Hex => Self::hex(id),
            IdFormat::Decimal => Self::decimal(id),
        }
    }

    pub(crate) fn octets(&self) -> &[u8] {
        &self.octets[self.start..DIGITS_MAX]
    }

    /// The same as a C-string.
    pub(crate) fn with_nul(&self) -> &[u8] {
        &self.octets[self.start..]
    }

    fn hex(id: u64) -> Self {
        let mut octets = [0; DIGITS_MAX + 1];
        for (pair, octet) in octets[4..DIGITS_MAX].chunks_exact_mut(2).zip(id.to_be_bytes()) {
            pair[0] = HEX[usize::from(octet >> 4)];
            pair[1] = HEX[usize::from(octet & 15)];
        }
        Self { octets, start: 4 }
    }

    fn decimal(mut id: u64) -> Self {
        let mut octets = [0; DIGITS_MAX + 1];
        let mut start = DIGITS_MAX;
        while id > 0 || start == DIGITS_MAX {
            start -= 1;
            octets[start] = b'0' + (id % 10) as u8;
            id /= 10;
        }
        Self { octets, start }
    }
}

const HEX: &[u8; 16] = b"0123456789ABCDEF";

#[cfg(test)]
mod tests {
    use super::*;

    fn text(id: u64, format: IdFormat) -> String {
        String::from_utf8_lossy(IdText::of(id, format).octets()).into_owned()
    }

    #[test]
    fn ids_are_written_whole_in_both_formats() {
        for id in [0, 7, 0x7c00_a91f, u64::MAX] {
            assert_eq!(text(id, IdFormat::Hex), format!("{id:016X}"));
            assert_eq!(text(id, IdFormat::Decimal), id.to_string());
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_ids_and_no_two_are_equal() {
        let draw = |seed, bind| {
            let mut ids = Ids::new(seed, bind);
            (0..1_000).map(|_| ids.draw()).collect::<Vec<_>>()
        };
        assert_eq!(draw(7, 1), draw(7, 1));
        assert_ne!(draw(7, 1), draw(8, 1));
        let all: std::collections::HashSet<_> = draw(7, 1).into_iter().chain(draw(7, 2)).collect();
        assert_eq!(all.len(), 2_000);
    }
}
