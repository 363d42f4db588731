//! A carrier that writes down every submit_sm it is given: the witness of the proofs.

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::frame::{self, Frame, id};
use crate::frames::{self, Bound, Message};
use crate::wait;

/// Takes any bind, answers every submit_sm with OK, and remembers it. Ends with the process.
#[derive(Clone, Debug)]
pub struct Carrier {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// How it behaves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// Waited before the answers to one read.
    pub latency: Duration,
    /// The first so many tries of each text are answered with ESME_RTHROTTLED.
    pub throttles: u32,
    /// The `sc_interface_version` of its answer to a bind; 0: it names none.
    pub version: u8,
}

#[derive(Debug, Default)]
struct Shared {
    taken: Mutex<Vec<Message>>,
    /// Every bind that came.
    binds: Mutex<Vec<Bound>>,
    /// The phone of each receipt that was sent, by the sequence number of its deliver_sm.
    receipts: Mutex<HashMap<u32, String>>,
    /// Receipts that are not answered with OK yet, by the sequence number of their deliver_sm.
    unanswered: Mutex<BTreeMap<u32, Message>>,
    /// How often a text was throttled.
    throttled: Mutex<HashMap<Vec<u8>, u32>>,
    links: Mutex<Vec<TcpStream>>,
    ids: AtomicU32,
    silent: AtomicBool,
}

impl Carrier {
    /// Listens on a port of its own.
    ///
    /// # Errors
    ///
    /// Where the machine has no free port.
    pub fn listen(manner: Manner) -> Result<Self> {
        Self::listen_at((Ipv4Addr::LOCALHOST, 0).into(), manner)
    }

    /// Listens on a given port.
    ///
    /// # Errors
    ///
    /// Where another listens there.
    pub fn listen_at(address: SocketAddr, manner: Manner) -> Result<Self> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let carrier = Self { address, shared: Arc::clone(&shared) };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || drop(serve(stream, &shared, manner)));
            }
        });
        Ok(carrier)
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many submit_sm came.
    #[must_use]
    pub fn count(&self) -> usize {
        lock(&self.shared.taken).len()
    }

    /// Every submit_sm in the order it came, from the one with this number on.
    #[must_use]
    pub fn taken_from(&self, first: usize) -> Vec<Message> {
        lock(&self.shared.taken).get(first..).unwrap_or_default().to_vec()
    }

    /// Every bind that came until now.
    #[must_use]
    pub fn binds(&self) -> Vec<Bound> {
        lock(&self.shared.binds).clone()
    }

    /// Calls a centre, says who it is, and serves whoever binds to it there.
    ///
    /// # Errors
    ///
    /// Where nobody listens at `centre`.
    pub fn outbinds(&self, centre: SocketAddr, system_id: &str, password: &str) -> Result<()> {
        let mut stream = TcpStream::connect(centre).with_context(|| format!("to {centre}"))?;
        stream.write_all(&frames::outbind(1, system_id, password).to_bytes())?;
        let shared = Arc::clone(&self.shared);
        thread::spawn(move || drop(serve(stream, &shared, Manner::default())));
        Ok(())
    }

    /// The message that comes with this text.
    ///
    /// # Errors
    ///
    /// Where it does not come within `limit`.
    pub fn text_within(&self, text: &str, limit: Duration) -> Result<Message> {
        let find = || lock(&self.shared.taken).iter().find(|message| message.as_text() == text).cloned();
        wait::within(limit, find)
            .with_context(|| format!("the carrier was not given {text:?} within {limit:?}"))
    }

    /// The phone of each receipt that was sent, by the sequence number of its deliver_sm.
    #[must_use]
    pub fn receipt_phones(&self) -> HashMap<u32, String> {
        lock(&self.shared.receipts).clone()
    }

    /// From here on it reads and remembers, but answers nothing.
    pub fn falls_silent(&self) {
        self.shared.silent.store(true, Ordering::SeqCst);
    }

    /// Answers again.
    pub fn speaks_again(&self) {
        self.shared.silent.store(false, Ordering::SeqCst);
    }

    /// Whether any link has bound.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        !lock(&self.shared.links).is_empty()
    }

    /// Sends a message of a handset up the newest link.
    ///
    /// # Errors
    ///
    /// Where no link is bound.
    pub fn says(&self, message: &Message) -> Result<()> {
        let sequence = self.shared.ids.fetch_add(1, Ordering::SeqCst) + 1;
        let links = lock(&self.shared.links);
        let mut link = links.last().context("no link is bound to the carrier")?;
        link.write_all(&message.deliver(sequence).to_bytes()).context("writing to the link")
    }
}

