//! A range of IP addresses.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// The addresses that share their first `bits` with `address`: `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.1`.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Network {
    /// An address within.
    pub address: IpAddr,
    /// How many bits of it count; more than it has are all it has.
    pub bits: u8,
}

/// Text that names no network.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a network: an address, or an address and a number of bits, such as 10.0.0.0/8")]
pub struct NotANetwork;

impl Network {
    /// Whether an address lies within. An IPv4 address is one, however it is written.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address.to_canonical(), address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let outside = 32_u32.saturating_sub(self.bits.into());
                (network.to_bits() ^ address.to_bits()).checked_shr(outside).unwrap_or(0) == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let outside = 128_u32.saturating_sub(self.bits.into());
                (network.to_bits() ^ address.to_bits()).checked_shr(outside).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self { address, bits: if address.is_ipv4() { 32 } else { 128 } }
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let Some((address, bits)) = text.split_once('/') else {
            return text.parse::<IpAddr>().map(Self::from).map_err(|_| NotANetwork);
        };
        let all = Self::from(address.parse::<IpAddr>().map_err(|_| NotANetwork)?);
        match bits.parse() {
            Ok(bits) if bits <= all.bits => Ok(Self { bits, ..all }),
            _ => Err(NotANetwork),
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_the_addresses_that_share_its_bits() {
        for (network, address, within) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
            ("0.0.0.0/0", "203.0.113.7", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("::/0", "2001:db8::1", true),
        ] {
            let read: Network = network.parse().unwrap();
            assert_eq!(read.contains(address.parse().unwrap()), within, "{address} in {network}");
        }
        for text in ["", "10.0.0.0/33", "10.0.0.0/-1", "ten", "::/129", "10.0.0/8"] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
        }
    }
}
