//! The stream of frames: where one ends, the next begins, whatever is in them and however they arrive.

use smpp_wire::{BadLength, COMMANDS, FrameRef, Header, announced, cut};

use crate::bytes::Bytes;

/// Octets of the longest PDU.
const LENGTH_MAX: usize = 4096;

/// Reads `octets` as a stream, then as two PDUs behind each other.
pub fn frames(octets: &[u8]) {
    let (frames, end) = read(octets);
    whole(octets, &frames);
    arriving(octets, &frames, end);
    let mut bytes = Bytes::new(octets);
    let share = usize::from(bytes.octet()) * octets.len() / 256;
    let a = made(bytes.take(share));
    let b = made(bytes.rest());
    boundary(&a, &b);
}

/// All frames of a stream, and why there are no more.
fn read(octets: &[u8]) -> (Vec<FrameRef<'_>>, Result<(), BadLength>) {
    let (mut frames, mut rest) = (Vec::new(), octets);
    loop {
        match cut(rest, LENGTH_MAX) {
            Ok(Some(frame)) => {
                rest = &rest[frame.bytes().len()..];
                frames.push(frame);
            }
            Ok(None) => return (frames, Ok(())),
            Err(bad) => return (frames, Err(bad)),
        }
    }
}

/// The frames are the octets in their order, with none between them.
fn whole(octets: &[u8], frames: &[FrameRef<'_>]) {
    let mut at = 0;
    for frame in frames {
        let length = frame.bytes().len();
        assert!((Header::LEN..=LENGTH_MAX).contains(&length));
        assert_eq!(frame.bytes(), &octets[at..at + length]);
        assert_eq!(frame.header().command_length as usize, length);
        at += length;
    }
}

/// Less of the stream gives a part of the same frames, and never another one.
fn arriving(octets: &[u8], frames: &[FrameRef<'_>], end: Result<(), BadLength>) {
    for arrived in (0..octets.len()).step_by(octets.len() / 16 + 1) {
        let (some, stopped) = read(&octets[..arrived]);
        assert_eq!(some, frames[..some.len()]);
        let taken: usize = some.iter().map(|frame| frame.bytes().len()).sum();
        match stopped {
            Ok(()) if some.len() < frames.len() => {
                let next = frames[some.len()].bytes().len();
                assert!(arrived - taken < next);
                let told = announced(&octets[taken..arrived], LENGTH_MAX);
                assert!(matches!(told, Ok(None)) || told == Ok(Some(next)));
            }
            Ok(()) => {}
            // A length is as wrong early as late.
            Err(bad) => assert_eq!(Err(bad.length), end.map_err(|bad| bad.length)),
        }
    }
}

/// One whole PDU: a command by the first octet, the rest as its body.
fn made(octets: &[u8]) -> Vec<u8> {
    let mut bytes = Bytes::new(octets);
    let command = &COMMANDS[usize::from(bytes.octet()) % COMMANDS.len()];
    let body = &bytes.rest()[..bytes.rest().len().min(LENGTH_MAX - Header::LEN)];
    let length = (Header::LEN + body.len()) as u32;
    [&length.to_be_bytes()[..], &command.id.0.to_be_bytes(), &[0; 4], &[0, 0, 0, 1], body].concat()
}

/// decode(a ++ b) = decode(a), decode(b).
fn boundary(a: &[u8], b: &[u8]) {
    let both = [a, b].concat();
    let (together, end) = read(&both);
    let apart = [read(a).0, read(b).0].concat();
    assert_eq!((together.len(), end), (2, Ok(())));
    assert_eq!(together, apart);
    for (together, apart) in together.iter().zip(&apart) {
        assert_eq!(together.view(), apart.view());
        let owned = together.to_frame();
        assert_eq!(owned.view(), apart.view());
    }
}