fn serve(mut stream: TcpStream, shared: &Shared, manner: Manner) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut unread = Vec::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut receives = true;
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        unread.extend_from_slice(&buffer[..count]);
        let (frames, used) = frame::cut(&unread).map_err(anyhow::Error::msg)?;
        unread.drain(..used);
        receives &= frames.iter().all(|frame| frame.id != id::BIND_TRANSMITTER);
        let (mut answers, mut receipts) = answer(&frames, &stream, shared, manner)?;
        if !manner.latency.is_zero() {
            thread::sleep(manner.latency);
        }
        if !shared.silent.load(Ordering::SeqCst) {
            if receives {
                answers.append(&mut receipts);
            }
            stream.write_all(&answers)?;
            // A transmitter hears of its messages on the receiver beside it.
            if !receipts.is_empty() {
                let receiver = lock(&shared.links).last().map(TcpStream::try_clone);
                receiver.context("no receiver is bound")??.write_all(&receipts)?;
            }
        }
    }
}

/// Remembers what the frames bring and gives the answers to them, and the receipts.
fn answer(
    frames: &[Frame],
    stream: &TcpStream,
    shared: &Shared,
    manner: Manner,
) -> Result<(Vec<u8>, Vec<u8>)> {
    let (mut answers, mut receipts) = (Vec::new(), Vec::new());
    let mut taken = Vec::new();
    for frame in frames {
        match frame.id {
            id::BIND_RECEIVER | id::BIND_TRANSMITTER | id::BIND_TRANSCEIVER => {
                if frame.id != id::BIND_TRANSMITTER {
                    lock(&shared.links).push(stream.try_clone()?);
                }
                lock(&shared.binds).extend(Bound::read(frame));
                let mut body = b"witness\0".to_vec();
                if manner.version != 0 {
                    body.extend(frame::tlv(0x0210, &[manner.version]));
                }
                frame.response(0, body).write(&mut answers);
                // A receipt that nobody answered is told again to whoever binds next.
                for (number, receipt) in lock(&shared.unanswered).iter() {
                    receipt.deliver(*number).write(&mut receipts);
                }
            }
            id::DELIVER_SM_RESP if frame.status == 0 => {
                lock(&shared.unanswered).remove(&frame.sequence);
            }
            id::SUBMIT_SM => {
                let message = Message::read(&frame.body).context("a submit_sm that can be read")?;
                if shared.throttles(&message, manner) {
                    frame.response(THROTTLED, Vec::new()).write(&mut answers);
                    continue;
                }
                let number = shared.ids.fetch_add(1, Ordering::SeqCst) + 1;
                // In hexadecimal, where the one's short number is another's in decimal: the centre is not to guess.
                let remote_id = format!("{number:08x}");
                frame.response(0, [remote_id.as_bytes(), &[0]].concat()).write(&mut answers);
                if message.registered_delivery & 3 == 1 {
                    let receipt = receipt(&message, &remote_id);
                    receipt.deliver(number).write(&mut receipts);
                    lock(&shared.unanswered).insert(number, receipt);
                    lock(&shared.receipts).insert(number, message.destination.clone());
                }
                taken.push(message);
            }
            id::ENQUIRE_LINK | id::UNBIND => frame.response(0, Vec::new()).write(&mut answers),
            _ => {}
        }
    }
    // Remembered before anything is answered: what was answered has certainly been seen.
    lock(&shared.taken).extend(taken);
    Ok((answers, receipts))
}

impl Shared {
    /// Whether this try of a message is one too early.
    fn throttles(&self, message: &Message, manner: Manner) -> bool {
        if manner.throttles == 0 {
            return false;
        }
        let mut throttled = lock(&self.throttled);
        let times = throttled.entry(message.short_message.clone()).or_default();
        *times += 1;
        *times <= manner.throttles
    }
}

/// ESME_RTHROTTLED (SMPP 3.4 §5.1.3).
const THROTTLED: u32 = 0x58;

fn receipt(message: &Message, remote_id: &str) -> Message {
    let text = frames::receipt_text(remote_id, "DELIVRD");
    Message { esm_class: 0x04, ..Message::text(&message.destination, &message.source, &text) }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
