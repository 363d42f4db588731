//! Version 2: binary.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::header::{BadHeader, Header, Step};

const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
/// Octets before the addresses: the signature, version and command, family, length.
const FIXED: usize = 16;
/// Octets behind them at most: the addresses, and what the proxy tells beside, which is skipped.
const LENGTH_MAX: usize = 4096;

const LOCAL: u8 = 0x20;
const PROXY: u8 = 0x21;
const TCP_OVER_IPV4: u8 = 0x11;
const TCP_OVER_IPV6: u8 = 0x21;

/// Whether the octets may become a header.
pub(super) fn begins(octets: &[u8]) -> bool {
    octets.iter().zip(SIGNATURE).all(|(octet, signature)| octet == signature)
}

pub(super) fn read(octets: &[u8]) -> Result<Step, BadHeader> {
    let Some((head, rest)) = octets.split_first_chunk::<FIXED>() else {
        return Ok(Step::More(FIXED - octets.len()));
    };
    let [.., command, family, high, low] = *head;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if command != LOCAL && command != PROXY {
        return Err(BadHeader::Command(command));
    }
    if length > LENGTH_MAX {
        return Err(BadHeader::Long { length });
    }
    let Some(rest) = rest.get(..length) else {
        return Ok(Step::More(length - rest.len()));
    };
    let relayed = match (command, family) {
        (PROXY, TCP_OVER_IPV4) => addresses::<4>(rest, |octets| Ipv4Addr::from(octets).into()),
        (PROXY, TCP_OVER_IPV6) => addresses::<16>(rest, |octets| Ipv6Addr::from(octets).into()),
        _ => return Ok(Step::Done(Header::Own)),
    };
    relayed.map(Step::Done).ok_or(BadHeader::Short { length })
}

/// Two addresses and two ports.
fn addresses<const N: usize>(octets: &[u8], ip: impl Fn([u8; N]) -> IpAddr) -> Option<Header> {
    let (source, rest) = octets.split_first_chunk::<N>()?;
    let (destination, rest) = rest.split_first_chunk::<N>()?;
    let (source_port, rest) = rest.split_first_chunk::<2>()?;
    let (destination_port, _) = rest.split_first_chunk::<2>()?;
    let address = |octets: &[u8; N], port: &[u8; 2]| SocketAddr::new(ip(*octets), u16::from_be_bytes(*port));
    Some(Header::Relayed {
        source: address(source, source_port),
        destination: address(destination, destination_port),
    })
}
