//! Who a server takes in, and how it serves them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use smpp_tokio::wire::{Bind, CommandId, CommandStatus, SubmitSm};
use smpp_tokio::{
    Ask, Caller, Handler, Keepalive, Limits, Listener, Options, PeerRequest, Server, Transceiver,
};

use crate::raw::{Raw, header, submit_sm};

/// Counts what is submitted, account by account.
#[derive(Clone, Default)]
struct Centre(Arc<AtomicUsize>);

impl Handler for Centre {
    type Account = String;

    fn system_id(&self) -> &[u8] {
        b"centre"
    }

    async fn bind(&self, bind: &Bind<'_>, _caller: &Caller) -> Result<String, CommandStatus> {
        match bind.password {
            b"secret" => Ok(bind.system_id.escape_ascii().to_string()),
            _ => Err(CommandStatus::INVALID_PASSWORD),
        }
    }

    async fn request(&self, account: &mut String, request: PeerRequest<'_>) {
        match request.ask() {
            Ok(Ask::Submit(_)) => {
                // A handler may wait for something in between.
                tokio::time::sleep(Duration::from_millis(1)).await;
                let nth = self.0.fetch_add(1, Ordering::Relaxed);
                request.accept(format!("{account}-{nth}"));
            }
            Ok(_) => request.refuse(CommandStatus::INVALID_COMMAND_ID),
            Err(malformed) => request.refuse(malformed.status()),
        }
    }
}

async fn serving(limits: Limits) -> SocketAddr {
    let server = Server::listen("127.0.0.1:0").await.unwrap().limits(limits);
    let address = server.local_addr().unwrap();
    tokio::spawn(server.serve(Centre::default()));
    address
}

#[tokio::test]
async fn a_handler_answers_binds_and_requests() {
    let address = serving(Limits::default()).await;
    let refused = smpp_tokio::connect(address).bind(Transceiver::new("acme", "wrong")).await.unwrap_err();
    assert!(refused.to_string().contains("ESME_RINVPASWD"), "{refused}");
    let (acme, _incoming) =
        smpp_tokio::connect(address).bind(Transceiver::new("acme", "secret")).await.unwrap();
    for id in ["acme-0", "acme-1"] {
        let answer = acme.submit(&SubmitSm { short_message: b"hello", ..Default::default() }).await.unwrap();
        assert_eq!(answer.message_id().unwrap(), id);
    }
}

#[tokio::test]
async fn a_handler_never_sees_what_came_before_the_bind() {
    let mut raw = Raw::connect(serving(Limits::default()).await).await;
    raw.sends(&submit_sm(1)).await;
    assert_eq!(raw.hears().await.unwrap().status(), CommandStatus::INVALID_BIND_STATE);
    let mut octets = submit_sm(2);
    octets[16..].fill(0xFF);
    raw.sends(&octets).await;
    assert_eq!(raw.hears().await.unwrap().status(), CommandStatus::INVALID_BIND_STATE);
}

#[tokio::test]
async fn a_pdu_before_the_bind_is_short() {
    let mut raw = Raw::connect(serving(Limits::default()).await).await;
    raw.sends(&header(1025, CommandId::BIND_TRANSCEIVER, 1)).await;
    assert_eq!(raw.hears().await.unwrap().status(), CommandStatus::INVALID_COMMAND_LENGTH);
    assert!(raw.hears().await.is_none());
}

#[tokio::test]
async fn who_is_not_bound_fills_the_gate_and_who_is_bound_leaves_it() {
    let address = serving(Limits { unbound: 10, unbound_per_address: 2, ..Limits::default() }).await;
    let login = || Transceiver::new("acme", "secret");
    let mut bound = Vec::new();
    for _ in 0..5 {
        bound.push(smpp_tokio::connect(address).bind(login()).await.unwrap());
    }
    let (mut first, _second) = (Raw::connect(address).await, Raw::connect(address).await);
    // What is answered has been let in.
    first.sends(&header(16, CommandId::ENQUIRE_LINK, 1)).await;
    assert!(first.hears().await.is_some());
    let mut third = Raw::connect(address).await;
    assert!(third.hears().await.is_none());
    drop(first);
    let again = async {
        while smpp_tokio::connect(address).bind(login()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), again).await.unwrap();
}

#[tokio::test]
async fn who_is_driven_by_hand_keeps_its_place_at_the_gate_until_it_is_bound() {
    let limits = Limits { unbound_per_address: 1, ..Limits::default() };
    let server = Server::listen("127.0.0.1:0").await.unwrap().limits(limits);
    let address = server.local_addr().unwrap();
    tokio::spawn(server.each(|peer| async move {
        let (mut connection, mut pass) = peer.into_connection();
        loop {
            connection.ready().await?;
            while let Some(event) = connection.take() {
                let smpp_tokio::Event::Bind(request) = event else { continue };
                let asked = request.asked;
                connection.accept_bind(asked, b"centre");
                pass = None;
            }
            assert_eq!(pass.is_some(), connection.state() == smpp_tokio::State::Open);
        }
    }));
    let mut first = Raw::connect(address).await;
    first.sends(&header(16, CommandId::ENQUIRE_LINK, 1)).await;
    assert!(first.hears().await.is_some());
    let mut second = Raw::connect(address).await;
    second.sends(&header(16, CommandId::ENQUIRE_LINK, 1)).await;
    assert!(second.hears().await.is_none());
    first.binds().await;
    let mut third = Raw::connect(address).await;
    third.sends(&header(16, CommandId::ENQUIRE_LINK, 1)).await;
    assert!(third.hears().await.is_some());
}

