//! A tap: stands between a peer and its server, passes every octet on, and writes it down.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, SocketAddrV4, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Result, bail};

use crate::capture::{Capture, Flags, Segment};
use crate::frame;

/// Listens in front of a server. Ends with the process.
#[derive(Clone, Debug)]
pub struct Tap {
    address: SocketAddr,
    pdus: Arc<AtomicUsize>,
}

impl Tap {
    /// A tap in front of `server`, on a port of its own; what passes goes into `capture`.
    ///
    /// # Errors
    ///
    /// Where the machine has no free port.
    pub fn before(server: SocketAddr, capture: &Arc<Capture>) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let pdus = Arc::<AtomicUsize>::default();
        let (capture, counted) = (Arc::clone(capture), Arc::clone(&pdus));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Whoever comes before the server is there is turned away, as the server would.
                drop(pass(stream, server, &capture, &counted));
            }
        });
        Ok(Self { address, pdus })
    }

    /// Where the peer connects to instead.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many whole PDUs passed, both ways.
    #[must_use]
    pub fn pdus(&self) -> usize {
        self.pdus.load(Ordering::SeqCst)
    }

    /// The port by which the capture knows the server.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }
}

/// One connection, by its two ends: the peer, and the server.
struct Talk {
    capture: Arc<Capture>,
    pdus: Arc<AtomicUsize>,
    ends: [SocketAddrV4; 2],
    /// The number of the next octet of each.
    next: Mutex<[u32; 2]>,
}

fn pass(peer: TcpStream, server: SocketAddr, capture: &Arc<Capture>, pdus: &Arc<AtomicUsize>) -> Result<()> {
    let (SocketAddr::V4(from), SocketAddr::V4(to)) = (peer.peer_addr()?, peer.local_addr()?) else {
        bail!("a tap listens on IPv4");
    };
    let server = TcpStream::connect(server)?;
    peer.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (capture, pdus) = (Arc::clone(capture), Arc::clone(pdus));
    let talk = Arc::new(Talk { capture, pdus, ends: [from, to], next: Mutex::new([0, 0]) });
    talk.say(0, Flags::Syn, &[])?;
    talk.say(1, Flags::SynAck, &[])?;
    for (who, from, to) in [(0, peer.try_clone()?, server.try_clone()?), (1, server, peer)] {
        let talk = Arc::clone(&talk);
        thread::spawn(move || drop(pump(&talk, who, from, to)));
    }
    Ok(())
}

/// Passes on what one end says, until it ends.
fn pump(talk: &Talk, who: usize, mut from: TcpStream, mut to: TcpStream) -> Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    let mut uncounted = Vec::new();
    loop {
        let count = from.read(&mut buffer).unwrap_or(0);
        if count == 0 {
            // The other end may be gone already.
            drop(to.shutdown(Shutdown::Write));
            return talk.say(who, Flags::FinAck, &[]);
        }
        // Written down first: an answer never comes before its question.
        talk.say(who, Flags::Ack, &buffer[..count])?;
        to.write_all(&buffer[..count])?;
        uncounted.extend_from_slice(&buffer[..count]);
        let (frames, used) = frame::cut(&uncounted).map_err(anyhow::Error::msg)?;
        uncounted.drain(..used);
        talk.pdus.fetch_add(frames.len(), Ordering::SeqCst);
    }
}

impl Talk {
    fn say(&self, who: usize, flags: Flags, data: &[u8]) -> Result<()> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let other = 1 - who;
        self.capture.add(Segment {
            from: self.ends[who],
            to: self.ends[other],
            sequence: next[who],
            awaited: next[other],
            flags,
            data,
        })?;
        // A beginning and an end count as one octet.
        let counted = if flags == Flags::Ack { u32::try_from(data.len())? } else { 1 };
        next[who] = next[who].wrapping_add(counted);
        Ok(())
    }
}
