//! The least program that keeps the promise of G1: SMPP in, journal with fdatasync before the answer, SMPP out.
//!
//! No accounts, routes, history, retries or receipts, and no recovery: what the benchmarks of Chappe stand
//! beside. `floor LISTEN CARRIER JOURNAL OCTETS`; the journal is filled with zeros first, so that a sync
//! changes no metadata of the file system.

use std::env;
use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result};
use smpp_wire::{
    Bind, BindMode, BindResp, CommandId, CommandStatus, FrameRef, SubmitSmResp, cut, write_header, write_pdu,
};

fn main() -> Result<()> {
    let [listen, carrier, journal, octets] = arguments()?;
    let journal = Arc::new(Journal::zeroed(&journal, octets.parse()?)?);
    let listener = TcpListener::bind(&listen)?;
    for stream in listener.incoming() {
        let (stream, carrier, journal) = (stream?, carrier.clone(), Arc::clone(&journal));
        thread::spawn(move || {
            if let Err(error) = serve(stream, &carrier, &journal) {
                eprintln!("floor: {error:#}");
            }
        });
    }
    Ok(())
}

fn arguments() -> Result<[String; 4]> {
    let given: Vec<String> = env::args().skip(1).collect();
    given.try_into().ok().context("usage: floor LISTEN CARRIER JOURNAL OCTETS")
}

/// Reads all there is, keeps it, answers it, passes it on: one read, one sync, two writes a round.
fn serve(mut esme: TcpStream, carrier: &str, journal: &Journal) -> Result<()> {
    esme.set_nodelay(true)?;
    let mut carrier = bound(carrier)?;
    let (mut buffer, mut start, mut end) = (vec![0; BUFFER_OCTETS], 0, 0);
    let (mut records, mut answers, mut onward) = (Vec::new(), Vec::new(), Vec::new());
    let mut sequence = 1;
    loop {
        buffer.copy_within(start..end, 0);
        (start, end) = (0, end - start);
        let count = esme.read(&mut buffer[end..])?;
        if count == 0 {
            return Ok(());
        }
        end += count;
        while let Some(frame) =
            cut(&buffer[start..end], FRAME_OCTETS_MAX).map_err(|bad| anyhow::anyhow!("{bad}"))?
        {
            start += frame.bytes().len();
            if frame.id() == CommandId::SUBMIT_SM {
                sequence += 1;
                records.extend_from_slice(frame.bytes());
                pass_on(&mut onward, &frame, sequence);
            }
            answer(&mut answers, &frame)?;
        }
        journal.keep(&records)?;
        esme.write_all(&answers)?;
        carrier.write_all(&onward)?;
        records.clear();
        answers.clear();
        onward.clear();
    }
}

fn pass_on(onward: &mut Vec<u8>, frame: &FrameRef<'_>, sequence: u32) {
    let bytes = frame.bytes();
    onward.extend_from_slice(&bytes[..12]);
    onward.extend_from_slice(&sequence.to_be_bytes());
    onward.extend_from_slice(&bytes[16..]);
}

fn answer(answers: &mut Vec<u8>, frame: &FrameRef<'_>) -> Result<()> {
    let sequence = frame.sequence();
    match frame.id() {
        CommandId::SUBMIT_SM => {
            let message_id = format!("{sequence:016x}");
            let body = SubmitSmResp { message_id: message_id.as_bytes(), ..SubmitSmResp::default() };
            write_pdu(answers, CommandStatus::OK, sequence, &body)?;
        }
        CommandId::BIND_TRANSCEIVER => {
            let body = BindResp { mode: BindMode::Transceiver, system_id: b"floor", ..BindResp::default() };
            write_pdu(answers, CommandStatus::OK, sequence, &body)?;
        }
        id if !id.is_response() => write_header(answers, id.response(), CommandStatus::OK, sequence),
        _ => {}
    }
    Ok(())
}

/// A bind to the carrier, whose answers a thread of their own reads and drops.
fn bound(carrier: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(carrier)?;
    stream.set_nodelay(true)?;
    let mut bytes = Vec::new();
    let bind =
        Bind { mode: BindMode::Transceiver, system_id: b"floor", password: b"floor", ..Bind::default() };
    write_pdu(&mut bytes, CommandStatus::OK, 1, &bind)?;
    stream.write_all(&bytes)?;
    let mut answers = stream.try_clone()?;
    thread::spawn(move || {
        let mut buffer = vec![0; BUFFER_OCTETS];
        while answers.read(&mut buffer).is_ok_and(|count| count > 0) {}
    });
    Ok(stream)
}

/// A file whose end is known; a sync by one is a sync for all that had written before it.
struct Journal {
    file: File,
    written: Mutex<u64>,
    synced: Mutex<u64>,
}

impl Journal {
    fn zeroed(path: &str, octets: u64) -> Result<Self> {
        let file = File::create(path).with_context(|| path.to_owned())?;
        let zeros = vec![0; 1 << 20];
        for block in 0..octets.div_ceil(1 << 20) {
            file.write_all_at(&zeros, block << 20)?;
        }
        file.sync_all()?;
        Ok(Self { file, written: Mutex::new(0), synced: Mutex::new(0) })
    }

    /// Returns when `records` are durable.
    fn keep(&self, records: &[u8]) -> Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        self.file.write_all_at(records, *written)?;
        *written += records.len() as u64;
        let mine = *written;
        drop(written);

        let mut synced = self.synced.lock().unwrap_or_else(PoisonError::into_inner);
        if *synced < mine {
            let upto = *self.written.lock().unwrap_or_else(PoisonError::into_inner);
            self.file.sync_data()?;
            *synced = upto;
        }
        Ok(())
    }
}

const BUFFER_OCTETS: usize = 256 * 1024;
const FRAME_OCTETS_MAX: usize = 70_000;
