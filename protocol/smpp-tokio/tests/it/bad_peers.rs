//! Peers that send what they should not, or read what they should and do not.

use std::time::{Duration, Instant};

use smpp_tokio::wire::{CommandId, CommandStatus};
use smpp_tokio::{Ended, Options};

use crate::raw::{centre, hasty, header, submit_sm};

#[tokio::test]
async fn a_submit_before_the_bind_is_refused_and_the_bind_still_works() {
    let (mut raw, _served) = centre(Options::default()).await;
    raw.sends(&submit_sm(7)).await;
    let refusal = raw.hears().await.unwrap();
    assert_eq!(refusal.id(), CommandId::SUBMIT_SM_RESP);
    assert_eq!((refusal.status(), refusal.sequence()), (CommandStatus::INVALID_BIND_STATE, 7));
    raw.binds().await;
}

#[tokio::test]
async fn a_length_that_cannot_be_is_nacked_and_closed() {
    for length in [15, 0x7FFF_FFFF] {
        let (mut raw, served) = centre(Options::default()).await;
        raw.binds().await;
        raw.sends(&header(length, CommandId::SUBMIT_SM, 9)).await;
        let nack = raw.hears().await.unwrap();
        assert_eq!(nack.id(), CommandId::GENERIC_NACK);
        assert_eq!(nack.status(), CommandStatus::INVALID_COMMAND_LENGTH);
        assert!(raw.hears().await.is_none());
        assert_eq!(served.await.unwrap().0, Ended::BadLength(length));
    }
}

#[tokio::test]
async fn an_unknown_command_is_nacked_and_the_session_stays() {
    let (mut raw, _served) = centre(Options::default()).await;
    raw.binds().await;
    raw.sends(&header(16, CommandId(0x0100_0001), 5)).await;
    let nack = raw.hears().await.unwrap();
    assert_eq!((nack.id(), nack.sequence()), (CommandId::GENERIC_NACK, 5));
    assert_eq!(nack.status(), CommandStatus::INVALID_COMMAND_ID);
    raw.sends(&header(16, CommandId::ENQUIRE_LINK, 6)).await;
    assert_eq!(raw.hears().await.unwrap().id(), CommandId::ENQUIRE_LINK_RESP);
}

#[tokio::test]
async fn random_octets_end_a_session_and_nothing_else() {
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    for _ in 0..20 {
        let (mut raw, served) = centre(hasty()).await;
        let octets: Vec<u8> = (0..2000)
            .map(|_| {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                random as u8
            })
            .collect();
        raw.sends(&octets).await;
        while raw.hears().await.is_some() {}
        assert!(!served.await.unwrap().0.is_clean());
    }
}

#[tokio::test]
async fn half_a_frame_is_waited_for_only_so_long() {
    let (mut raw, served) = centre(hasty()).await;
    raw.binds().await;
    let submit = submit_sm(2);
    raw.sends(&submit[..20]).await;
    assert!(raw.hears().await.is_none());
    assert_eq!(served.await.unwrap().0, Ended::FrameStalled);
}

#[tokio::test]
async fn a_connection_that_never_binds_is_closed() {
    let (mut raw, served) = centre(hasty()).await;
    assert!(raw.hears().await.is_none());
    assert_eq!(served.await.unwrap().0, Ended::NotBound);
}

#[tokio::test]
async fn a_peer_that_never_reads_grows_nothing_and_is_closed() {
    let options = Options { output_max: 64 << 10, ..hasty() };
    let (mut raw, served) = centre(options).await;
    raw.binds().await;
    let flood: Vec<u8> = (1..2000).flat_map(|n| header(16, CommandId::ENQUIRE_LINK, n)).collect();
    let started = Instant::now();
    let sent = async {
        let mut octets = 0_usize;
        while started.elapsed() < Duration::from_secs(10) {
            match tokio::time::timeout(Duration::from_millis(500), raw.sends(&flood)).await {
                Ok(()) => octets += flood.len(),
                Err(_) => break,
            }
        }
        octets
    };
    assert!(sent.await > 0);
    let (ended, peer) = served.await.unwrap();
    assert_eq!(ended, Ended::WriteStalled);
    // The budget, and the answers to what one read brought.
    assert!(peer.output_len() <= (64 << 10) + (256 << 10), "{} octets wait", peer.output_len());
}

#[tokio::test]
async fn a_frame_in_single_octets_is_heard() {
    let (mut raw, _served) = centre(Options::default()).await;
    raw.binds().await;
    for octet in submit_sm(3) {
        raw.sends(&[octet]).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(raw.hears().await.unwrap().sequence(), 3);
}

#[tokio::test]
async fn an_unbind_is_answered_before_the_connection_closes() {
    let (mut raw, served) = centre(Options::default()).await;
    raw.binds().await;
    let mut octets = submit_sm(2);
    octets.extend(header(16, CommandId::UNBIND, 3));
    raw.sends(&octets).await;
    assert_eq!(raw.hears().await.unwrap().id(), CommandId::SUBMIT_SM_RESP);
    assert_eq!(raw.hears().await.unwrap().id(), CommandId::UNBIND_RESP);
    assert!(raw.hears().await.is_none());
    assert_eq!(served.await.unwrap().0, Ended::Unbound);
}
