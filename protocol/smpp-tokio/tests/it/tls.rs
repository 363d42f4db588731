//! Sessions over TLS.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use smpp_tokio::wire::{
    Bind, BindMode, CommandId, CommandStatus, InterfaceVersion, Pdu, SubmitSm, Tag, Tlv, Tlvs,
};
use smpp_tokio::{
    Ask, Caller, ClientAuth, ClientTls, ClientTlsFiles, Connection, Ended, Endpoint, Event, Listener,
    NotSecured, Options, Role, Roots, Secured, Server, ServerTls, ServerTlsFiles, Stream, Transceiver,
};

use crate::certificates::Authority;
use crate::raw::{Raw, hasty, header};

/// Serves over TLS; what is submitted is answered with the names of the caller.
async fn server(tls: ServerTls) -> SocketAddr {
    let server = Server::listen("127.0.0.1:0").await.unwrap().tls(tls);
    let address = server.local_addr().unwrap();
    tokio::spawn(server.each(|mut peer| async move {
        let names = names(peer.caller());
        while let Some(request) = peer.next().await? {
            match request.ask() {
                Ok(Ask::Bind(_)) => request.accept("centre"),
                Ok(_) => request.accept(&names),
                Err(malformed) => request.refuse(malformed.status()),
            }
        }
        Ok(())
    }));
    address
}

fn names(caller: &Caller) -> String {
    let certificate = caller.certificate.clone().unwrap_or_default();
    let names = certificate.common_name.into_iter().chain(certificate.alternative_names);
    caller.tls_version.map(str::to_owned).into_iter().chain(names).collect::<Vec<_>>().join(" ")
}

async fn connect(address: SocketAddr, tls: &ClientTls) -> Result<Esme, NotSecured> {
    let stream = Endpoint::from(address).connect(None).await.unwrap();
    let stream = stream.connect_tls(tls, "localhost").await?;
    let mut esme = Esme(Connection::new(stream, Role::Esme, Options::default()));
    // With TLS 1.3 a server refuses a client's certificate after the handshake.
    if esme.0.request(&bind(), 0).is_ok() && esme.answer().await.is_some() {
        Ok(esme)
    } else {
        Err(NotSecured::Closed)
    }
}

fn bind() -> Bind<'static> {
    Bind {
        mode: BindMode::Transceiver,
        interface_version: InterfaceVersion::V3_4,
        system_id: b"acme",
        ..Default::default()
    }
}

struct Esme(Connection);

impl Esme {
    /// The message id of the next answer.
    async fn answer(&mut self) -> Option<String> {
        loop {
            if let Some(Event::Answered { frame, .. }) = self.0.take() {
                return match frame.view().unwrap().0 {
                    Pdu::SubmitSmResp(resp) => Some(String::from_utf8_lossy(resp.message_id).into_owned()),
                    _ => Some(String::new()),
                };
            }
            self.0.ready().await.ok()?;
        }
    }

    async fn submits(&mut self) -> Option<String> {
        self.0.request(&SubmitSm { short_message: b"hello", ..Default::default() }, 1).ok()?;
        self.answer().await
    }
}

#[tokio::test]
async fn a_session_runs_over_tls_1_3() {
    let authority = Authority::new();
    let address = server(ServerTls::load(authority.server(ClientAuth::Off)).unwrap()).await;
    let mut esme = connect(address, &authority.client(None)).await.unwrap();
    assert_eq!(esme.0.io().tls_version(), Some("TLS 1.3"));
    assert_eq!(esme.submits().await.unwrap(), "TLS 1.3");
}

#[tokio::test]
async fn an_old_client_is_spoken_to_in_tls_1_2() {
    use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject};
    use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring, version::TLS12};

    let authority = Authority::new();
    let address = server(ServerTls::load(authority.server(ClientAuth::Off)).unwrap()).await;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority.file()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_protocol_versions(&[&TLS12])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let connector = tokio_rustls::TlsConnector::from(std::sync::Arc::new(config));
    let stream = connector.connect("localhost".try_into().unwrap(), stream).await.unwrap();
    let mut esme = Esme(Connection::new(Stream::Other(Box::new(stream)), Role::Esme, Options::default()));
    esme.0.request(&bind(), 0).unwrap();
    esme.answer().await.unwrap();
    assert_eq!(esme.submits().await.unwrap(), "TLS 1.2");
}

