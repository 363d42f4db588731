//! Debian's Kannel as an external system of ours: in by its sendsms URL, out to the simulated carrier, the
//! delivery report home to a dlr-url.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use e2e::centre::{self, Process};
use e2e::frames::Message;
use e2e::hook::{self, Hook};
use e2e::setup::{Link, PASSWORD, SYSTEM_ID, Setup};
use e2e::tap::Tap;
use e2e::{binary, ports};

use crate::dissected::{capture, well_formed};

const LIMIT: Duration = Duration::from_secs(40);

/// bearerbox and smsbox, bound to a centre.
struct Kannel {
    sendsms: SocketAddr,
    // smsbox goes before the bearerbox it hangs on.
    _smsbox: Process,
    _bearerbox: Process,
}

impl Kannel {
    fn bound_to(centre: SocketAddr, moved: &Hook, folder: &Path) -> Self {
        let [admin, boxes, sendsms] = [ports::free(), ports::free(), ports::free()];
        let file = folder.join("kannel.conf");
        fs::write(&file, configuration(centre, [admin, boxes, sendsms], moved)).unwrap();
        let start = |program: &str| {
            let mut command = Command::new(format!("/usr/sbin/{program}"));
            command.arg("-v").arg("1").arg(&file).current_dir(folder);
            Process::start(command, folder, program).unwrap()
        };
        let mut bearerbox = start("bearerbox");
        bearerbox.listens(boxes).unwrap();
        let mut smsbox = start("smsbox");
        smsbox.listens(sendsms).unwrap();
        let kannel = Self { sendsms, _smsbox: smsbox, _bearerbox: bearerbox };
        // Both ends of it: what comes from a handset before the smsbox is there waits long in the bearerbox.
        let status = || hook::get(admin, "/status.txt?password=pw").unwrap_or_default();
        let ready = || status().contains("(online") && status().contains("smsbox:(none)");
        assert!(e2e::wait::until(LIMIT, ready), "{}", status());
        kannel
    }

    /// Its sendsms URL, with a report asked for in every state.
    fn send(&self, to: &str, text: &str, report: &str) -> String {
        let path = format!(
            "/cgi-bin/sendsms?username=tester&password=foobar&from=12345&to={to}&text={text}\
             &dlr-mask=31&dlr-url={report}"
        );
        hook::get(self.sendsms, &path).unwrap()
    }
}

fn configuration(centre: SocketAddr, [admin, boxes, sendsms]: [SocketAddr; 3], moved: &Hook) -> String {
    let get_url = moved.url("mo?from=%p&to=%P&text=%a&coding=%c&octets=%b");
    format!(
        "group = core\nadmin-port = {}\nadmin-password = pw\nstatus-password = pw\nsmsbox-port = {}\n\
         box-allow-ip = \"127.0.0.1\"\ndlr-storage = internal\n\n\
         group = smsc\nsmsc = smpp\nsmsc-id = chappe\nhost = 127.0.0.1\nport = {}\ntransceiver-mode = true\n\
         smsc-username = {SYSTEM_ID}\nsmsc-password = {PASSWORD}\nsystem-type = \"\"\ninterface-version = 34\n\
         enquire-link-interval = 5\n\n\
         group = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = {}\n\n\
         group = sendsms-user\nusername = tester\npassword = foobar\nconcatenation = true\nmax-messages = 5\n\n\
         group = sms-service\nkeyword = default\nget-url = \"{get_url}\"\nmax-messages = 0\ncatch-all = true\n",
        admin.port(),
        boxes.port(),
        centre.port(),
        sendsms.port(),
    )
}

/// `chappe sim carrier`, `chappe serve` in front of it.
fn centre_with_simulated_carrier(folder: &Path) -> (Setup, Process, Process) {
    let address = ports::free();
    let command =
        binary::command(&["sim", "carrier", "--listen", &address.to_string(), "--seed", "7"]).unwrap();
    let mut carrier = Process::start(command, folder, "carrier").unwrap();
    carrier.listens(address).unwrap();
    let setup = Setup::below(folder).with_link(Link::to(address));
    let centre = centre::serve(&setup, folder).unwrap();
    (setup, centre, carrier)
}

/// Waits for calls with each of these beginnings, in any order: a receipt may overtake the answer.
fn reports(hook: &Hook, wanted: &[&str]) -> Vec<String> {
    let mut calls: Vec<String> = Vec::new();
    while !wanted.iter().all(|start| calls.iter().any(|call| call.starts_with(start))) {
        let call = hook.call(LIMIT);
        calls.push(call.unwrap_or_else(|error| panic!("{error}; wanted {wanted:?}, came {calls:?}")));
    }
    calls
}

