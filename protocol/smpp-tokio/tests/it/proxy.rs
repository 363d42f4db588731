//! Proxies before a server.

use std::net::SocketAddr;
use std::time::Duration;

use smpp_tokio::wire::{Bind, BindMode, CommandStatus, Frame, InterfaceVersion};
use smpp_tokio::{Ask, BadHeader, ClientAuth, Limits, Network, ProxyHeader, ProxyStep, Server, ServerTls};

use crate::certificates::Authority;
use crate::raw::{Raw, submit_sm};

const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

fn relayed(source: &str, destination: &str) -> ProxyHeader {
    ProxyHeader::Relayed { source: source.parse().unwrap(), destination: destination.parse().unwrap() }
}

fn v2(command: u8, family: u8, length: u16, octets: &[u8]) -> Vec<u8> {
    [SIGNATURE, &[command, family], &length.to_be_bytes(), octets].concat()
}

/// Reads as a connection does: only what is certain to belong to the header, and hands back the rest.
fn read(mut octets: &[u8]) -> (Result<ProxyHeader, Option<BadHeader>>, &[u8]) {
    let mut header = Vec::new();
    loop {
        match ProxyHeader::read(&header) {
            Ok(ProxyStep::Done(done)) => return (Ok(done), octets),
            Ok(ProxyStep::More(more)) if more <= octets.len() => {
                assert!(more > 0);
                let (now, later) = octets.split_at(more);
                header.extend_from_slice(now);
                octets = later;
            }
            Ok(ProxyStep::More(_)) => return (Err(None), octets),
            Err(bad) => return (Err(Some(bad)), octets),
        }
    }
}

#[test]
fn a_header_is_read_to_its_end_and_no_further() {
    let ipv4 = [192, 0, 2, 1, 198, 51, 100, 2, 0x12, 0x67, 0x0A, 0xD7];
    let mut ipv6 = [0; 36];
    (ipv6[15], ipv6[31], ipv6[33], ipv6[35]) = (1, 2, 3, 4);
    let with_tlvs = [&ipv4[..], &[0x04, 0, 3, 1, 2, 3]].concat();
    let table: &[(Vec<u8>, ProxyHeader)] = &[
        (
            b"PROXY TCP4 192.0.2.1 198.51.100.2 4711 2775\r\n".to_vec(),
            relayed("192.0.2.1:4711", "198.51.100.2:2775"),
        ),
        (b"PROXY TCP4 1.1.1.1 2.2.2.2 0 0\r\n".to_vec(), relayed("1.1.1.1:0", "2.2.2.2:0")),
        (b"PROXY TCP6 2001:db8::1 ::2 65535 1\r\n".to_vec(), relayed("[2001:db8::1]:65535", "[::2]:1")),
        (b"PROXY UNKNOWN\r\n".to_vec(), ProxyHeader::Own),
        (b"PROXY UNKNOWN ffff::1 \xFF whatever\r\n".to_vec(), ProxyHeader::Own),
        (v2(0x21, 0x11, 12, &ipv4), relayed("192.0.2.1:4711", "198.51.100.2:2775")),
        (v2(0x21, 0x11, 18, &with_tlvs), relayed("192.0.2.1:4711", "198.51.100.2:2775")),
        (v2(0x21, 0x21, 36, &ipv6), relayed("[::1]:3", "[::2]:4")),
        (v2(0x20, 0x00, 0, &[]), ProxyHeader::Own),
        (v2(0x20, 0x11, 12, &ipv4), ProxyHeader::Own),
        (v2(0x21, 0x00, 4, &[1, 2, 3, 4]), ProxyHeader::Own),
        (v2(0x21, 0x31, 216, &[0; 216]), ProxyHeader::Own),
    ];
    for (header, said) in table {
        let shown = header.escape_ascii();
        let octets = [&header[..], b"\0\0\0\x10 behind"].concat();
        assert_eq!(read(&octets), (Ok(*said), &octets[header.len()..]), "{shown}");
        for cut in 0..header.len() {
            assert_eq!(read(&header[..cut]).0, Err(None), "{shown} cut at {cut}");
        }
    }
}

