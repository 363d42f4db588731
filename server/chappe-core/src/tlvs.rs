//! The TLVs of a message, as they came.

/// The value of the first TLV with this tag. What is cut off at the end is not there.
pub fn find(mut tlvs: &[u8], tag: u16) -> Option<&[u8]> {
    loop {
        let (head, rest) = tlvs.split_first_chunk::<4>()?;
        let length = u16::from_be_bytes([head[2], head[3]]);
        let (value, rest) = rest.split_at_checked(usize::from(length))?;
        if u16::from_be_bytes([head[0], head[1]]) == tag {
            return Some(value);
        }
        tlvs = rest;
    }
}

/// The integer in the first TLV with this tag, if it has one to four octets.
pub fn number(tlvs: &[u8], tag: u16) -> Option<u32> {
    let value = find(tlvs, tag).filter(|value| (1..=4).contains(&value.len()))?;
    Some(value.iter().fold(0, |number, octet| number << 8 | u32::from(*octet)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tlv_is_found_behind_others_and_a_torn_one_is_not() {
        let tlvs = [0, 5, 0, 0, 2, 4, 0, 2, 1, 44, 2, 4, 0, 1, 9, 2, 0xC, 0, 9, 1];
        assert_eq!(find(&tlvs, 5), Some(&[][..]));
        assert_eq!(number(&tlvs, 0x204), Some(300));
        assert_eq!(number(&tlvs, 5), None);
        assert_eq!(find(&tlvs, 0x20C), None);
    }
}
