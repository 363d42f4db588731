//! Peers that err, lie or fall silent: each gets its answer, and nobody else notices.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use e2e::esme::Heard;
use e2e::frame::{Frame, id};
use e2e::frames::{Message, Mode};
use e2e::setup::{PASSWORD, SYSTEM_ID};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::stand::{Stand, anonymous_memory};

fn hello() -> Message {
    Message::text("ACME", "385911234567", "hello")
}

#[test]
fn a_wrong_password_is_answered_0x0e_and_an_unknown_system_id_0x0f() {
    let stand = Stand::up();
    let answer = stand.stranger().bind(Mode::Transceiver, SYSTEM_ID, "wrong").unwrap();
    assert_eq!((answer.id, answer.status), (id::BIND_TRANSCEIVER_RESP, 0x0E));
    let answer = stand.stranger().bind(Mode::Transceiver, "nobody", PASSWORD).unwrap();
    assert_eq!((answer.id, answer.status), (id::BIND_TRANSCEIVER_RESP, 0x0F));
}

#[test]
fn a_submit_before_the_bind_is_answered_0x04_and_the_link_stays() {
    let stand = Stand::up();
    let mut esme = stand.stranger();
    let answer = esme.submit(&hello()).unwrap();
    assert_eq!((answer.id, answer.status), (id::SUBMIT_SM_RESP, 0x04));
    assert_eq!(esme.bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).unwrap().status, 0);
    assert_eq!(esme.submit(&hello()).unwrap().status, 0);
}

#[test]
fn a_submit_on_a_receiver_is_answered_0x04_and_the_link_stays() {
    let stand = Stand::up();
    let mut esme = stand.stranger();
    assert_eq!(esme.bind(Mode::Receiver, SYSTEM_ID, PASSWORD).unwrap().status, 0);
    assert_eq!(esme.submit(&hello()).unwrap().status, 0x04);
    assert_eq!(esme.ask(&Frame::request(id::ENQUIRE_LINK, 9, vec![])).unwrap().status, 0);
}

#[test]
fn a_length_that_no_pdu_has_is_answered_by_generic_nack_0x02_and_the_end() {
    let stand = Stand::up();
    for length in [0_u32, 15, 0x7FFF_FFFF, 0xFFFF_FFFF] {
        for bound in [false, true] {
            let mut esme = if bound { stand.esme() } else { stand.stranger() };
            let mut bytes = hello().submit(77).to_bytes();
            bytes[..4].copy_from_slice(&length.to_be_bytes());
            esme.say(&bytes).unwrap();
            let nack = esme.hear().unwrap();
            assert_eq!((nack.id, nack.status), (id::GENERIC_NACK, 0x02), "length {length}, bound {bound}");
            assert!(esme.is_closed_within(Duration::from_secs(5)).unwrap(), "length {length}, bound {bound}");
        }
    }
}

#[test]
fn an_unknown_command_is_answered_by_generic_nack_0x03_and_the_session_goes_on() {
    let stand = Stand::up();
    let mut esme = stand.esme();
    let nack = esme.ask(&Frame::request(0x0100_0001, 7, b"\xde\xad\xbe\xef".to_vec())).unwrap();
    assert_eq!((nack.id, nack.status, nack.sequence), (id::GENERIC_NACK, 0x03, 7));
    assert_eq!(esme.submit(&hello()).unwrap().status, 0);
}

#[test]
fn random_octets_harm_nobody() {
    let stand = Stand::up();
    let mut esme = stand.esme();
    for seed in 0..200 {
        let mut octets = vec![0; 4096];
        StdRng::seed_from_u64(seed).fill_bytes(&mut octets);
        let mut stranger = stand.stranger();
        // The centre may close before all of it is written.
        drop(stranger.say(&octets));
    }
    assert_eq!(esme.submit(&hello()).unwrap().status, 0);
}

#[test]
fn random_bodies_get_an_answer_and_the_session_goes_on() {
    let stand = Stand::up();
    let mut esme = stand.esme();
    for seed in 0..200 {
        let mut chance = StdRng::seed_from_u64(seed);
        let mut body = vec![0; 1 + (chance.next_u32() % 300) as usize];
        chance.fill_bytes(&mut body);
        let sequence = esme.next_sequence();
        let answer = esme.ask(&Frame::request(id::SUBMIT_SM, sequence, body)).unwrap();
        assert_eq!(answer.sequence, sequence, "seed {seed}");
    }
    assert_eq!(esme.submit(&hello()).unwrap().status, 0);
}

#[test]
fn half_a_frame_is_waited_for_no_longer_than_the_timer() {
    let stand = Stand::up();
    let mut esme = stand.esme();
    let bytes = hello().submit(5).to_bytes();
    let started = Instant::now();
    esme.say(&bytes[..bytes.len() / 2]).unwrap();
    assert!(
        esme.is_closed_within(Duration::from_secs(20)).unwrap(),
        "half a frame held the session for 20 s"
    );
    let waited = started.elapsed();
    assert!(waited > Duration::from_secs(5), "closed after {waited:?}, which a slow network can need");
}

#[test]
fn a_connection_that_never_binds_is_let_go() {
    let stand = Stand::up();
    let mut stranger = stand.stranger();
    assert!(
        stranger.is_closed_within(Duration::from_secs(15)).unwrap(),
        "no bind for 15 s, and still connected"
    );
}

#[test]
fn a_peer_that_never_reads_costs_bounded_memory() {
    let stand = Stand::up();
    let mut deaf = stand.esme();
    let mut chunk = Vec::new();
    while chunk.len() < 64 * 1024 {
        Frame::request(id::ENQUIRE_LINK, 1, vec![]).write(&mut chunk);
    }
    let said = say_until_blocked(&mut deaf, &chunk, 256 * 1024 * 1024);
    assert!(said.is_some(), "the centre read 256 MiB from a peer that takes no answer");
    let memory = anonymous_memory(stand.centre.id());
    assert!(memory < 128 * 1024 * 1024, "{memory} bytes of anonymous memory for a peer that never reads");

    let mut esme = stand.esme();
    let started = Instant::now();
    assert_eq!(esme.submit(&hello()).unwrap().status, 0);
    assert!(started.elapsed() < Duration::from_secs(2), "others waited {:?}", started.elapsed());
}

/// Octets said before the centre stopped to read or closed; none where it took them all.
fn say_until_blocked(esme: &mut e2e::esme::Esme, chunk: &[u8], limit: usize) -> Option<usize> {
    let mut said = 0;
    while said < limit {
        if esme.say_within(chunk, Duration::from_secs(3)).is_err() {
            return Some(said);
        }
        said += chunk.len();
    }
    None
}

#[test]
fn a_session_that_goes_without_unbind_leaves_no_trace() {
    let stand = Stand::up();
    for _ in 0..20 {
        let esme = stand.esme();
        drop(esme);
    }
    // More binds than the account may hold at once: the gone ones must not count.
    assert_eq!(stand.esme().submit(&hello()).unwrap().status, 0);
}

#[test]
fn the_answer_to_an_unbind_is_the_last_word() {
    let stand = Stand::up();
    let mut esme = stand.esme();
    let answer = esme.ask(&Frame::request(id::UNBIND, 3, vec![])).unwrap();
    assert_eq!((answer.id, answer.status), (id::UNBIND_RESP, 0));
    assert_eq!(esme.hear_within(Duration::from_secs(5)).unwrap(), Heard::Closed);
    assert!(TcpStream::connect(stand.setup.smpp).is_ok());
}
