//! What happens because nothing happens.

use std::time::Duration;

use smpp_session::{Ended, Options, State};
use smpp_wire::{BindMode, CommandId, CommandStatus};

use crate::talk::{Talk, Told, asked, bare, bind, enquire_link, submit_sm};

#[test]
fn a_silent_peer_is_asked_once_and_then_let_go() {
    let mut mc = Talk::bound(BindMode::Transceiver, Options::default());
    mc.waits(29);
    assert_eq!(mc.says(), []);
    mc.waits(1);
    assert_eq!(mc.says(), [enquire_link(1)]);
    mc.waits(9);
    assert_eq!(mc.ended(), None);
    mc.waits(1);
    assert_eq!(mc.ended(), Some(Ended::PeerSilent));
}

#[test]
fn a_peer_that_answers_is_asked_again_after_another_silence() {
    let mut mc = Talk::bound(BindMode::Transceiver, Options::default());
    for sequence in 1..5 {
        mc.waits(30);
        assert_eq!(mc.says(), [enquire_link(sequence)]);
        mc.hears(&bare(CommandId::ENQUIRE_LINK_RESP, CommandStatus::OK, sequence));
    }
    assert_eq!(mc.ended(), None);
}

#[test]
fn a_peer_that_talks_is_not_asked() {
    let mut mc = Talk::bound(BindMode::Transceiver, Options::default());
    for sequence in 0..10 {
        mc.waits(20);
        mc.hears(&submit_sm(sequence));
        mc.answers(asked(CommandId::SUBMIT_SM, sequence));
    }
    assert!(mc.says().iter().all(|said| said.id == CommandId::SUBMIT_SM_RESP));
}

#[test]
fn a_peer_that_talks_but_never_answers_enquire_link_is_kept() {
    let mut mc = Talk::bound(BindMode::Transceiver, Options::default());
    mc.waits(30);
    assert_eq!(mc.says(), [enquire_link(1)]);
    mc.waits(5);
    mc.hears(&submit_sm(1));
    mc.waits(5);
    assert_eq!(mc.ended(), None);
}

#[test]
fn a_connection_without_a_bind_is_closed() {
    let mut mc = Talk::listening();
    mc.waits(4);
    mc.hears(&bare(CommandId::ENQUIRE_LINK, CommandStatus::OK, 1));
    assert_eq!(mc.ended(), None);
    mc.waits(1);
    assert_eq!(mc.ended(), Some(Ended::NotBound), "enquire_link does not stretch the bind timer");
}

#[test]
fn a_bind_that_is_being_judged_stops_the_bind_timer_and_a_refusal_starts_it() {
    let mut mc = Talk::listening();
    mc.waits(4);
    mc.hears(&bind(BindMode::Transmitter, 1));
    mc.waits(60);
    assert_eq!(mc.ended(), None);
    let ask = asked(CommandId::BIND_TRANSMITTER, 1);
    mc.session.refuse(ask, CommandStatus::INVALID_PASSWORD, mc.now);
    mc.waits(5);
    assert_eq!(mc.ended(), Some(Ended::NotBound));
}

#[test]
fn half_a_frame_is_waited_for_only_so_long() {
    let mut mc = Talk::bound(BindMode::Transceiver, Options::default());
    let submit = submit_sm(1);
    let (first, second) = submit.bytes().split_at(20);
    mc.hears_octets(first);
    mc.waits(9);
    assert_eq!(mc.hears_octets(second).len(), 1);
    mc.hears_octets(first);
    for octet in &second[..9] {
        mc.waits(1);
        mc.hears_octets(&[*octet]);
    }
    assert_eq!(mc.ended(), None);
    mc.waits(1);
    assert_eq!(mc.ended(), Some(Ended::FrameStalled), "an octet a second is no progress");
}

#[test]
fn an_idle_session_unbinds_when_told_to() {
    let options = Options { inactivity: Duration::from_secs(60), ..Options::default() };
    let mut mc = Talk::bound(BindMode::Transceiver, options);
    mc.waits(30);
    assert_eq!(mc.says(), [enquire_link(1)]);
    mc.hears(&bare(CommandId::ENQUIRE_LINK_RESP, CommandStatus::OK, 1));
    mc.waits(20);
    mc.hears(&submit_sm(1));
    mc.answers(asked(CommandId::SUBMIT_SM, 1));
    mc.waits(29);
    assert_eq!(mc.session.state(), State::BoundTrx);
    mc.says();
    mc.hears(&bare(CommandId::ENQUIRE_LINK, CommandStatus::OK, 2));
    mc.waits(31);
    assert!(mc.says().iter().any(|said| said.id == CommandId::UNBIND), "enquire_link is no transaction");
}

#[test]
fn timers_that_are_off_never_fire() {
    let options = Options { enquire_link: Duration::ZERO, ..Options::default() };
    let mut mc = Talk::bound(BindMode::Transceiver, options);
    assert_eq!(mc.session.next_timeout(), None);
    assert_eq!(mc.waits(100_000), Vec::<Told>::new());
    assert_eq!(mc.ended(), None);
}

#[test]
fn a_pdu_that_is_not_read_for_want_of_room_for_answers_is_no_stalled_one() {
    let mut mc = Talk::bound(BindMode::Transceiver, Options { output_max: 64, ..Options::default() });
    // Five answers of 16 octets, which the peer is slow to take: nothing is read until there is room again.
    let mut octets = bare(CommandId::ENQUIRE_LINK, CommandStatus::OK, 3).bytes().repeat(5);
    octets.extend_from_slice(&submit_sm(4).bytes()[..20]);
    mc.hears_octets(&octets);
    mc.session.handle_timeout(mc.now + Duration::from_secs(10));
    assert_eq!(mc.ended(), None);
    mc.session.wrote(80);
    mc.session.handle_timeout(mc.now + Duration::from_secs(20));
    assert_eq!(mc.ended(), Some(Ended::FrameStalled));
}

#[test]
fn a_time_beyond_all_clocks_is_never() {
    let never = Duration::MAX;
    let options = Options {
        session_init: never,
        frame: never,
        enquire_link: never,
        response: never,
        inactivity: never,
        drain: never,
        ..Options::default()
    };
    let mut mc = Talk::bound(BindMode::Transceiver, options);
    mc.hears_octets(&submit_sm(2).bytes()[..20]);
    mc.session.probe(never, mc.now);
    mc.session.begin_unbind(mc.now);
    mc.waits(1_000_000);
    assert_eq!(mc.ended(), None);
}
