//! Version 1: a line of text.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use super::header::{BadHeader, Header, Step};

const BEGIN: &[u8] = b"PROXY ";
const END: &[u8] = b"\r\n";
/// Octets of the shortest line, its end included; version 2 has no header as short.
pub(super) const SHORTEST: usize = b"PROXY UNKNOWN\r\n".len();
/// Octets of the longest line, its end included.
const LONGEST: usize = 107;

/// Whether the octets may become a header.
pub(super) fn begins(octets: &[u8]) -> bool {
    octets.iter().zip(BEGIN).all(|(octet, begin)| octet == begin)
}

pub(super) fn read(octets: &[u8]) -> Result<Step, BadHeader> {
    if octets.len() < SHORTEST {
        return Ok(Step::More(SHORTEST - octets.len()));
    }
    if let Some(line) = octets.strip_suffix(END)
        && octets.len() <= LONGEST
    {
        return line_of(line).map(Step::Done).ok_or(BadHeader::Line);
    }
    let missing = if octets.ends_with(b"\r") { 1 } else { END.len() };
    if octets.len() + missing > LONGEST {
        return Err(BadHeader::Long { length: octets.len() });
    }
    Ok(Step::More(missing))
}

fn line_of(line: &[u8]) -> Option<Header> {
    let line = line.strip_prefix(BEGIN)?;
    // What follows is not to be read.
    if line.split(|octet| *octet == b' ').next()? == b"UNKNOWN" {
        return Some(Header::Own);
    }
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let (source, destination) = match words.next()? {
        "TCP4" => addresses::<Ipv4Addr>(&mut words)?,
        "TCP6" => addresses::<Ipv6Addr>(&mut words)?,
        _ => return None,
    };
    words.next().is_none().then_some(Header::Relayed { source, destination })
}

fn addresses<'a, A: FromStr + Into<IpAddr>>(
    words: &mut impl Iterator<Item = &'a str>,
) -> Option<(SocketAddr, SocketAddr)> {
    let mut address = || words.next()?.parse::<A>().ok().map(Into::into);
    let (source, destination) = (address()?, address()?);
    let mut port = || words.next().filter(|digits| digits.bytes().all(|d| d.is_ascii_digit()))?.parse().ok();
    Some((SocketAddr::new(source, port()?), SocketAddr::new(destination, port()?)))
}
