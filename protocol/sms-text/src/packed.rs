//! Septets packed eight into seven octets, as the air interface and a few carriers carry them (3GPP TS 23.038
//! §6.1.2.1). SMPP sends them unpacked unless a link is told otherwise.

use alloc::vec::Vec;

/// Zero bits between a header of `header_octets` (its length octet included) and the first septet.
#[must_use]
pub fn fill_bits(header_octets: usize) -> u8 {
    // At most 6, so the narrowing keeps the value.
    ((7 - (header_octets * 8) % 7) % 7) as u8
}

/// Packs septets behind `fill_bits` zero bits; a spare septet at the end is zero.
#[must_use]
pub fn pack(septets: &[u8], fill_bits: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity((usize::from(fill_bits) + septets.len() * 7).div_ceil(8));
    let mut bits = u32::from(fill_bits % 8);
    let mut held = 0u32;
    for &septet in septets {
        held |= u32::from(septet & 0x7F) << bits;
        bits += 7;
        if bits >= 8 {
            out.push((held & 0xFF) as u8);
            held >>= 8;
            bits -= 8;
        }
    }
    if bits > 0 {
        out.push((held & 0xFF) as u8);
    }
    out
}

/// Packs septets for a receiver that will not know their count (USSD, cell broadcast): a spare septet at the
/// end is a carriage return, and a text that ends in one on an octet boundary gets a second, for the receiver takes
/// one away ([`unpack_without_count`]). Behind fill bits there is no second one: who writes a header knows the count.
#[must_use]
pub fn pack_without_count(septets: &[u8], fill_bits: u8) -> Vec<u8> {
    let used = usize::from(fill_bits) + septets.len() * 7;
    let is_full = used.is_multiple_of(8) && fill_bits == 0 && septets.len() > 1;
    let ends_in_return = is_full && septets.last() == Some(&RETURN);
    if used % 8 != 1 && !ends_in_return {
        return pack(septets, fill_bits);
    }
    let mut padded = septets.to_vec();
    padded.push(RETURN);
    pack(&padded, fill_bits)
}

/// Unpacks the septets behind `fill_bits` bits: all that are whole, and no more than `count`.
#[must_use]
pub fn unpack(octets: &[u8], fill_bits: u8, count: Option<usize>) -> Vec<u8> {
    let fill = usize::from(fill_bits);
    let whole = (octets.len() * 8).saturating_sub(fill) / 7;
    let count = count.map_or(whole, |count| count.min(whole));
    (0..count).map(|index| septet_at(octets, fill + index * 7)).collect()
}

/// Unpacks septets whose count did not travel: as [`unpack`], but a last septet in the place where padding stands (no
/// bits are left behind it) is dropped if it is one of the two that pad, `@` or a carriage return.
#[must_use]
pub fn unpack_without_count(octets: &[u8], fill_bits: u8) -> Vec<u8> {
    let mut septets = unpack(octets, fill_bits, None);
    let bits = (octets.len() * 8).saturating_sub(usize::from(fill_bits));
    if bits > 0 && bits.is_multiple_of(7) && matches!(septets.last(), Some(&(0 | RETURN))) {
        septets.pop();
    }
    septets
}

/// User data as a peer wants it that takes septets packed: the header as it is (its length octet included; empty for
/// none), fill bits up to the next septet, and the septets. Only the octets are counted in a PDU, so a spare septet is a
/// carriage return.
#[must_use]
pub fn pack_user_data(header: &[u8], septets: &[u8]) -> Vec<u8> {
    let mut user_data = header.to_vec();
    user_data.extend(pack_without_count(septets, fill_bits(header.len())));
    user_data
}

/// The other way: user data with its septets unpacked, behind the same header. `header_octets` is 0 where there is none;
/// more than there are is all.
#[must_use]
pub fn unpack_user_data(user_data: &[u8], header_octets: usize) -> Vec<u8> {
    let (header, packed) = user_data.split_at(header_octets.min(user_data.len()));
    let mut unpacked = header.to_vec();
    unpacked.extend(unpack_without_count(packed, fill_bits(header.len())));
    unpacked
}

fn septet_at(octets: &[u8], bit: usize) -> u8 {
    let low = octets.get(bit / 8).copied().unwrap_or(0);
    let high = octets.get(bit / 8 + 1).copied().unwrap_or(0);
    ((u16::from_le_bytes([low, high]) >> (bit % 8)) & 0x7F) as u8
}

const RETURN: u8 = 0x0D;
