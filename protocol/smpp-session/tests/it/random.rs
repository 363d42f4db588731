//! Whatever a peer sends: no panic, and every bound holds.

use std::time::Duration;

use proptest::prelude::*;
use smpp_session::{Asked, Duplicates, Options, Role, StateTable, Unknown};
use smpp_wire::{AlertNotification, Bind, BindMode, CommandId, CommandStatus, InterfaceVersion, Outbind};

use crate::talk::{Talk, Told, bare, frame};

const WINDOW: usize = 5;

fn bounded() -> Options {
    Options { window_out: WINDOW, window_in: WINDOW, output_max: 4096, ..Options::default() }
}

/// Any version, and every way of being strict or lenient.
fn options() -> impl Strategy<Value = Options> {
    let versions = vec![InterfaceVersion::V3_3, InterfaceVersion::V3_4, InterfaceVersion::V5_0];
    let duplicates = vec![Duplicates::Served, Duplicates::Refused, Duplicates::Ended];
    let tables = vec![StateTable::AnyVersion, StateTable::OwnVersion];
    let unknown = vec![Unknown::Refused, Unknown::Served];
    let select = (
        prop::sample::select(versions),
        prop::sample::select(duplicates),
        prop::sample::select(tables),
        prop::sample::select(unknown),
    );
    (select, 0u32..4).prop_map(|((interface_version, duplicates, state_table, unknown), timeouts_max)| {
        Options {
            interface_version,
            unsaid_version: interface_version,
            duplicates,
            state_table,
            unknown,
            timeouts_max,
            ..bounded()
        }
    })
}

#[derive(Clone, Debug)]
enum Step {
    Frame { id: u32, status: u32, sequence: u32, body: Vec<u8> },
    Octets(Vec<u8>),
    Submit,
    Answer,
    Wait(u64),
    Unbind,
    Outbind,
    Alert,
    Probe,
    Congestion(Option<u8>),
    AcceptBind,
}

fn step() -> impl Strategy<Value = Step> {
    let known = prop::sample::select(vec![
        1u32,
        2,
        4,
        5,
        6,
        9,
        0x0B,
        0x15,
        3,
        0x22,
        0x102,
        0x103,
        0x111,
        0x0100_0001,
    ]);
    let id = (known, any::<bool>()).prop_map(|(id, response)| id | u32::from(response) << 31);
    let body = prop::collection::vec(any::<u8>(), 0..40);
    prop_oneof![
        8 => (id, 0u32..3, 0u32..20, body.clone())
            .prop_map(|(id, status, sequence, body)| Step::Frame { id, status, sequence, body }),
        1 => body.prop_map(Step::Octets),
        4 => Just(Step::Submit),
        3 => Just(Step::Answer),
        2 => (0u64..40).prop_map(Step::Wait),
        1 => Just(Step::Unbind),
        1 => Just(Step::Outbind),
        1 => Just(Step::Alert),
        1 => Just(Step::Probe),
        1 => any::<Option<u8>>().prop_map(Step::Congestion),
        1 => Just(Step::AcceptBind),
    ]
}

fn take_step(talk: &mut Talk, step: Step, token: &mut u64) -> Vec<Told> {
    match step {
        Step::Frame { id, status, sequence, body } => {
            let length = 16 + body.len() as u32;
            let words = [length, id, status, sequence];
            let mut octets: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
            octets.extend(body);
            talk.hears_octets(&octets)
        }
        Step::Octets(octets) => talk.hears_octets(&octets),
        Step::Submit => {
            *token += u64::from(talk.submits(*token).is_ok());
            Vec::new()
        }
        Step::Answer => {
            talk.answers(Asked { id: CommandId::SUBMIT_SM, sequence: 1 });
            Vec::new()
        }
        Step::Wait(secs) => talk.waits(secs),
        other => {
            act(talk, &other);
            Vec::new()
        }
    }
}

fn act(talk: &mut Talk, step: &Step) {
    let now = talk.now;
    match step {
        Step::Unbind => talk.session.begin_unbind(now),
        Step::Probe => talk.session.probe(Duration::from_secs(2), now),
        Step::Congestion(percent) => talk.session.set_congestion(*percent),
        Step::AcceptBind => {
            talk.session.accept_bind(Asked { id: CommandId::BIND_TRANSCEIVER, sequence: 1 }, b"centre", now);
        }
        // Whether it is allowed is not the question here.
        Step::Outbind => drop(talk.session.notify(&Outbind::default(), now)),
        _ => drop(talk.session.notify(&AlertNotification::default(), now)),
    }
}

/// A session of either side: before the bind, or after it.
fn begun(role: Role, bound: bool, options: Options) -> Talk {
    let version = options.interface_version;
    let mut talk = Talk::new(role, options);
    let mode = BindMode::Transmitter;
    let bind = Bind { mode, interface_version: version, ..Default::default() };
    if bound && role == Role::Mc {
        talk.hears(&frame(1, &bind));
        talk.session.accept_bind(Asked { id: mode.command(), sequence: 1 }, b"centre", talk.now);
    } else if bound {
        let sequence = talk.session.request(&bind, 0, talk.now).unwrap();
        talk.hears(&bare(mode.command().response(), CommandStatus::OK, sequence));
    }
    talk
}

proptest! {
    #[test]
    fn every_request_is_settled_once_and_no_window_overflows(
        esme in any::<bool>(),
        bound in any::<bool>(),
        options in options(),
        steps in prop::collection::vec(step(), 0..80),
    ) {
        let mut talk = begun(if esme { Role::Esme } else { Role::Mc }, bound, options);
        let (mut token, mut settled) = (1, Vec::new());
        for step in steps {
            for told in take_step(&mut talk, step, &mut token) {
                if let Told::Answered(token, _) | Told::Nacked(Some(token), _) | Told::Unanswered(token) = told {
                    settled.push(token);
                }
            }
            prop_assert!(talk.session.window_used() <= WINDOW);
            prop_assert!(talk.session.unanswered() <= WINDOW);
        }
        settled.extend(talk.open().iter().map(|open| open.token));
        settled.sort_unstable();
        prop_assert_eq!(settled, (1..token).collect::<Vec<_>>());
        talk.says();
    }

    #[test]
    fn random_octets_end_the_session_or_wait(octets in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut talk = Talk::new(Role::Mc, bounded());
        talk.hears_octets(&octets);
        talk.waits(60);
        prop_assert!(talk.ended().is_some(), "no bind came");
        talk.says();
    }
}

#[test]
fn an_answered_request_can_not_be_answered_twice() {
    let mut esme = Talk::esme(bounded());
    let sequence = esme.submits(1).unwrap();
    let answer = bare(CommandId::SUBMIT_SM_RESP, CommandStatus::OK, sequence);
    assert_eq!(esme.hears(&answer).len(), 1);
    assert_eq!(esme.hears(&answer), []);
}
