//! Seeds: what real peers sent, in the form that each target reads.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;
use smpp_wire::{COMMANDS, Header, cut};

use crate::vectors;

/// Writes a file of each vector below `folder`, in a folder a target.
pub(crate) fn write(folder: &Path) -> Result<()> {
    let text = fs::read_to_string(vectors::shared()).context("reading the vectors")?;
    for line in text.lines() {
        let vector: Value = serde_json::from_str(line)?;
        let name = vector["id"].as_str().unwrap_or_default();
        for (target, octets) in of(&vector) {
            let folder = folder.join(target);
            fs::create_dir_all(&folder)?;
            fs::write(folder.join(name), octets)?;
        }
    }
    for (target, name, octets) in by_hand() {
        let folder = folder.join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), octets)?;
    }
    Ok(())
}

/// What one vector is for which targets.
fn of(vector: &Value) -> Vec<(&'static str, Vec<u8>)> {
    let text = |key: &str| vector[key].as_str().unwrap_or_default();
    match text("kind") {
        "pdu" | "stream" => of_stream(&unhex(text("hex"))),
        "receipt" | "time" => vec![("receipt", text("input").as_bytes().to_vec())],
        "udh" => vec![("segment", unhex(text("hex")))],
        "septets" => vec![("gsm7", [&[0][..], &unhex(text("packed"))].concat())],
        _ => {
            let mut seeds = vec![("gsm7", [&[0][..], &unhex(text("hex"))].concat())];
            // A choice of the reference and of the order before the text.
            seeds.push(("segment", [b"\x01\x07", text("text").as_bytes()].concat()));
            seeds
        }
    }
}

/// The stream as it is; each PDU of it as a body behind the number of its command; and a peer that sends it.
fn of_stream(octets: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut seeds = vec![("frames", octets.to_vec())];
    let mut rest = octets;
    while let Ok(Some(frame)) = cut(rest, LENGTH_MAX) {
        rest = &rest[frame.bytes().len()..];
        let place = COMMANDS.iter().position(|command| command.id == frame.id());
        let Some(place) = place.and_then(|place| u8::try_from(place).ok()) else {
            continue;
        };
        seeds.push(("pdu", [&[place][..], frame.body()].concat()));
        seeds.push(("session", heard(frame.bytes())));
    }
    seeds
}

/// A talk in which both sides are bound and the peer sends this in pieces.
fn heard(octets: &[u8]) -> Vec<u8> {
    let mut talk = vec![BOUND_CENTRE];
    for piece in octets.chunks(usize::from(u8::MAX)) {
        talk.extend([HEAR, u8::try_from(piece.len()).unwrap_or(u8::MAX)]);
        talk.extend_from_slice(piece);
    }
    // It is answered, we ask something ourselves, and a minute goes by.
    talk.extend([4, 0, 2, 6, 240]);
    talk
}

/// What no vector has.
fn by_hand() -> Vec<(&'static str, String, Vec<u8>)> {
    // Each kind of record of the store, at some time, with nothing but zeros in it.
    let record = |kind: u8| {
        let octets = [&[kind][..], &1_700_000_000_000_000_u64.to_le_bytes(), &[0; 48]].concat();
        ("record", format!("kind{kind}"), octets)
    };
    let headers = PROXY_HEADERS.iter().enumerate();
    let header = |(number, octets): (usize, &&[u8])| ("proxy", format!("header{number}"), octets.to_vec());
    (0..40).map(record).chain(headers.map(header)).collect()
}

/// What proxies say of a connection, in both versions.
const PROXY_HEADERS: &[&[u8]] = &[
    b"PROXY TCP4 192.0.2.1 198.51.100.2 56324 2775\r\n",
    b"PROXY TCP6 2001:db8::1 2001:db8::2 56324 2775\r\n",
    b"PROXY UNKNOWN\r\n",
    b"\r\n\r\n\0\r\nQUIT\n\x20\x00\0\0",
    b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x01\xc6\x33\x64\x02\xdc\x04\x0a\xd7",
    b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x13\xc0\0\x02\x01\xc6\x33\x64\x02\xdc\x04\x0a\xd7\x04\0\x04abcd",
    b"\r\n\r\n\0\r\nQUIT\n\x21\x21\0\x24\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02\xdc\x04\x0a\xd7",
];

/// The first octet of a talk: whether we are a centre, and bound.
const BOUND_CENTRE: u8 = 2;
/// The step in which the peer sends octets, whose number follows.
const HEAR: u8 = 0;
const LENGTH_MAX: usize = 64 * Header::LEN * Header::LEN;

fn unhex(text: &str) -> Vec<u8> {
    let digits = |at: usize| text.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    (0..text.len()).step_by(2).filter_map(digits).collect()
}