#[tokio::test]
async fn beyond_the_limit_of_connections_a_newcomer_waits_for_its_turn() {
    let address = serving(Limits { connections: 1, ..Limits::default() }).await;
    let mut first = Raw::connect(address).await;
    first.sends(&header(16, CommandId::ENQUIRE_LINK, 1)).await;
    assert!(first.hears().await.is_some());
    let mut second = Raw::connect(address).await;
    second.sends(&header(16, CommandId::ENQUIRE_LINK, 2)).await;
    assert!(tokio::time::timeout(Duration::from_millis(200), second.hears()).await.is_err());
    drop(first);
    assert_eq!(second.hears().await.unwrap().sequence(), 2);
}

#[tokio::test]
async fn ipv6_is_served() {
    let server = Server::listen("[::1]:0").await.unwrap();
    let address = server.local_addr().unwrap();
    tokio::spawn(server.serve(Centre::default()));
    let (acme, _incoming) =
        smpp_tokio::connect(address).bind(Transceiver::new("acme", "secret")).await.unwrap();
    assert!(acme.submit(&SubmitSm::default()).await.unwrap().status().is_ok());
}

#[cfg(unix)]
#[tokio::test]
async fn a_unix_socket_is_served_and_a_dead_one_replaced() {
    use smpp_tokio::Endpoint;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("smpp.sock");
    // The file stays where a process is killed.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    let server = tokio::spawn(Server::on(Listener::bind_unix(&path).unwrap()).serve(Centre::default()));
    let endpoint = Endpoint::from(format!("unix:{}", path.display()).as_str());
    let mut raw = Raw::over(endpoint.connect(None).await.unwrap());
    raw.sends(&submit_sm(1)).await;
    assert_eq!(raw.hears().await.unwrap().status(), CommandStatus::INVALID_BIND_STATE);

    let in_use = Listener::bind_unix(&path).unwrap_err();
    assert_eq!(in_use.kind(), std::io::ErrorKind::AddrInUse);
    server.abort();
    assert!(server.await.unwrap_err().is_cancelled());
    assert!(!path.exists(), "the file goes with the listener");
    std::fs::write(&path, "no socket").unwrap();
    assert!(Listener::bind_unix(&path).is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "no socket");
}

#[tokio::test]
async fn connections_that_come_in_are_watched_over_by_the_system() {
    let listener = Listener::bind("127.0.0.1:0").await.unwrap();
    let watch = Keepalive { idle: Duration::from_secs(77), interval: Duration::from_secs(7), probes: 3 };
    let address = listener.local_addr().unwrap();
    let listener = listener.keepalive(Some(watch));
    let _peer = Raw::connect(address).await;
    let (stream, _) = listener.accept().await.unwrap();
    let smpp_tokio::Stream::Tcp(stream) = stream else { panic!("not TCP") };
    let socket = socket2::SockRef::from(&stream);
    assert!(socket.keepalive().unwrap());
    assert_eq!(socket.tcp_keepalive_time().unwrap(), watch.idle);
    assert_eq!(socket.tcp_keepalive_interval().unwrap(), watch.interval);
    assert_eq!(socket.tcp_keepalive_retries().unwrap(), watch.probes);
    assert!(socket.tcp_nodelay().unwrap());
}

/// Runs in a process of its own that may open few files; see below.
#[test]
#[ignore = "a part of another test"]
fn with_few_file_descriptors() {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let address = serving(Limits::default()).await;
        let mut open = Vec::new();
        // Each connection takes two descriptors here: the system has no more to give before long.
        while let Ok(stream) = tokio::net::TcpStream::connect(address).await {
            open.push(stream);
            tokio::task::yield_now().await;
        }
        assert!(open.len() < 100);
        // The server tries in vain for a while.
        tokio::time::sleep(Duration::from_millis(300)).await;
        drop(open);
        tokio::time::sleep(Duration::from_millis(300)).await;
        let bound = smpp_tokio::connect(address).bind(Transceiver::new("acme", "secret")).await;
        assert!(bound.is_ok(), "{bound:?}");
        println!("served again");
    });
}

#[cfg(unix)]
#[test]
fn a_server_without_file_descriptors_rests_and_goes_on() {
    let output = std::process::Command::new("sh")
        .args([
            "-c",
            r#"ulimit -n 64; exec "$0" --ignored --exact server::with_few_file_descriptors --nocapture"#,
        ])
        .arg(std::env::current_exe().unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("served again"), "{said}");
}

#[tokio::test]
async fn a_slow_sender_is_closed_whether_bound_or_not() {
    let options = Options { frame: Duration::from_millis(300), ..Options::default() };
    let server = Server::listen("127.0.0.1:0").await.unwrap().options(options);
    let address = server.local_addr().unwrap();
    tokio::spawn(server.each(|mut peer| async move {
        while let Some(request) = peer.next().await? {
            request.accept("centre");
        }
        Ok(())
    }));
    for binds in [false, true] {
        let mut raw = Raw::connect(address).await;
        if binds {
            raw.binds().await;
        }
        raw.sends(&submit_sm(2)[..20]).await;
        assert!(raw.hears().await.is_none());
    }
}
