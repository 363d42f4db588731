//! Load that writes down what was acknowledged.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Result, anyhow, bail};

use crate::esme::PATIENCE;
use crate::frame::{self, Frame, id};
use crate::frames::{self, Message, Mode};
use crate::setup::{PASSWORD, SYSTEM_ID};

/// Some connections that submit until the centre dies or their share is sent.
#[derive(Debug)]
pub(crate) struct Load {
    threads: Vec<JoinHandle<Result<Told>>>,
    acknowledged: Arc<AtomicUsize>,
}

/// How much, and what is written into the texts.
#[derive(Clone, Debug)]
pub(crate) struct Size {
    pub(crate) connections: usize,
    pub(crate) window: usize,
    /// Messages of one connection.
    pub(crate) messages: usize,
    /// The start of every text; connection and number follow.
    pub(crate) mark: String,
    /// Whether each message asks for a receipt.
    pub(crate) receipts: bool,
}

/// What the centre said about the texts it was given.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) acknowledged: Vec<String>,
    /// The ids of these.
    pub(crate) ids: Vec<String>,
    pub(crate) refused: Vec<String>,
    pub(crate) unanswered: Vec<String>,
}

impl Load {
    pub(crate) fn start(address: SocketAddr, size: &Size) -> Self {
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let thread = |connection| {
            let count = Arc::clone(&acknowledged);
            let mark = format!("{}-c{connection}", size.mark);
            let (window, messages, receipts) = (size.window, size.messages, size.receipts);
            thread::spawn(move || Connection::bound(address, mark, receipts)?.talk(window, messages, &count))
        };
        Self { threads: (0..size.connections).map(thread).collect(), acknowledged }
    }

    /// How many are acknowledged at this moment.
    pub(crate) fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// Whether every connection has ended.
    pub(crate) fn is_over(&self) -> bool {
        self.threads.iter().all(JoinHandle::is_finished)
    }

    /// Waits for the connections, which end with the centre or with their work.
    pub(crate) fn finish(self) -> Result<Told> {
        let mut told = Told::default();
        for thread in self.threads {
            let one = thread.join().map_err(|_| anyhow!("a connection of the load panicked"))??;
            told.acknowledged.extend(one.acknowledged);
            told.ids.extend(one.ids);
            told.refused.extend(one.refused);
            told.unanswered.extend(one.unanswered);
        }
        Ok(told)
    }
}

struct Connection {
    stream: TcpStream,
    mark: String,
    receipts: bool,
    open: HashMap<u32, String>,
    unread: Vec<u8>,
    told: Told,
}

impl Connection {
    fn bound(address: SocketAddr, mark: String, receipts: bool) -> Result<Self> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(&frames::bind(Mode::Transmitter, 1, SYSTEM_ID, PASSWORD).to_bytes())?;
        let mut connection =
            Self { stream, mark, receipts, open: HashMap::new(), unread: Vec::new(), told: Told::default() };
        let answers = connection.read()?;
        match answers.first() {
            Some(answer) if answer.status == 0 => Ok(connection),
            other => bail!("the bind of the load was answered {other:?}"),
        }
    }

    /// Keeps the window full until `messages` are sent and answered, or the centre is gone.
    fn talk(mut self, window: usize, messages: usize, acknowledged: &AtomicUsize) -> Result<Told> {
        let mut sent = 0;
        while sent < messages || !self.open.is_empty() {
            let room = (window - self.open.len()).min(messages - sent);
            if room > 0 && self.submit(sent, room).is_err() {
                break;
            }
            sent += room;
            // An error here is the kill that this load is for.
            let Ok(answers) = self.read() else { break };
            let before = self.told.acknowledged.len();
            answers.iter().for_each(|answer| self.settle(answer));
            acknowledged.fetch_add(self.told.acknowledged.len() - before, Ordering::Relaxed);
        }
        self.told.unanswered.extend(self.open.into_values());
        Ok(self.told)
    }

    fn submit(&mut self, first: usize, count: usize) -> Result<()> {
        let mut bytes = Vec::new();
        for number in first..first + count {
            // The bind took sequence number 1.
            let sequence = u32::try_from(number + 2)?;
            let text = format!("{}-{number:07}", self.mark);
            let message = Message::text("ACME", "385911234567", &text);
            let message = if self.receipts { message.with_receipt() } else { message };
            message.submit(sequence).write(&mut bytes);
            self.open.insert(sequence, text);
        }
        Ok(self.stream.write_all(&bytes)?)
    }

    /// At least one whole frame.
    fn read(&mut self) -> Result<Vec<Frame>> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = self.stream.read(&mut buffer)?;
            if count == 0 {
                bail!("the centre has closed");
            }
            self.unread.extend_from_slice(&buffer[..count]);
            let (frames, used) = frame::cut(&self.unread).map_err(anyhow::Error::msg)?;
            self.unread.drain(..used);
            if !frames.is_empty() {
                return Ok(frames);
            }
        }
    }

    fn settle(&mut self, answer: &Frame) {
        if answer.id != id::SUBMIT_SM_RESP {
            return;
        }
        let Some(text) = self.open.remove(&answer.sequence) else {
            return;
        };
        if answer.status == 0 {
            self.told.acknowledged.push(text);
            self.told.ids.push(answer.first_text());
        } else {
            self.told.refused.push(text);
            // Full or throttled: a moment of rest, so that refusals do not fill the run.
            thread::sleep(Duration::from_millis(1));
        }
    }
}
