//! The search for the NUL that ends a C-string, or should not stand in one.
//!
//! Eight octets at a time: the strings here are short, and a byte loop is most of what a codec costs.

/// Where the first NUL is, among the first `max` octets.
#[inline(always)]
pub(crate) fn first_nul(octets: &[u8], max: usize) -> Option<usize> {
    // Most strings of a message are empty.
    if *octets.first()? == 0 {
        return Some(0);
    }
    let (words, tail) = octets[..octets.len().min(max)].as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let zeros = zeros(u64::from_le_bytes(*word));
        if zeros != 0 {
            return Some(at * 8 + (zeros.trailing_zeros() / 8) as usize);
        }
    }
    let at = tail.iter().position(|&octet| octet == 0)?;
    Some(words.len() * 8 + at)
}

/// Whether there is a NUL among `octets`.
#[inline(always)]
pub(crate) fn holds_nul(octets: &[u8]) -> bool {
    // The last word may overlap the one before: what is asked is whether, not where.
    if let Some(last) = octets.last_chunk::<8>() {
        let (words, _) = octets.as_chunks::<8>();
        words.iter().chain([last]).any(|word| zeros(u64::from_le_bytes(*word)) != 0)
    } else if let (Some(&[a, b, c, d]), Some(&[e, f, g, h])) = (octets.first_chunk(), octets.last_chunk()) {
        zeros(u64::from_le_bytes([a, b, c, d, e, f, g, h])) != 0
    } else {
        octets.contains(&0)
    }
}

/// Not 0 where an octet of `word` is 0; the lowest bit set then lies in the first such octet, as higher ones may be
/// carries.
#[inline(always)]
fn zeros(word: u64) -> u64 {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    word.wrapping_sub(LOW) & !word & HIGH
}

#[cfg(test)]
mod tests {
    use super::{first_nul, holds_nul};

    #[test]
    fn the_first_nul_is_found_at_every_place_among_any_neighbours() {
        for (filler, length) in
            [0x01, 0x7F, 0x80, 0xFF].into_iter().flat_map(|f| (0..40).map(move |l| (f, l)))
        {
            let clean = [filler; 40];
            assert_eq!((first_nul(&clean[..length], 64), holds_nul(&clean[..length])), (None, false));
            for at in 0..length {
                let mut octets = clean;
                octets[at] = 0;
                assert_eq!(
                    (first_nul(&octets[..length], 64), holds_nul(&octets[..length])),
                    (Some(at), true)
                );
                octets[at..].fill(0);
                assert_eq!(
                    (first_nul(&octets[..length], 64), holds_nul(&octets[..length])),
                    (Some(at), true)
                );
            }
        }
    }

    #[test]
    fn no_nul_is_found_beyond_the_bound() {
        assert_eq!(first_nul(b"0123456789\0", 10), None);
        assert_eq!(first_nul(b"0123456789\0", 11), Some(10));
    }
}