#[test]
fn a_message_of_kannel_is_carried_and_its_report_comes_home() {
    let folder = tempfile::tempdir().unwrap();
    let (setup, _centre, _carrier) = centre_with_simulated_carrier(folder.path());
    let hook = Hook::listen().unwrap();
    let capture = capture(folder.path());
    let tap = Tap::before(setup.smpp, &capture).unwrap();
    let kannel = Kannel::bound_to(tap.address(), &hook, folder.path());

    let report_url = hook.url("dlr%3Fstate=%25d%26answer=%25A");
    let answer = kannel.send("385911234567", "hello+from+Kannel", &report_url);
    assert!(answer.contains("202"), "{answer}");
    // Kannel's states: 8 when the centre has accepted, 1 when the handset has it.
    let calls = reports(&hook, &["/dlr?state=8", "/dlr?state=1"]);
    assert!(calls.iter().any(|call| call.contains("DELIVRD")), "{calls:?}");
    drop(kannel);
    well_formed(&capture, &[tap]);
}

#[test]
fn a_long_message_of_kannel_is_carried_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let witness = e2e::carrier::Carrier::listen(e2e::carrier::Manner::default()).unwrap();
    let setup = Setup::below(folder.path()).with_link(Link::to(witness.address()));
    let _centre = centre::serve(&setup, folder.path()).unwrap();
    let hook = Hook::listen().unwrap();
    let kannel = Kannel::bound_to(setup.smpp, &hook, folder.path());

    let text = "0123456789".repeat(20);
    let answer = kannel.send("385911234567", &text, &hook.url("dlr%3Fstate=%25d"));
    assert!(answer.contains("202"), "{answer}");
    reports(&hook, &["/dlr?state=1"]);
    assert!(e2e::wait::until(LIMIT, || witness.count() == 2), "{} parts", witness.count());
    let parts = witness.taken_from(0);
    let octets: usize = parts.iter().map(|part| part.short_message.len() - 6).sum();
    assert_eq!((parts.len(), octets), (2, 200));
    assert!(
        parts.iter().all(|part| part.esm_class & 0x40 != 0 && part.short_message.starts_with(&[5, 0, 3]))
    );
}

/// A message of a handset that came to Kannel's service, as its URL says it.
fn served(hook: &Hook) -> String {
    reports(hook, &["/mo?"]).concat()
}

#[test]
fn a_handsets_message_reaches_the_service_of_kannel() {
    let folder = tempfile::tempdir().unwrap();
    let witness = e2e::carrier::Carrier::listen(e2e::carrier::Manner::default()).unwrap();
    let setup = Setup::below(folder.path()).with_link(Link::to(witness.address()));
    let _centre = centre::serve(&setup, folder.path()).unwrap();
    let hook = Hook::listen().unwrap();
    let capture = capture(folder.path());
    let tap = Tap::before(setup.smpp, &capture).unwrap();
    let kannel = Kannel::bound_to(tap.address(), &hook, folder.path());

    assert!(e2e::wait::until(LIMIT, || witness.is_bound()), "no link is bound to the carrier");
    let says = |data_coding, octets: &[u8]| {
        let message = Message::text("385911234567", "12345", "");
        witness.says(&Message { data_coding, short_message: octets.to_vec(), ..message }).unwrap();
        served(&hook)
    };
    let call = says(0, b"YES");
    assert!(call.contains("from=385911234567") || call.contains("from=%2B385911234567"), "{call}");
    assert!(call.contains("12345") && call.contains("text=YES"), "{call}");
    // GSM 7-bit with an e acute and a brace behind an escape; then UCS-2.
    let call = says(0, b"caf\x05 \x1b\x28");
    assert!(call.contains("text=caf%C3%A9+%7B"), "{call}");
    let wide: Vec<u8> = "\u{10d}ao".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let call = says(8, &wide);
    assert!(call.contains("coding=2&octets=%01%0D%00a%00o"), "{call}");
    drop(kannel);
    let dissected = well_formed(&capture, &[tap]);
    assert_eq!(dissected.count(e2e::frame::id::DELIVER_SM), 3, "{:?}", dissected.commands);
}

#[test]
fn a_long_message_of_a_handset_reaches_the_service_of_kannel_whole() {
    let folder = tempfile::tempdir().unwrap();
    let witness = e2e::carrier::Carrier::listen(e2e::carrier::Manner::default()).unwrap();
    let setup = Setup::below(folder.path()).with_link(Link::to(witness.address()));
    let _centre = centre::serve(&setup, folder.path()).unwrap();
    let hook = Hook::listen().unwrap();
    let _kannel = Kannel::bound_to(setup.smpp, &hook, folder.path());

    assert!(e2e::wait::until(LIMIT, || witness.is_bound()), "no link is bound to the carrier");
    for (number, text) in [(1, "first half, "), (2, "second half")] {
        let part = [&[5, 0, 3, 42, 2, number], text.as_bytes()].concat();
        let message = Message::text("385911234567", "12345", "");
        witness.says(&Message { esm_class: 0x40, short_message: part, ..message }).unwrap();
    }
    let call = served(&hook);
    assert!(call.contains("text=first+half%2C+second+half"), "{call}");
}