#[test]
fn what_is_no_header_is_named() {
    let long = [b"PROXY UNKNOWN ".as_slice(), &[b'x'; 200]].concat();
    let table: &[(Vec<u8>, BadHeader)] = &[
        (submit_sm(1), BadHeader::Absent),
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), BadHeader::Absent),
        (b"PROXI UNKNOWN\r\n".to_vec(), BadHeader::Absent),
        (b"PROXY TCP4 1.1.1.1 2.2.2.2 1\r\n".to_vec(), BadHeader::Line),
        (b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2 3\r\n".to_vec(), BadHeader::Line),
        (b"PROXY TCP4 1.1.1.1 2.2.2.2 1 65536\r\n".to_vec(), BadHeader::Line),
        (b"PROXY TCP4 1.1.1.1 2.2.2.2 +1 2\r\n".to_vec(), BadHeader::Line),
        (b"PROXY TCP4 ::1 ::2 1 2\r\n".to_vec(), BadHeader::Line),
        (b"PROXY TCP6 1.1.1.1 2.2.2.2 1 2\r\n".to_vec(), BadHeader::Line),
        (b"PROXY TCP4  1.1.1.1 2.2.2.2 1 2\r\n".to_vec(), BadHeader::Line),
        (b"PROXY UDP4 1.1.1.1 2.2.2.2 1 2\r\n".to_vec(), BadHeader::Line),
        (long, BadHeader::Long { length: 107 }),
        (v2(0x22, 0x11, 12, &[0; 12]), BadHeader::Command(0x22)),
        (v2(0x11, 0x11, 12, &[0; 12]), BadHeader::Command(0x11)),
        (v2(0x21, 0x11, 11, &[0; 11]), BadHeader::Short { length: 11 }),
        (v2(0x21, 0x21, 35, &[0; 35]), BadHeader::Short { length: 35 }),
        (v2(0x21, 0x11, 0xFFFF, &[]), BadHeader::Long { length: 0xFFFF }),
    ];
    for (octets, bad) in table {
        assert_eq!(read(octets).0, Err(Some(*bad)), "{}", octets.escape_ascii());
    }
}

/// A server behind proxies of this network, that tells each who binds where it is.
async fn behind(network: &str, tls: Option<ServerTls>, limits: Limits) -> SocketAddr {
    let network: Network = network.parse().unwrap();
    let mut server = Server::listen("127.0.0.1:0").await.unwrap().proxies([network]).limits(limits);
    if let Some(tls) = tls {
        server = server.tls(tls);
    }
    let address = server.local_addr().unwrap();
    tokio::spawn(server.each(|mut peer| async move {
        let caller = peer.caller().address.to_string();
        while let Some(request) = peer.next().await? {
            match request.ask() {
                Ok(Ask::Bind(_)) => request.accept(&caller),
                _ => request.refuse(CommandStatus::SYSTEM_ERROR),
            }
        }
        Ok(())
    }));
    address
}

fn bind() -> Vec<u8> {
    let bind = Bind {
        mode: BindMode::Transceiver,
        interface_version: InterfaceVersion::V3_4,
        system_id: b"raw",
        ..Default::default()
    };
    Frame::write(CommandStatus::OK, 1, &bind).unwrap().bytes().to_vec()
}

/// What the server calls the peer; nothing if it closes.
async fn told(raw: &mut Raw) -> Option<String> {
    let resp = raw.hears().await?;
    assert_eq!(resp.status(), CommandStatus::OK);
    Some(String::from_utf8_lossy(resp.body().split(|octet| *octet == 0).next().unwrap()).into_owned())
}

#[tokio::test]
async fn a_trusted_proxy_says_for_whom_it_speaks() {
    let server = behind("127.0.0.0/8", None, Limits::default()).await;
    let ipv4 = [192, 0, 2, 1, 198, 51, 100, 2, 0x12, 0x67, 0x0A, 0xD7];
    for header in [b"PROXY TCP4 192.0.2.1 127.0.0.1 4711 2775\r\n".to_vec(), v2(0x21, 0x11, 12, &ipv4)] {
        let mut together = Raw::connect(server).await;
        together.sends(&[&header[..], &bind()].concat()).await;
        assert_eq!(told(&mut together).await.unwrap(), "192.0.2.1:4711");
        let mut drip_fed = Raw::connect(server).await;
        for octet in [&header[..], &bind()].concat() {
            drip_fed.sends(&[octet]).await;
            tokio::task::yield_now().await;
        }
        assert_eq!(told(&mut drip_fed).await.unwrap(), "192.0.2.1:4711");
    }
}

#[tokio::test]
async fn a_connection_of_the_proxys_own_comes_from_the_proxy() {
    let server = behind("127.0.0.1", None, Limits::default()).await;
    let mut raw = Raw::connect(server).await;
    raw.sends(&[v2(0x20, 0, 0, &[]), bind()].concat()).await;
    assert!(told(&mut raw).await.unwrap().starts_with("127.0.0.1:"));
}

