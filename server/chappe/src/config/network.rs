//! Addresses to listen at, and networks: `10.0.0.0/8`, or one address.

use std::net::{IpAddr, SocketAddr};

use smpp_tokio::Network;

use super::problem::Problems;
use super::section::Section;
use super::source::At;

/// Reads a list of networks; what is none is told.
pub(super) fn list(problems: &Problems, texts: &[At<String>]) -> Vec<Network> {
    texts.iter().filter_map(|at| network(problems, at)).collect()
}

fn network(problems: &Problems, at: &At<String>) -> Option<Network> {
    let network = at.value.parse().ok();
    if network.is_none() {
        let hint = "write 10.0.0.0/8, or one address";
        problems.add(at.place.clone(), format!("\"{}\" is not a network", at.value), Some(hint.into()));
    }
    network
}

/// A list of addresses to listen at; `None` if the key is absent.
pub(super) fn addresses(section: &mut Section<'_>, key: &'static str) -> Option<Vec<SocketAddr>> {
    let given = section.strings(key)?;
    Some(given.iter().filter_map(|at| address(section, at)).collect())
}

/// An address with its port; what is none is told.
pub(super) fn address(section: &Section<'_>, at: &At<String>) -> Option<SocketAddr> {
    let address = at.value.parse().ok();
    if address.is_none() {
        section.bad(
            at,
            format!("\"{}\" is not an address with a port", at.value),
            Some("write \"127.0.0.1:2775\", or \"0.0.0.0:2775\" for every interface".into()),
        );
    }
    address
}

/// Whether what is sent to this address stays in a network of one's own: loopback, link-local, or a private range.
pub(super) fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_address_is_one_of_ones_own_network() {
        for (address, private) in [
            ("127.0.0.1", true),
            ("10.1.2.3", true),
            ("192.168.0.1", true),
            ("::1", true),
            ("fd00::1", true),
            ("::ffff:10.0.0.1", true),
            ("0.0.0.0", false),
            ("::", false),
            ("198.51.100.7", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_private(address.parse().unwrap()), private, "{address}");
        }
    }
}
