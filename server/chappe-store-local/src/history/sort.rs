//! Sorts pairs by their key.

/// Bits of a key that one pass looks at.
const BITS: u32 = 11;
const BUCKETS: usize = 1 << BITS;

/// Sorts by the upper half; equal ones stay in their order.
///
/// Counted passes instead of comparisons: keys are evenly spread, and this is where an index costs most.
pub(crate) fn by_key(pairs: &mut [u64]) {
    let mut other = vec![0; pairs.len()];
    let (mut from, mut to) = (&mut *pairs, &mut other[..]);
    for shift in [32, 32 + BITS, 32 + 2 * BITS] {
        pass(from, to, shift);
        (from, to) = (to, from);
    }
    // After three passes the last result stands in `other`.
    pairs.copy_from_slice(&other);
}

fn pass(from: &[u64], to: &mut [u64], shift: u32) {
    let bucket = |pair: u64| (pair >> shift) as usize & (BUCKETS - 1);
    let mut places = [0; BUCKETS];
    for pair in from {
        places[bucket(*pair)] += 1;
    }
    let mut next = 0;
    for place in &mut places {
        (*place, next) = (next, next + *place);
    }
    for pair in from {
        let place = &mut places[bucket(*pair)];
        to[*place] = *pair;
        *place += 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn pairs_end_by_key_and_equal_keys_keep_their_order(
            keys in proptest::collection::vec(prop_oneof![any::<u32>(), 0..4_u32, Just(u32::MAX)], 0..500),
        ) {
            let mut pairs: Vec<u64> = keys.iter().zip(0..).map(|(key, at)| u64::from(*key) << 32 | at).collect();
            let mut expected = pairs.clone();
            expected.sort_unstable();
            by_key(&mut pairs);
            prop_assert_eq!(pairs, expected);
        }
    }
}