#[tokio::test]
async fn a_trusted_proxy_that_says_nothing_is_closed() {
    let limits = Limits { entry: Duration::from_millis(300), ..Limits::default() };
    let server = behind("127.0.0.1", None, limits).await;
    let mut silent = Raw::connect(server).await;
    assert!(silent.hears().await.is_none());
    let mut unproxied = Raw::connect(server).await;
    unproxied.sends(&bind()).await;
    assert!(told(&mut unproxied).await.is_none());
    let mut endless = Raw::connect(server).await;
    endless.sends(&[b"PROXY UNKNOWN ".as_slice(), &[b'x'; 4096]].concat()).await;
    assert!(endless.hears().await.is_none());
}

#[tokio::test]
async fn a_header_from_elsewhere_is_refused() {
    let server = behind("10.0.0.0/8", None, Limits::default()).await;
    let mut honest = Raw::connect(server).await;
    honest.sends(&bind()).await;
    assert!(told(&mut honest).await.unwrap().starts_with("127.0.0.1:"));
    let mut liar = Raw::connect(server).await;
    liar.sends(&[b"PROXY TCP4 192.0.2.1 127.0.0.1 4711 2775\r\n".as_slice(), &bind()].concat()).await;
    assert_eq!(liar.hears().await.unwrap().status(), CommandStatus::INVALID_COMMAND_LENGTH);
    assert!(liar.hears().await.is_none());
}

#[tokio::test]
async fn who_comes_in_may_take_for_ever() {
    let limits = Limits { entry: Duration::MAX, ..Limits::default() };
    let server = behind("127.0.0.1", None, limits).await;
    let mut raw = Raw::connect(server).await;
    raw.sends(&[b"PROXY TCP4 192.0.2.1 127.0.0.1 4711 2775\r\n".as_slice(), &bind()].concat()).await;
    assert_eq!(told(&mut raw).await.unwrap(), "192.0.2.1:4711");
}

#[tokio::test]
async fn the_header_comes_before_tls() {
    let authority = Authority::new();
    let tls = ServerTls::load(authority.server(ClientAuth::Off)).unwrap();
    let server = behind("127.0.0.1", Some(tls), Limits::default()).await;
    let mut raw = Raw::connect(server).await;
    raw.sends(b"PROXY TCP6 ::2 ::1 4711 3550\r\n").await;
    let mut raw = raw.secured(&authority.client(None)).await;
    raw.sends(&bind()).await;
    assert_eq!(told(&mut raw).await.unwrap(), "[::2]:4711");
}

#[tokio::test]
async fn who_floods_through_a_proxy_shuts_out_only_itself() {
    let limits = Limits { unbound_per_address: 2, ..Limits::default() };
    let server = behind("127.0.0.1", None, limits).await;
    let mut flood = Vec::new();
    for port in 0..10 {
        let mut raw = Raw::connect(server).await;
        raw.sends(format!("PROXY TCP4 192.0.2.1 127.0.0.1 {port} 2775\r\n").as_bytes()).await;
        flood.push(raw);
    }
    let mut other = Raw::connect(server).await;
    other.sends(&[b"PROXY TCP4 192.0.2.2 127.0.0.1 4711 2775\r\n".as_slice(), &bind()].concat()).await;
    assert_eq!(told(&mut other).await.unwrap(), "192.0.2.2:4711");
    let mut bound = 0;
    for raw in &mut flood {
        raw.sends(&bind()).await;
        bound += usize::from(told(raw).await.is_some());
    }
    assert!((2..10).contains(&bound), "{bound} of one address stood at the gate");
}

#[tokio::test]
async fn who_floods_through_a_proxy_is_turned_away_before_tls() {
    let tls = ServerTls::load(Authority::new().server(ClientAuth::Off)).unwrap();
    let limits = Limits { unbound_per_address: 1, entry: Duration::from_secs(60), ..Limits::default() };
    let server = behind("127.0.0.1", Some(tls), limits).await;
    let mut flood = Vec::new();
    for port in [1, 2] {
        let mut raw = Raw::connect(server).await;
        raw.sends(format!("PROXY TCP4 192.0.2.1 127.0.0.1 {port} 3550\r\n").as_bytes()).await;
        flood.push(raw);
    }
    let (second, first) = (flood.pop().unwrap(), flood.pop().unwrap());
    // Neither says a word of TLS, and one of the two is closed long before that is waited for no more.
    let closed = async |mut raw: Raw| raw.hears().await.is_none();
    let one = async {
        tokio::select! { closed = closed(first) => closed, closed = closed(second) => closed }
    };
    assert!(tokio::time::timeout(Duration::from_secs(10), one).await.unwrap());
}