#[tokio::test]
async fn who_trusts_another_authority_does_not_connect() {
    let authority = Authority::new();
    let address = server(ServerTls::load(authority.server(ClientAuth::Off)).unwrap()).await;
    let refused = connect(address, &Authority::new().client(None)).await.err().unwrap();
    assert!(matches!(refused, NotSecured::Refused(_)), "{refused}");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_taken() {
    let authority = Authority::new();
    let address = server(ServerTls::load(authority.server(ClientAuth::Off)).unwrap()).await;
    let server_name = Some("smpp.example".to_owned());
    let files = ClientTlsFiles { roots: Roots::File(authority.file()), server_name, ..Default::default() };
    let refused = connect(address, &ClientTls::load(&files).unwrap()).await.err().unwrap();
    assert!(refused.to_string().contains("smpp.example"), "{refused}");
}

#[tokio::test]
async fn a_pinned_certificate_is_taken_whoever_signed_it_and_no_other_is() {
    let authority = Authority::new();
    let files = authority.server(ClientAuth::Off);
    let pinned = |file| {
        let files = ClientTlsFiles { roots: Roots::Pinned(file), ..Default::default() };
        ClientTls::load(&files).unwrap()
    };
    let own = pinned(files.certificate.clone());
    let other = pinned(authority.signs("other", &["localhost"], None).certificate);
    let address = server(ServerTls::load(files).unwrap()).await;
    assert!(connect(address, &own).await.is_ok());
    let refused = connect(address, &other).await.err().unwrap();
    assert!(matches!(refused, NotSecured::Refused(_)), "{refused}");
}

#[tokio::test]
async fn a_client_that_must_prove_itself_is_known_by_its_names() {
    let authority = Authority::new();
    let clients = ClientAuth::Required(authority.file());
    let address = server(ServerTls::load(authority.server(clients)).unwrap()).await;

    let acme = authority.signs("acme", &["smpp.acme.example"], Some("sms:acme"));
    let mut esme = connect(address, &authority.client(Some(acme))).await.unwrap();
    assert_eq!(esme.submits().await.unwrap(), "TLS 1.3 acme smpp.acme.example sms:acme");

    assert!(connect(address, &authority.client(None)).await.is_err(), "without a certificate");
    let stranger = Authority::new();
    let forged = stranger.signs("acme", &["smpp.acme.example"], None);
    assert!(connect(address, &authority.client(Some(forged))).await.is_err(), "of another authority");
}

#[tokio::test]
async fn a_client_that_may_prove_itself_need_not() {
    let authority = Authority::new();
    let clients = ClientAuth::Optional(authority.file());
    let address = server(ServerTls::load(authority.server(clients)).unwrap()).await;
    let mut nobody = connect(address, &authority.client(None)).await.unwrap();
    assert_eq!(nobody.submits().await.unwrap(), "TLS 1.3");
    let acme = authority.signs("acme", &[], None);
    let mut esme = connect(address, &authority.client(Some(acme))).await.unwrap();
    assert_eq!(esme.submits().await.unwrap(), "TLS 1.3 acme");
    let stranger = Authority::new();
    let forged = stranger.signs("acme", &[], None);
    assert!(connect(address, &authority.client(Some(forged))).await.is_err(), "a bad one is worse than none");
}

#[tokio::test]
async fn certificates_are_replaced_while_sessions_stay() {
    let (old, new) = (Authority::new(), Authority::new());
    let files = old.server(ClientAuth::Off);
    let tls = ServerTls::load(files.clone()).unwrap();
    let address = server(tls.clone()).await;
    let mut esme = connect(address, &old.client(None)).await.unwrap();

    let ServerTlsFiles { certificate, key, .. } = new.server(ClientAuth::Off);
    std::fs::copy(certificate, &files.certificate).unwrap();
    assert!(tls.reload().is_err(), "a certificate without its key");
    assert!(connect(address, &old.client(None)).await.is_ok(), "what was in force stays so");

    std::fs::copy(key, &files.key).unwrap();
    tls.reload().unwrap();
    assert!(connect(address, &old.client(None)).await.is_err());
    assert!(connect(address, &new.client(None)).await.is_ok());
    assert_eq!(esme.submits().await.unwrap(), "TLS 1.3");
}

#[test]
fn a_file_that_is_wrong_is_named() {
    let authority = Authority::new();
    let good = authority.server(ClientAuth::Off);
    let missing = authority.file().with_file_name("nowhere.pem");
    let error = |files: &ServerTlsFiles| ServerTls::load(files.clone()).unwrap_err().to_string();
    let said = error(&ServerTlsFiles { certificate: missing.clone(), ..good.clone() });
    assert!(said.contains("nowhere.pem"), "{said}");
    let said = error(&ServerTlsFiles { certificate: good.key.clone(), ..good.clone() });
    assert!(said.contains("server.key.pem: no certificate in it"), "{said}");
    let said = error(&ServerTlsFiles { key: good.certificate.clone(), ..good.clone() });
    assert!(said.contains("server.cert.pem"), "{said}");
    let said = error(&ServerTlsFiles { key: authority.signs("other", &[], None).key, ..good.clone() });
    assert!(said.contains("server.cert.pem"), "{said}");
    let said = error(&ServerTlsFiles { clients: ClientAuth::Required(missing), ..good });
    assert!(said.contains("nowhere.pem"), "{said}");
}

#[tokio::test]
async fn a_payload_of_64_kib_passes_over_tls_both_ways() {
    let authority = Authority::new();
    let tls = ServerTls::load(authority.server(ClientAuth::Off)).unwrap();
    let server = Server::listen("127.0.0.1:0").await.unwrap().tls(tls);
    let address = server.local_addr().unwrap();
    tokio::spawn(server.each(|peer| async move {
        let (mut centre, _pass) = peer.into_connection();
        loop {
            centre.ready().await?;
            let mut echoed = None;
            while let Some(event) = centre.take() {
                match event {
                    Event::Bind(request) => {
                        let asked = request.asked;
                        centre.accept_bind(asked, b"centre");
                    }
                    Event::Request { asked, frame } => {
                        echoed = Some(frame.to_frame());
                        centre.refuse(asked, CommandStatus::OK);
                    }
                    _ => {}
                }
            }
            if let Some(frame) = echoed {
                centre.request_raw(CommandId::DELIVER_SM, frame.body(), 0).unwrap();
            }
        }
    }));
    let mut esme = connect(address, &authority.client(None)).await.unwrap();
    let payload = vec![0xA5; 0xFFFF];
    let tlvs = [Tlv { tag: Tag::MESSAGE_PAYLOAD, value: &payload }];
    esme.0.request(&SubmitSm { tlvs: Tlvs::from(&tlvs[..]), ..Default::default() }, 1).unwrap();
    let came_back = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            esme.0.ready().await.unwrap();
            while let Some(event) = esme.0.take() {
                if let Event::Request { frame, .. } = event {
                    return frame.body().ends_with(&payload);
                }
            }
        }
    });
    assert!(came_back.await.unwrap());
}

