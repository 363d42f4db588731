//! What sessions hold that are bound and have nothing to say: a process of servers and one of clients, since each
//! session takes a file descriptor on either side.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use smpp_tokio::{Ask, Endpoint, Limits, Secured, Server, Transceiver, connect};

use crate::certificate;

const SESSIONS: usize = 10_000;
/// Binds under way at once.
const ABREAST: usize = 50;

pub(crate) fn run() {
    let folder = tempfile::tempdir().unwrap();
    certificate::write(folder.path());
    println!("way | sessions | MB resident | MB anonymous | bytes a session");
    for way in ["plain", "TLS"] {
        let folder = folder.path().to_str().unwrap();
        let mut server = Helper::start(&["idle-server", way, folder]);
        let address = server.says();
        let mut client = Helper::start(&["idle-client", way, folder, &address]);
        assert_eq!(client.says(), "bound");
        for (side, helper) in [("server", &mut server), ("client", &mut client)] {
            writeln!(helper.0.stdin.as_mut().unwrap(), "memory").unwrap();
            println!("{way}, {side} | {}", helper.says());
        }
        client.end();
        server.end();
    }
}

/// A process of this program, and what it says.
struct Helper(Child, BufReader<ChildStdout>);

impl Helper {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        Self(child, said)
    }

    /// The next line.
    fn says(&mut self) -> String {
        let mut line = String::new();
        self.1.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    /// It ends when nobody tells it anything any more.
    fn end(mut self) {
        drop(self.0.stdin.take());
        self.0.wait().unwrap();
    }
}

pub(crate) fn child(role: &str, arguments: &[String]) {
    let [_, way, folder, rest @ ..] = arguments else { panic!("{arguments:?}") };
    let folder = (way == "TLS").then(|| Path::new(folder));
    let before = memory();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    match role {
        "server" => runtime.block_on(serve(folder)),
        _ => runtime.block_on(bind(folder, rest[0].as_str())),
    }
    for _ in BufReader::new(std::io::stdin()).lines() {
        let now = memory();
        let each = (now.0 - before.0) * 1_048_576.0 / SESSIONS as f64;
        println!("{SESSIONS} | {:.1} | {:.1} | {each:.0}", now.0, now.1);
    }
    std::process::exit(0);
}

async fn serve(tls: Option<&Path>) {
    let limits = Limits { connections: SESSIONS, unbound_per_address: SESSIONS, ..Limits::default() };
    let mut server = Server::listen("127.0.0.1:0").await.unwrap().limits(limits);
    if let Some(folder) = tls {
        server = server.tls(certificate::server(folder));
    }
    println!("{}", server.local_addr().unwrap());
    tokio::spawn(server.each(|mut peer| async move {
        while let Some(request) = peer.next().await? {
            match request.ask() {
                Ok(Ask::Bind(_)) => request.accept("bench"),
                _ => panic!("an idle session says nothing"),
            }
        }
        Ok(())
    }));
}

async fn bind(tls: Option<&Path>, address: &str) {
    let tls = tls.map(certificate::client);
    let endpoint = Endpoint::from(address);
    let tasks: Vec<_> = (0..ABREAST)
        .map(|_| {
            let (endpoint, tls) = (endpoint.clone(), tls.clone());
            tokio::spawn(async move {
                for _ in 0..SESSIONS / ABREAST {
                    let (endpoint, login) = (endpoint.clone(), Transceiver::new("bench", ""));
                    match tls.clone() {
                        Some(tls) => keep(connect(Secured { endpoint, tls }).bind(login).await.unwrap()),
                        None => keep(connect(endpoint).bind(login).await.unwrap()),
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    println!("bound");
}

/// Keeps a session until the process ends.
fn keep<T>(session: T) {
    std::mem::forget(session);
}

/// What this process holds, in MB: in memory, and of that what is no file.
fn memory() -> (f64, f64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").trim().parse::<f64>().unwrap() / 1024.0
    };
    (field("VmRSS:"), field("RssAnon:"))
}
