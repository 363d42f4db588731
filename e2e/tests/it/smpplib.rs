//! PyPI's smpplib as an external system of ours.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use e2e::centre::Process;
use e2e::frames::Message;
use e2e::setup::{PASSWORD, SYSTEM_ID};
use e2e::tap::Tap;
use e2e::wait;
use serde_json::Value;

use crate::dissected::{capture, well_formed};
use crate::first_run::Dev;
use crate::stand::Stand;

const RECIPIENT: &str = "385911234567";
const LIMIT: Duration = Duration::from_secs(90);

/// The interpreter that has smpplib: `CHAPPE_PEER_PYTHON`, or where `cargo xtask test` puts it.
fn python() -> PathBuf {
    let beside_the_binary = || {
        let binary = e2e::binary::path().unwrap();
        binary.parent().and_then(Path::parent).unwrap().join("peers/python/bin/python")
    };
    let python = std::env::var_os("CHAPPE_PEER_PYTHON").map_or_else(beside_the_binary, PathBuf::from);
    assert!(python.is_file(), "there is no {}; `cargo xtask test` installs smpplib", python.display());
    python
}

/// The script of the talk, running.
struct Talk(Process);

impl Talk {
    fn with(centre: SocketAddr, system_id: &str, password: &str, folder: &Path) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/smpplib_talk.py");
        let mut command = Command::new(python());
        command.args([
            script,
            &centre.ip().to_string(),
            &centre.port().to_string(),
            system_id,
            password,
            RECIPIENT,
        ]);
        Self(Process::start(command, folder, "smpplib").unwrap())
    }

    /// Every event of this name so far.
    fn events(&self, name: &str) -> Vec<Value> {
        let lines = self.0.stdout();
        let events = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        events.filter(|event| event["event"] == name).collect()
    }

    fn comes_to(&self, name: &str) {
        let there = wait::until(LIMIT, || !self.events(name).is_empty());
        assert!(there, "smpplib has not come to {name:?}: {}{}", self.0.stdout(), self.0.stderr());
    }

    fn ends_well(mut self) {
        let status = self.0.ends(LIMIT).unwrap();
        assert!(
            status.success() && !self.events("unbound").is_empty(),
            "{}{}",
            self.0.stdout(),
            self.0.stderr()
        );
    }
}

#[test]
fn the_whole_talk_goes_well_with_a_dev_centre() {
    let folder = tempfile::tempdir().unwrap();
    let dev = Dev::up();
    let talk = Talk::with(dev.smpp, "dev", &dev.password(), folder.path());
    talk.comes_to("receipted");
    let submitted = talk.events("submitted");
    let parts: Vec<i64> = submitted.iter().filter_map(|event| event["parts"].as_i64()).collect();
    assert_eq!(parts, [1, 2, 1], "{submitted:?}");
    let ids: Vec<&str> = submitted
        .iter()
        .filter_map(|event| event["ids"].as_array())
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let receipts = talk.events("receipt");
    assert_eq!(receipts.len(), 4);
    for receipt in &receipts {
        let text = receipt["text"].as_str().unwrap();
        assert!(text.contains("stat:DELIVRD"), "{text}");
        assert!(ids.iter().any(|id| text.contains(&format!("id:{id}"))), "{text} is about none of {ids:?}");
        assert!(ids.iter().any(|id| receipt["receipted_message_id"] == *id), "{receipt}");
    }

    let output = dev.reply(RECIPIENT, "12345", "YES");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    talk.comes_to("reply");
    let reply = &talk.events("reply")[0];
    assert_eq!((&reply["source"], &reply["text"]), (&RECIPIENT.into(), &"YES".into()));
    talk.ends_well();
}

#[test]
fn what_smpplib_wrote_reaches_the_carrier_octet_by_octet() {
    let stand = Stand::up();
    let capture = capture(stand.folder.path());
    let tap = Tap::before(stand.setup.smpp, &capture).unwrap();
    let talk = Talk::with(tap.address(), SYSTEM_ID, PASSWORD, stand.folder.path());
    talk.comes_to("receipted");
    let taken = stand.carrier.taken_from(0);
    assert_eq!(taken.len(), 4);
    assert!(taken.iter().any(|message| message.as_text() == "hello from smpplib"));

    let mut parts: Vec<&Message> = taken.iter().filter(|message| message.esm_class & 0x40 != 0).collect();
    parts.sort_by_key(|part| part.short_message[5]);
    let text: Vec<u8> = parts.iter().flat_map(|part| part.short_message[6..].to_vec()).collect();
    assert_eq!(String::from_utf8_lossy(&text), "The quick brown fox jumps over the lazy dog. ".repeat(5));

    let emoji: Vec<u8> = "café 🗼".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert!(
        taken.iter().any(|message| message.data_coding == 8 && message.short_message == emoji),
        "{taken:?}"
    );

    stand.carrier.says(&Message::text(RECIPIENT, "12345", "YES")).unwrap();
    talk.ends_well();
    well_formed(&capture, &[tap]);
}
