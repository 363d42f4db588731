//! The first minutes of somebody who has never seen Chappe.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use e2e::centre::Process;
use e2e::esme::Esme;
use e2e::frame::id;
use e2e::frames::Message;
use e2e::{binary, ports, wait};
use tempfile::TempDir;

/// A `chappe dev` in a folder of its own.
pub(crate) struct Dev {
    pub(crate) process: Process,
    pub(crate) smpp: SocketAddr,
    folder: TempDir,
}

impl Dev {
    pub(crate) fn up() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let smpp = ports::free();
        let mut process = Process::start(command(smpp, folder.path()), folder.path(), "dev").unwrap();
        process.listens(smpp).unwrap();
        Self { process, smpp, folder }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("dev-data")
    }

    pub(crate) fn password_file(&self) -> PathBuf {
        self.data().join("password")
    }

    pub(crate) fn password(&self) -> String {
        std::fs::read_to_string(self.password_file()).unwrap().trim().to_owned()
    }

    /// Everything it has said.
    fn said(&self) -> String {
        format!("{}{}", self.process.stdout(), self.process.stderr())
    }

    fn send(&self, more: &[&str]) -> Output {
        let server = self.smpp.to_string();
        let password = self.password_file();
        let access =
            ["--server", &server, "--system-id", "dev", "--password-file", password.to_str().unwrap()];
        binary::run(&[&["send"], access.as_slice(), more].concat()).unwrap()
    }

    /// A message typed on a phone of the laboratory.
    pub(crate) fn reply(&self, from: &str, to: &str, text: &str) -> Output {
        let data = self.data();
        let place = data.to_str().unwrap();
        binary::run(&["sim", "reply", "--from", from, "--to", to, "--text", text, "--data", place]).unwrap()
    }
}

