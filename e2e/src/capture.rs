//! A packet capture written by hand: what passed between two peers, as if it had been sniffed.
//!
//! Sniffing takes rights that a test does not always have. A tap between the peers takes none, and loses nothing.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::net::SocketAddrV4;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

/// A file in pcap's classic format, of IPv4 packets without a link layer.
#[derive(Debug)]
pub struct Capture {
    path: PathBuf,
    file: Mutex<BufWriter<File>>,
}

/// One TCP segment.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    pub from: SocketAddrV4,
    pub to: SocketAddrV4,
    /// The number of its first octet.
    pub sequence: u32,
    /// The number of the octet that is awaited.
    pub awaited: u32,
    pub flags: Flags,
    pub data: &'a [u8],
}

/// What a segment says beside its data.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Flags {
    Syn,
    SynAck,
    Ack,
    FinAck,
}

impl Flags {
    fn octet(self) -> u8 {
        match self {
            Self::Syn => 0x02,
            Self::SynAck => 0x12,
            Self::Ack => 0x18,
            Self::FinAck => 0x11,
        }
    }
}

/// LINKTYPE_RAW.
const LINK_TYPE: u32 = 101;
/// Data of one segment: an IPv4 packet holds 65 535 octets.
const DATA_MAX: usize = 32 * 1024;

impl Capture {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn create(path: &Path) -> Result<Self> {
        let file = File::create(path).with_context(|| format!("creating {}", path.display()))?;
        let mut file = BufWriter::new(file);
        let words: [u32; 6] = [0xA1B2_C3D4, 2 | 4 << 16, 0, 0, u32::from(u16::MAX), LINK_TYPE];
        for word in words {
            file.write_all(&word.to_le_bytes())?;
        }
        Ok(Self { path: path.to_owned(), file: Mutex::new(file) })
    }

    /// Adds a segment, in as many packets as it takes.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written.
    pub fn add(&self, segment: Segment<'_>) -> Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if segment.data.is_empty() {
            return packet(&mut *file, segment);
        }
        let mut sequence = segment.sequence;
        for data in segment.data.chunks(DATA_MAX) {
            packet(&mut *file, Segment { sequence, data, ..segment })?;
            sequence = sequence.wrapping_add(u32::try_from(data.len())?);
        }
        Ok(())
    }

    /// The file, with everything in it that was added until now.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written.
    pub fn flushed(&self) -> Result<&Path> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).flush()?;
        Ok(&self.path)
    }
}

fn packet(file: &mut impl Write, segment: Segment<'_>) -> Result<()> {
    let packet = [ipv4(segment)?.as_slice(), &tcp(segment), segment.data].concat();
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let length = u32::try_from(packet.len())?;
    // Seconds of this century fit until 2106.
    for word in [u32::try_from(now.as_secs())?, now.subsec_micros(), length, length] {
        file.write_all(&word.to_le_bytes())?;
    }
    file.write_all(&packet)?;
    Ok(())
}

/// The header of the packet, with its checksum (RFC 791 §3.1).
fn ipv4(segment: Segment<'_>) -> Result<Vec<u8>> {
    const HEADERS: usize = 20 + 20;
    let length = u16::try_from(HEADERS + segment.data.len())?;
    let mut header = vec![0x45, 0];
    header.extend(length.to_be_bytes());
    header.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
    header.extend(segment.from.ip().octets());
    header.extend(segment.to.ip().octets());
    let words = header.chunks_exact(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]])));
    let sum: u32 = words.sum();
    let folded = (sum & 0xFFFF) + (sum >> 16);
    let checksum = !u16::try_from((folded & 0xFFFF) + (folded >> 16)).unwrap_or_default();
    header[10..12].copy_from_slice(&checksum.to_be_bytes());
    Ok(header)
}

/// The header of the segment (RFC 9293 §3.1). Its checksum is left out, as a card leaves it that computes it by itself.
fn tcp(segment: Segment<'_>) -> Vec<u8> {
    let mut header = Vec::with_capacity(20);
    header.extend(segment.from.port().to_be_bytes());
    header.extend(segment.to.port().to_be_bytes());
    header.extend(segment.sequence.to_be_bytes());
    header.extend(segment.awaited.to_be_bytes());
    header.extend([0x50, segment.flags.octet(), 0xFF, 0xFF, 0, 0, 0, 0]);
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_has_the_length_it_says_and_a_checksum_that_adds_up() {
        let address = |port| SocketAddrV4::new([127, 0, 0, 1].into(), port);
        let segment = Segment {
            from: address(1),
            to: address(2),
            sequence: 7,
            awaited: 9,
            flags: Flags::Ack,
            data: b"hello",
        };
        let header = ipv4(segment).unwrap();
        assert_eq!((header.len(), tcp(segment).len()), (20, 20));
        assert_eq!(u16::from_be_bytes([header[2], header[3]]), 45);
        let sum: u32 =
            header.chunks_exact(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]]))).sum();
        assert_eq!((sum & 0xFFFF) + (sum >> 16), 0xFFFF);
    }
}
