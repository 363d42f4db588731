//! A web server that only notes what it is asked for: the place where a peer reports to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

/// Answers every GET with 200 and keeps its path with the query. Ends with the process.
#[derive(Debug)]
pub struct Hook {
    address: SocketAddr,
    calls: Receiver<String>,
}

impl Hook {
    /// Listens on a port of its own.
    ///
    /// # Errors
    ///
    /// Where the machine has no free port.
    pub fn listen() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let (sender, calls) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sender = sender.clone();
                thread::spawn(move || serve(stream, &sender));
            }
        });
        Ok(Self { address, calls })
    }

    /// `http://address/path`
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    /// The next call: path and query, still encoded.
    ///
    /// # Errors
    ///
    /// Where none comes within `limit`.
    pub fn call(&self, limit: Duration) -> Result<String> {
        self.calls.recv_timeout(limit).with_context(|| format!("no call came within {limit:?}"))
    }
}

fn serve(mut stream: TcpStream, calls: &Sender<String>) {
    let Ok(copy) = stream.try_clone() else { return };
    let mut lines = BufReader::new(copy).lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    for line in lines {
        if line.is_empty() {
            break;
        }
    }
    let path = first.split_whitespace().nth(1).unwrap_or_default().to_owned();
    let answer =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    // A caller that hangs up early has still called.
    drop(stream.write_all(answer.as_bytes()));
    drop(calls.send(path));
}

/// GETs `url` of this machine and gives the status line and the body.
///
/// # Errors
///
/// Where nobody answers.
pub fn get(address: SocketAddr, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address).with_context(|| format!("to {address}"))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// GETs a path from the control socket of a centre and gives the status line and the body.
///
/// # Errors
///
/// Where nobody answers.
pub fn control(socket: &Path, path: &str) -> Result<String> {
    let mut stream = UnixStream::connect(socket).with_context(|| format!("to {}", socket.display()))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: chappe\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