fn command(smpp: SocketAddr, folder: &Path) -> std::process::Command {
    let http = ports::free().to_string();
    let data = folder.join("dev-data");
    binary::command(&["dev", "--smpp", &smpp.to_string(), "--http", &http, "--data", data.to_str().unwrap()])
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_first_message_prints_its_id_and_then_its_receipt() {
    let dev = Dev::up();
    let output = dev.send(&["--to", "385911234567", "--text", "hello €"]);
    let said = out(&output);
    assert_eq!(output.status.code(), Some(0), "{said}{}", err(&output));
    let id = said.split_whitespace().position(|word| word.len() == 16 && is_hexadecimal(word));
    let receipt = said.split_whitespace().position(|word| word == "DELIVRD");
    assert!(id.is_some() && receipt.is_some() && id < receipt, "{said}");
}

fn is_hexadecimal(word: &str) -> bool {
    word.chars().all(|letter| letter.is_ascii_hexdigit())
}

#[test]
fn without_any_flag_send_finds_the_dev_centre_of_this_user() {
    let home = tempfile::tempdir().unwrap();
    let smpp = ports::free();
    let at_home = |arguments: &[&str]| {
        let mut command = binary::command(arguments).unwrap();
        command.env("XDG_DATA_HOME", home.path());
        command
    };
    let dev = at_home(&["dev", "--smpp", &smpp.to_string(), "--http", &ports::free().to_string()]);
    let mut dev = Process::start(dev, home.path(), "dev").unwrap();
    dev.listens(smpp).unwrap();
    let output = at_home(&["send", "--to", "385911234567", "--text", "hello €"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("DELIVRD"), "{}", out(&output));
    assert!(home.path().join("chappe/dev/password").is_file());
}

#[test]
fn with_json_it_prints_objects_only() {
    let dev = Dev::up();
    let output = dev.send(&["--json", "--to", "385911234567", "--text", "hello"]);
    let said = out(&output);
    assert!(!said.trim().is_empty(), "{}", err(&output));
    for line in said.lines() {
        let value: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(value.is_object(), "{line}");
    }
    assert!(said.contains("DELIVRD"), "{said}");
}

#[test]
fn a_wrong_password_is_refused_with_exit_status_2_or_3_and_the_remedy() {
    let dev = Dev::up();
    let wrong = dev.data().join("wrong");
    std::fs::write(&wrong, "wrong").unwrap();
    let server = dev.smpp.to_string();
    let access = ["--server", &server, "--system-id", "dev", "--password-file", wrong.to_str().unwrap()];
    let output =
        binary::run(&[&["send"], access.as_slice(), &["--to", "385911234567", "--text", "x"]].concat())
            .unwrap();
    assert!(matches!(output.status.code(), Some(2 | 3)), "{:?}: {}", output.status, err(&output));
    assert!(err(&output).contains("0x0E"), "{}{}", out(&output), err(&output));
}

#[test]
fn a_number_that_is_refused_by_the_carrier_ends_in_exit_status_4() {
    let dev = Dev::up();
    let output = dev.send(&["--to", "385911001027", "--text", "hello"]);
    assert_eq!(output.status.code(), Some(4), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("UNDELIV"), "{}", out(&output));
}

#[test]
fn dev_says_what_to_do_in_25_lines_and_keeps_the_password_out_of_a_pipe() {
    let dev = Dev::up();
    assert!(wait::until(Duration::from_secs(10), || dev.said().contains("ready")), "{}", dev.said());
    let said = dev.said();
    assert!(said.lines().count() <= 25, "{} lines:\n{said}", said.lines().count());
    assert!(said.contains("chappe send --to"), "{said}");
    assert!(said.contains(&dev.smpp.to_string()), "{said}");
    let password = dev.password();
    assert_eq!(password.len(), 8, "{password}");
    assert!(!said.contains(&password), "the password stands in a pipe:\n{said}");
}

#[test]
fn dev_shows_each_message_with_its_fate() {
    let dev = Dev::up();
    dev.send(&["--to", "385911234567", "--text", "hello"]);
    let told = || dev.said().contains("DELIVRD") && dev.said().contains("385911234567");
    assert!(wait::until(Duration::from_secs(10), told), "{}", dev.said());
}

#[test]
fn the_password_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let dev = Dev::up();
    let mode = std::fs::metadata(dev.password_file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_reply_from_a_handset_reaches_whoever_is_bound() {
    let dev = Dev::up();
    let mut esme = Esme::bound(dev.smpp, "dev", &dev.password()).unwrap();
    let output = dev.reply("385911234567", "12345", "YES");
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    let message = esme.message().unwrap();
    assert_eq!((message.source.as_str(), message.as_text().as_str()), ("385911234567", "YES"));
}

#[test]
fn a_port_in_use_is_told_in_three_lines() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap();
    let output = command(taken, folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    let said = err(&output);
    let starts: Vec<&str> = said.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(starts.ends_with(&["error", "why", "so"]), "{said}");
    assert!(said.contains(&taken.to_string()), "{said}");
}

#[test]
fn sigterm_unbinds_and_ends_well() {
    let mut dev = Dev::up();
    let mut esme = Esme::bound(dev.smpp, "dev", &dev.password()).unwrap();
    assert_eq!(esme.submit(&Message::text("ACME", "385911234567", "hello")).unwrap().status, 0);
    e2e::centre::signal(dev.process.id(), "TERM").unwrap();
    let unbind = loop {
        let frame = esme.hear().unwrap();
        esme.accept(&frame).unwrap();
        if frame.id == id::UNBIND {
            break frame;
        }
    };
    assert_eq!(unbind.status, 0);
    let status = dev.process.ends(Duration::from_secs(20)).unwrap();
    assert_eq!(status.code(), Some(0), "{}", dev.said());
}

#[test]
fn the_live_verbs_answer_over_the_socket_in_the_data_directory() {
    let dev = Dev::up();
    let _esme = Esme::bound(dev.smpp, "dev", &dev.password()).unwrap();
    let data = dev.data();
    for verb in ["status", "binds", "queue"] {
        let output = binary::run(&[verb, "--data", data.to_str().unwrap(), "--json"]).unwrap();
        assert_eq!(output.status.code(), Some(0), "{verb}: {}", err(&output));
        for line in out(&output).lines() {
            serde_json::from_str::<serde_json::Value>(line)
                .unwrap_or_else(|error| panic!("{verb}: {error}: {line}"));
        }
    }
}
