//! An external system over a plain socket: says what it is told to, right or wrong.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::frame::{self, Frame, id};
use crate::frames::{self, Message, Mode};

/// How long a peer may take before a test gives up on it.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// One connection.
#[derive(Debug)]
pub struct Esme {
    stream: TcpStream,
    unread: Vec<u8>,
    sequence: u32,
    /// Messages and receipts that were answered and not asked for yet.
    taken: usize,
}

impl Esme {
    /// Connects, and says nothing yet.
    ///
    /// # Errors
    ///
    /// Where nobody listens.
    pub fn connect(address: SocketAddr) -> Result<Self> {
        let stream =
            TcpStream::connect_timeout(&address, PATIENCE).with_context(|| format!("to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, unread: Vec::new(), sequence: 0, taken: 0 })
    }

    /// Connects and binds as a transceiver.
    ///
    /// # Errors
    ///
    /// Where the bind is not answered with OK.
    pub fn bound(address: SocketAddr, system_id: &str, password: &str) -> Result<Self> {
        Self::bound_as(Mode::Transceiver, address, system_id, password)
    }

    /// Connects and binds as `mode`.
    ///
    /// # Errors
    ///
    /// Where the bind is not answered with OK.
    pub fn bound_as(mode: Mode, address: SocketAddr, system_id: &str, password: &str) -> Result<Self> {
        let mut esme = Self::connect(address)?;
        let answer = esme.bind(mode, system_id, password)?;
        ensure!(answer.status == 0, "the bind as {system_id} was answered 0x{:02X}", answer.status);
        Ok(esme)
    }

    /// Connects and binds as `mode` in this version of SMPP.
    ///
    /// # Errors
    ///
    /// Where the bind is not answered with OK.
    pub fn bound_in(
        version: u8,
        mode: Mode,
        address: SocketAddr,
        system_id: &str,
        password: &str,
    ) -> Result<Self> {
        let mut esme = Self::connect(address)?;
        let sequence = esme.next_sequence();
        let answer = esme.ask(&frames::bind_of(version, mode, sequence, system_id, password))?;
        ensure!(answer.status == 0, "the bind as {system_id} was answered 0x{:02X}", answer.status);
        Ok(esme)
    }

    /// Sends a bind and gives its answer.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn bind(&mut self, mode: Mode, system_id: &str, password: &str) -> Result<Frame> {
        let sequence = self.next_sequence();
        self.ask(&frames::bind(mode, sequence, system_id, password))
    }

    /// Sends a submit_sm and gives its answer.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn submit(&mut self, message: &Message) -> Result<Frame> {
        let sequence = self.next_sequence();
        self.ask(&message.submit(sequence))
    }

    /// Sends a request and gives the answer to it; requests of the peer in between are answered OK and dropped.
    ///
    /// # Errors
    ///
    /// Where the connection ends or stays silent.
    pub fn ask(&mut self, request: &Frame) -> Result<Frame> {
        self.say(&request.to_bytes())?;
        loop {
            let frame = self.hear()?;
            if frame.id & frame::RESPONSE != 0 && frame.sequence == request.sequence {
                return Ok(frame);
            }
            self.accept(&frame)?;
        }
    }

    /// The next message or receipt from the centre, answered with OK.
    ///
    /// # Errors
    ///
    /// Where none comes in time.
    pub fn message(&mut self) -> Result<Message> {
        loop {
            let frame = self.hear()?;
            self.accept(&frame)?;
            if frame.id == id::DELIVER_SM {
                return Message::read(&frame.body).context("a deliver_sm that can be read");
            }
        }
    }

    /// Answers everything that is here with OK; how many messages and receipts there were, those counted that came
    /// between a request and its answer.
    ///
    /// # Errors
    ///
    /// Where the connection has ended.
    pub fn takes_all(&mut self) -> Result<usize> {
        while let Heard::Frame(frame) = self.hear_within(Duration::from_millis(1))? {
            self.accept(&frame)?;
        }
        Ok(std::mem::take(&mut self.taken))
    }

    /// Answers a request with OK.
    ///
    /// # Errors
    ///
    /// Where the connection has ended.
    pub fn accept(&mut self, request: &Frame) -> Result<()> {
        match request.id {
            id::DELIVER_SM => {
                self.taken += 1;
                self.say(&request.response(0, vec![0]).to_bytes())
            }
            id::ENQUIRE_LINK | id::UNBIND => self.say(&request.response(0, Vec::new()).to_bytes()),
            _ => Ok(()),
        }
    }

    /// Writes octets as they are.
    ///
    /// # Errors
    ///
    /// Where the connection has ended.
    pub fn say(&mut self, bytes: &[u8]) -> Result<()> {
        self.say_within(bytes, PATIENCE)
    }

    /// Writes octets as they are, where each write may take `limit`.
    ///
    /// # Errors
    ///
    /// Where the connection has ended or the centre reads nothing.
    pub fn say_within(&mut self, bytes: &[u8], limit: Duration) -> Result<()> {
        self.stream.set_write_timeout(Some(limit))?;
        self.stream.write_all(bytes).context("writing to the centre")
    }

    /// The next frame.
    ///
    /// # Errors
    ///
    /// Where the connection ends or stays silent for [`PATIENCE`].
    pub fn hear(&mut self) -> Result<Frame> {
        match self.hear_within(PATIENCE)? {
            Heard::Frame(frame) => Ok(frame),
            Heard::Closed => bail!("the centre closed the connection"),
            Heard::Nothing => bail!("nothing came from the centre within {PATIENCE:?}"),
        }
    }

    /// The next frame, the end, or nothing within `limit`.
    ///
    /// # Errors
    ///
    /// Where what comes is no frame.
    pub fn hear_within(&mut self, limit: Duration) -> Result<Heard> {
        let end = Instant::now() + limit;
        loop {
            if let Some(frame) = self.unread_frame()? {
                return Ok(Heard::Frame(frame));
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Heard::Nothing);
            }
            self.stream.set_read_timeout(Some(left))?;
            let mut buffer = [0; 16 * 1024];
            match self.stream.read(&mut buffer) {
                Ok(0) => return Ok(Heard::Closed),
                Ok(count) => self.unread.extend_from_slice(&buffer[..count]),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(Heard::Closed),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether the centre closes within `limit`; what it says before is read and dropped.
    ///
    /// # Errors
    ///
    /// Where what comes is no frame.
    pub fn is_closed_within(&mut self, limit: Duration) -> Result<bool> {
        let end = Instant::now() + limit;
        loop {
            match self.hear_within(end.saturating_duration_since(Instant::now()))? {
                Heard::Frame(_) => {}
                Heard::Closed => return Ok(true),
                Heard::Nothing => return Ok(false),
            }
        }
    }

    /// A number for the next request.
    pub fn next_sequence(&mut self) -> u32 {
        self.sequence += 1;
        self.sequence
    }

    fn unread_frame(&mut self) -> Result<Option<Frame>> {
        let Some(length) = self.unread.first_chunk::<4>().map(|octets| u32::from_be_bytes(*octets) as usize)
        else {
            return Ok(None);
        };
        if length > frame::HEADER && self.unread.len() < length {
            return Ok(None);
        }
        let end = length.min(self.unread.len());
        let (frames, used) = frame::cut(&self.unread[..end]).map_err(anyhow::Error::msg)?;
        self.unread.drain(..used);
        Ok(frames.into_iter().next())
    }
}

/// What came, or did not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Heard {
    Frame(Frame),
    Closed,
    Nothing,
}