#[tokio::test]
async fn a_client_binds_over_tls_by_the_name_of_the_host() {
    let authority = Authority::new();
    let address = server(ServerTls::load(authority.server(ClientAuth::Off)).unwrap()).await;
    let endpoint = Endpoint::from(format!("localhost:{}", address.port()).as_str());
    let place = Secured { endpoint, tls: authority.client(None) };
    let (centre, _incoming) = smpp_tokio::connect(place).bind(Transceiver::new("acme", "")).await.unwrap();
    let answer = centre.submit(&SubmitSm::default()).await.unwrap();
    assert_eq!(answer.message_id().unwrap(), "TLS 1.3");

    let endpoint = Endpoint::from(format!("127.0.0.1:{}", address.port()).as_str());
    let place = Secured { endpoint, tls: authority.client(None) };
    let refused = smpp_tokio::connect(place).bind(Transceiver::new("acme", "")).await.unwrap_err();
    assert!(refused.to_string().contains("127.0.0.1"), "{refused}");
}

#[tokio::test]
async fn a_peer_that_never_reads_over_tls_is_closed_too() {
    let authority = Authority::new();
    let tls = ServerTls::load(authority.server(ClientAuth::Off)).unwrap();
    let listener = Listener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let stream = stream.accept_tls(&tls).await.unwrap();
        let options = Options { output_max: 64 << 10, ..hasty() };
        let mut peer = Connection::new(stream, Role::Mc, options);
        loop {
            if let Err(ended) = peer.ready().await {
                return ended;
            }
            while let Some(event) = peer.take() {
                if let Event::Bind(request) = event {
                    let asked = request.asked;
                    peer.accept_bind(asked, b"centre");
                }
            }
        }
    });
    let mut raw = Raw::connect(address).await.secured(&authority.client(None)).await;
    raw.binds().await;
    let flood: Vec<u8> = (1..2000).flat_map(|n| header(16, CommandId::ENQUIRE_LINK, n)).collect();
    let started = Instant::now();
    while !served.is_finished() && started.elapsed() < Duration::from_secs(20) {
        let _ = tokio::time::timeout(Duration::from_millis(500), raw.sends(&flood)).await;
    }
    assert_eq!(served.await.unwrap(), Ended::WriteStalled);
}

#[tokio::test]
async fn a_peer_that_closes_without_a_goodbye_of_tls_has_closed() {
    let authority = Authority::new();
    let tls = ServerTls::load(authority.server(ClientAuth::Off)).unwrap();
    let listener = Listener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let stream = stream.accept_tls(&tls).await.unwrap();
        Connection::new(stream, Role::Mc, Options::default()).ready().await
    });
    // Dropped, a stream of TLS says nothing more.
    drop(Raw::connect(address).await.secured(&authority.client(None)).await);
    assert_eq!(served.await.unwrap(), Err(Ended::PeerClosed));
}
