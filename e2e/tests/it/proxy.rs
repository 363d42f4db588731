//! Behind a load balancer that says for whom it speaks: the PROXY protocol.

use std::net::Ipv4Addr;
use std::time::Duration;

use e2e::carrier::{Carrier, Manner};
use e2e::centre::{self, Process};
use e2e::esme::Esme;
use e2e::frames::Mode;
use e2e::setup::{Link, PASSWORD, SYSTEM_ID, Setup};
use e2e::{binary, wait};
use tempfile::TempDir;

const LIMIT: Duration = Duration::from_secs(10);
const CLIENT: &str = "203.0.113.7";

struct Stand {
    setup: Setup,
    centre: Process,
    _folder: TempDir,
}

impl Stand {
    /// The account may bind from the client's network only.
    fn trusting(networks: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let carrier = Carrier::listen(Manner::default()).unwrap();
        let mut setup = Setup::below(folder.path()).with_link(Link::to(carrier.address()));
        setup.smpp_more = format!("proxy_protocol = {{ trusted = [\"{networks}\"] }}\n");
        setup.account.more = "allow_from = [\"203.0.113.0/24\"]\n".to_owned();
        let centre = centre::serve(&setup, folder.path()).unwrap();
        Self { setup, centre, _folder: folder }
    }

    /// A connection that begins with these octets.
    fn relayed(&self, header: &[u8]) -> Esme {
        let mut esme = Esme::connect(self.setup.smpp).unwrap();
        esme.say(header).unwrap();
        esme
    }
}

/// Version 1 (a line), for a client at this address.
fn v1(client: &str) -> Vec<u8> {
    format!("PROXY TCP4 {client} 192.0.2.1 40000 2775\r\n").into_bytes()
}

/// Version 2 (binary), the same, with a TLV behind the addresses.
fn v2(client: Ipv4Addr) -> Vec<u8> {
    let mut header = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x10".to_vec();
    header.extend(client.octets());
    header.extend([192, 0, 2, 1, 0x9C, 0x40, 0x0A, 0xD7, 0x04, 0, 1, 0]);
    header
}

#[test]
fn a_client_behind_a_trusted_proxy_is_judged_and_shown_by_its_own_address() {
    let stand = Stand::trusting("127.0.0.0/8");
    let mut first = stand.relayed(&v1(CLIENT));
    assert_eq!(first.bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).unwrap().status, 0);
    let mut second = stand.relayed(&v2(CLIENT.parse().unwrap()));
    assert_eq!(second.bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).unwrap().status, 0);
    let output = binary::run(&["binds", "--json", "--data", stand.setup.data.to_str().unwrap()]).unwrap();
    let binds = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(binds.matches("\"peer\":\"203.0.113.7:40000\"").count(), 2, "{binds}");

    let mut elsewhere = stand.relayed(&v1("198.51.100.1"));
    assert_eq!(elsewhere.bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).unwrap().status, 0x0D);
}

#[test]
fn a_trusted_proxy_that_says_nothing_or_nonsense_is_closed() {
    let stand = Stand::trusting("127.0.0.0/8");
    for header in [&b""[..], b"PROXY TCP4 nonsense\r\n", b"\r\n\r\n\0\r\nQUIT\n\x91\x11\0\x0c"] {
        let mut esme = stand.relayed(header);
        assert!(esme.bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).is_err(), "{header:?}");
    }
    let mut esme = stand.relayed(&v1(CLIENT));
    assert_eq!(esme.bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).unwrap().status, 0, "others are served");
}

#[test]
fn who_is_no_trusted_proxy_cannot_say_where_it_comes_from() {
    let stand = Stand::trusting("10.0.0.0/8");
    let mut liar = stand.relayed(&v1(CLIENT));
    assert!(liar.is_closed_within(LIMIT).unwrap());
    let mut honest = Esme::connect(stand.setup.smpp).unwrap();
    assert_eq!(honest.bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).unwrap().status, 0x0D, "from 127.0.0.1");
    let named = wait::until(LIMIT, || stand.centre.stderr().contains("proxy-not-trusted"));
    assert!(named, "{}", stand.centre.stderr());
}
