//! Peers that speak another protocol than is spoken where they connect to.

use std::time::Duration;

use smpp_tokio::wire::{CommandId, CommandStatus};
use smpp_tokio::{
    ClientAuth, Connection, Ended, Endpoint, Entry, Listener, NotEntered, Options, Role, ServerTls,
};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::certificates::Authority;
use crate::raw::{Raw, centre, hasty, header, submit_sm};

const SHORT: Duration = Duration::from_millis(300);

/// Lets one connection in over TLS, or not.
async fn tls_entry(within: Duration) -> (Raw, JoinHandle<Result<(), NotEntered>>) {
    let tls = ServerTls::load(Authority::new().server(ClientAuth::Off)).unwrap();
    let entry = Entry { tls: Some(tls), ..Entry::default() };
    let listener = Listener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let entered = tokio::spawn(async move {
        let (stream, from) = listener.accept().await.unwrap();
        entry.pass(stream, from, within, Some).await.map(|_| ())
    });
    (Raw::connect(address).await, entered)
}

#[tokio::test]
async fn plain_smpp_at_the_port_of_tls_is_named() {
    let (mut raw, entered) = tls_entry(Duration::from_secs(5)).await;
    raw.sends(&submit_sm(1)).await;
    let why = entered.await.unwrap().unwrap_err().to_string();
    assert_eq!(why, "the peer speaks plain SMPP where TLS is spoken");
    assert!(raw.hears().await.is_none());
}

#[tokio::test]
async fn http_and_proxies_at_the_port_of_tls_are_named() {
    for (octets, named) in [
        (b"GET / HTTP/1.1\r\nHost: smpp.example\r\n\r\n".as_slice(), "HTTP"),
        (b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n", "the PROXY protocol"),
        (b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", "the PROXY protocol"),
    ] {
        let (mut raw, entered) = tls_entry(Duration::from_secs(5)).await;
        raw.sends(octets).await;
        let why = entered.await.unwrap().unwrap_err().to_string();
        assert_eq!(why, format!("the peer speaks {named} where TLS is spoken"));
    }
}

#[tokio::test]
async fn noise_at_the_port_of_tls_is_closed() {
    for octets in [[0xFF; 64], [0x16; 64]] {
        let (mut raw, entered) = tls_entry(Duration::from_secs(5)).await;
        raw.sends(&octets).await;
        let why = entered.await.unwrap().unwrap_err();
        assert!(matches!(why, NotEntered::Tls(_)), "{why}");
    }
}

#[tokio::test]
async fn a_handshake_that_does_not_come_to_its_end_is_closed() {
    // Nothing at all, and the begin of a record that never ends.
    for octets in [&[][..], &[0x16, 3, 1, 2, 0, 1]] {
        let (mut raw, entered) = tls_entry(SHORT).await;
        raw.sends(octets).await;
        let why = entered.await.unwrap().unwrap_err();
        assert!(matches!(why, NotEntered::TimedOut { .. }), "{why}");
    }
    let (mut drip_fed, entered) = tls_entry(SHORT).await;
    for octet in [0x16, 3, 1, 2, 0].into_iter().chain(std::iter::repeat_n(1, 50)) {
        drip_fed.sends(&[octet]).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let why = entered.await.unwrap().unwrap_err();
    assert!(matches!(why, NotEntered::TimedOut { .. }), "{why}");
}

#[tokio::test]
async fn tls_and_http_at_the_port_of_plain_smpp_are_nacked_and_named() {
    for (octets, named) in [
        ([0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3, 0, 0, 0, 0, 0].as_slice(), "TLS"),
        (b"GET / HTTP/1.1\r\nHost: smpp.example\r\n\r\n", "HTTP"),
        (b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n", "the PROXY protocol"),
    ] {
        let (mut raw, served) = centre(Options::default()).await;
        raw.sends(octets).await;
        let nack = raw.hears().await.unwrap();
        assert_eq!(
            (nack.id(), nack.status()),
            (CommandId::GENERIC_NACK, CommandStatus::INVALID_COMMAND_LENGTH)
        );
        assert!(raw.hears().await.is_none());
        let (ended, _) = served.await.unwrap();
        assert_eq!(ended.to_string(), format!("the peer speaks {named} where plain SMPP is spoken"));
    }
}

#[tokio::test]
async fn a_client_of_tls_hears_that_the_server_speaks_plain_smpp() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut plain = Connection::new(stream, Role::Mc, hasty());
        while plain.ready().await.is_ok() {
            while plain.take().is_some() {}
        }
    });
    let stream = Endpoint::from(address).connect(None).await.unwrap();
    let refused = stream.connect_tls(&Authority::new().client(None), "localhost").await.unwrap_err();
    assert_eq!(refused.to_string(), "the peer does not speak TLS");
}

#[tokio::test]
async fn pdus_in_single_octets_before_the_bind_end_at_the_bind_timer() {
    let (mut raw, served) = centre(hasty()).await;
    // Whole PDUs, so that no frame stalls, and yet no bind.
    let fed = tokio::spawn(async move {
        for sequence in 1.. {
            for octet in header(16, CommandId::ENQUIRE_LINK, sequence) {
                raw.sends(&[octet]).await;
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
        }
    });
    assert_eq!(served.await.unwrap().0, Ended::NotBound);
    fed.abort();
}
