//! Every submission ends once: not sent, answered, or it is not known; and what is said of it is true.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use smpp_session::{Ended, Options};
use smpp_wire::{CommandId, CommandStatus, Frame, cut};

use crate::talk::{Talk, Told, bare};

/// What may happen next.
#[derive(Clone, Debug)]
enum Step {
    Submit,
    /// The connection takes so many octets of what waits.
    Flows(usize),
    /// The peer answers one of the submissions it has seen.
    Answers {
        which: prop::sample::Index,
        how: How,
    },
    Waits(u64),
    Leaves,
    PeerUnbinds,
    Probes,
    Breaks,
}

#[derive(Clone, Copy, Debug)]
enum How {
    Ok,
    Refusal,
    Nack,
    WrongCommand,
    WrongNumber,
}

fn step() -> impl Strategy<Value = Step> {
    let how =
        prop::sample::select(vec![How::Ok, How::Refusal, How::Nack, How::WrongCommand, How::WrongNumber]);
    prop_oneof![
        10 => Just(Step::Submit),
        8 => (0usize..200).prop_map(Step::Flows),
        10 => (any::<prop::sample::Index>(), how).prop_map(|(which, how)| Step::Answers { which, how }),
        3 => (0u64..25).prop_map(Step::Waits),
        1 => Just(Step::Leaves),
        1 => Just(Step::PeerUnbinds),
        1 => Just(Step::Probes),
        1 => Just(Step::Breaks),
    ]
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum End {
    NotSent,
    Unknown,
    Answered,
}

/// Both ends of the connection: the session, and what its peer has seen and said.
struct Wire {
    talk: Talk,
    tokens: BTreeMap<u32, u64>,
    ends: BTreeMap<u64, Vec<End>>,
    received: Vec<u8>,
    /// Numbers of the submissions that the peer has seen whole.
    seen: Vec<u32>,
    /// Tokens that the peer has answered as they are to be answered.
    answered: Vec<u64>,
}

impl Wire {
    fn new(options: Options) -> Self {
        let talk = Talk::esme(options);
        let (tokens, ends, received, seen, answered) = Default::default();
        Self { talk, tokens, ends, received, seen, answered }
    }

    fn take(&mut self, step: &Step, token: u64) {
        match step {
            Step::Submit => {
                self.ends.insert(token, Vec::new());
                match self.talk.submits(token) {
                    Ok(sequence) => drop(self.tokens.insert(sequence, token)),
                    Err(_) => self.ends(token, End::NotSent),
                }
            }
            Step::Flows(count) => self.flows(*count),
            Step::Answers { which, how } if !self.seen.is_empty() => {
                let sequence = self.seen[which.index(self.seen.len())];
                self.answers(sequence, *how);
            }
            Step::Answers { .. } => {}
            Step::Waits(secs) => {
                let told = self.talk.waits(*secs);
                self.heard(told);
            }
            Step::Leaves => self.talk.session.begin_unbind(self.talk.now),
            Step::PeerUnbinds => self.hears(&bare(CommandId::UNBIND, CommandStatus::OK, 1)),
            Step::Probes => self.talk.session.probe(Duration::from_secs(2), self.talk.now),
            Step::Breaks => self.talk.session.end(Ended::PeerClosed),
        }
    }

    fn flows(&mut self, count: usize) {
        let output = self.talk.session.output();
        let count = count.min(output.len());
        self.received.extend_from_slice(&output[..count]);
        self.talk.session.wrote(count);
        while let Some(frame) = cut(&self.received, usize::MAX).unwrap() {
            let (id, sequence, octets) = (frame.id(), frame.sequence(), frame.bytes().len());
            if id == CommandId::SUBMIT_SM {
                self.seen.push(sequence);
            }
            self.received.drain(..octets);
        }
    }

    fn answers(&mut self, sequence: u32, how: How) {
        let (id, status, sequence) = match how {
            How::Ok => (CommandId::SUBMIT_SM_RESP, CommandStatus::OK, sequence),
            How::Refusal => (CommandId::SUBMIT_SM_RESP, CommandStatus::THROTTLED, sequence),
            How::Nack => (CommandId::GENERIC_NACK, CommandStatus::INVALID_COMMAND_ID, sequence),
            How::WrongCommand => (CommandId::DATA_SM_RESP, CommandStatus::OK, sequence),
            How::WrongNumber => (CommandId::SUBMIT_SM_RESP, CommandStatus::OK, sequence + 1000),
        };
        if matches!(how, How::Ok | How::Refusal | How::Nack) {
            self.answered.push(self.tokens[&sequence]);
        }
        self.hears(&bare(id, status, sequence));
    }

    fn hears(&mut self, frame: &Frame) {
        let told = self.talk.hears(frame);
        self.heard(told);
    }

    fn heard(&mut self, told: Vec<Told>) {
        for told in told {
            match told {
                Told::Answered(token, _) | Told::Nacked(Some(token), _) => self.ends(token, End::Answered),
                Told::Unanswered(token) => self.ends(token, End::Unknown),
                _ => {}
            }
        }
    }

    fn ends(&mut self, token: u64, end: End) {
        self.ends.get_mut(&token).expect("the token of a submission").push(end);
    }

    fn close(&mut self) {
        self.talk.session.end(Ended::PeerClosed);
        for open in self.talk.open() {
            self.ends(open.token, if open.sent { End::Unknown } else { End::NotSent });
        }
    }

    fn judge(&self) -> Result<(), TestCaseError> {
        for (token, ends) in &self.ends {
            prop_assert_eq!(ends.len(), 1, "{} ended as {:?}", token, ends);
        }
        for (sequence, token) in &self.tokens {
            let end = self.ends[token][0];
            let seen = self.seen.contains(sequence);
            prop_assert!(!(seen && end == End::NotSent), "{} was seen and is called not sent", token);
            let answered = self.answered.contains(token);
            prop_assert!(answered || end != End::Answered, "{} was never answered", token);
        }
        Ok(())
    }
}

proptest! {
    #[test]
    fn a_submission_ends_as_exactly_one_of_not_sent_unknown_and_answered(
        first_sequence in prop::sample::select(vec![1, 0x7FFF_FFF0]),
        window_out in 1usize..20,
        timeouts_max in 0u32..6,
        steps in prop::collection::vec(step(), 1..120),
    ) {
        let options = Options { first_sequence, window_out, timeouts_max, output_max: 2000, ..Options::default() };
        let mut wire = Wire::new(options);
        for (token, step) in (1..).zip(steps) {
            wire.take(&step, token);
        }
        wire.close();
        wire.judge()?;
    }

    #[test]
    fn without_time_outs_and_breaks_every_answer_arrives(count in 1usize..200, window_out in 1usize..50) {
        let mut wire = Wire::new(Options { window_out, ..Options::default() });
        for token in 1..=count as u64 {
            wire.take(&Step::Submit, token);
            wire.flows(usize::MAX);
            if token % 3 == 0 {
                std::mem::take(&mut wire.seen).into_iter().for_each(|sequence| wire.answers(sequence, How::Ok));
            }
        }
        std::mem::take(&mut wire.seen).into_iter().for_each(|sequence| wire.answers(sequence, How::Ok));
        wire.close();
        let ends: Vec<End> = wire.ends.into_values().flatten().collect();
        let answered = ends.iter().filter(|end| **end == End::Answered).count();
        prop_assert_eq!(answered, wire.tokens.len());
        prop_assert_eq!(ends.len(), count);
    }
}
