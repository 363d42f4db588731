//! tshark reads what was said in a day of a centre, and finds nothing malformed in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use e2e::capture::Capture;
use e2e::carrier::{Carrier, Manner};
use e2e::centre::{self, Process};
use e2e::esme::Esme;
use e2e::frame::{self, Frame, id};
use e2e::frames::{Message, Mode};
use e2e::setup::{Link, PASSWORD, SYSTEM_ID, Setup};
use e2e::tap::Tap;
use e2e::tshark::{Dissected, dissect};
use e2e::{binary, wait};

const LIMIT: Duration = Duration::from_secs(30);
/// Numbers of the three links, by the version that is spoken there.
const TO_3_3: &str = "385101111111";
const TO_3_4: &str = "385201111111";
const TO_5_0: &str = "385301111111";

/// What passed the taps, as tshark reads it: every PDU, and nothing malformed.
pub(crate) fn well_formed(capture: &Capture, taps: &[Tap]) -> Dissected {
    let dissected = read(capture, taps);
    assert!(dissected.faults.is_empty(), "{:#?}", dissected.faults);
    dissected
}

/// What passed the taps, every PDU of it.
fn read(capture: &Capture, taps: &[Tap]) -> Dissected {
    let ports: Vec<u16> = taps.iter().map(Tap::port).collect();
    let dissected = dissect(capture.flushed().unwrap(), &ports).unwrap();
    let passed: usize = taps.iter().map(Tap::pdus).sum();
    assert_eq!(dissected.pdus(), passed, "tshark has to see every PDU: {:?}", dissected.commands);
    dissected
}

/// A capture in a folder.
pub(crate) fn capture(folder: &Path) -> Arc<Capture> {
    Arc::new(Capture::create(&folder.join("talk.pcap")).unwrap())
}

/// The taps before the centre, behind those of the three carriers.
const POLITE: usize = 3;
const RUDE: usize = 4;

/// A centre with three carriers, a tap before each door.
struct Day {
    carriers: [Carrier; 3],
    taps: Vec<Tap>,
    centre: Process,
    capture: Arc<Capture>,
    data: PathBuf,
}

impl Day {
    fn begins(folder: &Path) -> Self {
        let capture = capture(folder);
        let carriers = [0x33, 0x34, 0x50]
            .map(|version| Carrier::listen(Manner { version, ..Manner::default() }).unwrap());
        let mut taps: Vec<Tap> =
            carriers.iter().map(|carrier| Tap::before(carrier.address(), &capture).unwrap()).collect();
        let link = |at: usize, more: &str| Link::to(taps[at].address()).with(more);
        let setup = Setup::below(folder).with_link(link(0, "interface_version = \"3.3\"\nlong = \"udh\""));
        let more = other(1, &taps[1], "long = \"sar\"") + &other(2, &taps[2], V5_0);
        let setup = Setup { more, ..setup };
        let centre = centre::serve(&setup, folder).unwrap();
        for _ in [POLITE, RUDE] {
            taps.push(Tap::before(setup.smpp, &capture).unwrap());
        }
        for carrier in &carriers {
            assert!(wait::until(LIMIT, || carrier.is_bound()), "a link is not bound");
        }
        Self { carriers, taps, centre, capture, data: setup.data }
    }

    fn esme(&self, version: u8, mode: Mode) -> Esme {
        Esme::bound_in(version, mode, self.taps[POLITE].address(), SYSTEM_ID, PASSWORD).unwrap()
    }
}

const V5_0: &str = "interface_version = \"5.0\"\nlong = \"payload\"\nalphabet = \"latin1\"";

/// A further link and its route.
fn other(number: usize, tap: &Tap, more: &str) -> String {
    let (address, prefix) = (tap.address(), number + 1);
    format!(
        "\n[[link]]\nname = \"other-{number}\"\naddress = \"{address}\"\nsystem_id = \"chappe\"\n\
         password = \"carrier\"\nin_doubt = \"retry\"\n{more}\n\n\
         [[route]]\nname = \"to-{number}\"\ndestination = [\"385{prefix}*\"]\nvia = [\"other-{number}\"]\n"
    )
}

/// Texts of every kind: short, in UCS-2, in parts by a header, in parts by TLVs, whole as a payload, with ports.
fn texts(to: &str, has_tlvs: bool) -> Vec<Message> {
    let hello = Message::text("ACME", to, "hello").with_receipt();
    let wide = "Zdravo \u{10d}ao".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let header = [&[5, 0, 3, 77, 1, 1][..], b"part of one"].concat();
    let mut texts = vec![
        hello.clone(),
        Message { data_coding: 8, short_message: wide, ..hello.clone() },
        Message { esm_class: 0x40, short_message: header, ..hello.clone() },
        Message { validity_period: "000001000000000R".into(), ..hello.clone() },
    ];
    if has_tlvs {
        let payload = "0123456789".repeat(60);
        let ports = [frame::tlv(0x020A, &[0, 80]), frame::tlv(0x0204, &[0, 7])].concat();
        texts.push(Message { tlvs: ports, ..hello.clone() });
        texts.push(Message {
            short_message: Vec::new(),
            tlvs: frame::tlv(0x0424, payload.as_bytes()),
            ..hello.clone()
        });
    }
    texts
}

/// Submits of every kind that is refused, each with its status.
fn refused() -> Vec<(Message, u32)> {
    let hello = Message::text("ACME", TO_3_4, "hello");
    vec![
        (Message { destination: "49171".into(), ..hello.clone() }, 0x0B),
        (Message { destination: "nobody".into(), ..hello.clone() }, 0x0B),
        (Message { validity_period: "soon".into(), ..hello.clone() }, 0x62),
        (Message { esm_class: 0x40, short_message: vec![200, 0], ..hello.clone() }, 0x43),
        (Message { esm_class: 0x01, ..hello }, 0x43),
    ]
}

#[test]
fn a_day_of_all_versions_is_well_formed_to_tshark() {
    let folder = tempfile::tempdir().unwrap();
    let mut day = Day::begins(folder.path());
    let mut receipts = 0;
    let mut esmes = [0x33, 0x34, 0x50].map(|version| day.esme(version, Mode::Transceiver));
    for (esme, has_tlvs) in esmes.iter_mut().zip([false, true, true]) {
        for to in [TO_3_3, TO_3_4, TO_5_0] {
            for text in texts(to, has_tlvs) {
                let answer = esme.submit(&text).unwrap();
                assert_eq!(answer.status, 0, "{text:?}");
                receipts += 1;
            }
        }
    }
    for version in [0x33, 0x34, 0x50] {
        day.is_rude(version);
    }
    for (carrier, to) in day.carriers.iter().zip(["12345"; 3]) {
        carrier.says(&Message::text("385911234567", to, "YES")).unwrap();
    }
    day.hears(&mut esmes, receipts + 3);
    assert_eq!(
        Esme::connect(day.taps[RUDE].address()).unwrap().bind(Mode::Receiver, SYSTEM_ID, "?").unwrap().status,
        0x0E
    );
    for esme in &mut esmes {
        let sequence = esme.next_sequence();
        assert_eq!(esme.ask(&Frame::request(id::UNBIND, sequence, Vec::new())).unwrap().status, 0);
    }
    assert!(day.centre.terminate().unwrap().success());

    // What is broken on purpose goes to the rude tap; what comes back from there is as good as all the rest.
    let mut dissected = read(&day.capture, &day.taps);
    dissected.faults.retain(|fault| fault.to != day.taps[RUDE].port());
    assert!(dissected.faults.is_empty(), "{:#?}", dissected.faults);
    for id in [
        id::BIND_TRANSMITTER,
        id::BIND_RECEIVER,
        id::BIND_TRANSCEIVER,
        id::SUBMIT_SM,
        id::DELIVER_SM,
        id::UNBIND,
        id::GENERIC_NACK,
    ] {
        assert!(dissected.count(id) > 0, "no 0x{id:08X} in {:?}", dissected.commands);
    }
}

impl Day {
    /// Says what is refused, and what nobody understands.
    fn is_rude(&self, version: u8) {
        let rude = self.taps[RUDE].address();
        let mut guessing = Esme::connect(rude).unwrap();
        assert_eq!(guessing.bind(Mode::Receiver, SYSTEM_ID, "guess").unwrap().status, 0x0E);
        let mut esme = Esme::bound_in(version, Mode::Transmitter, rude, SYSTEM_ID, PASSWORD).unwrap();
        for (text, status) in refused() {
            assert_eq!(esme.submit(&text).unwrap().status, status, "{text:?}");
        }
        let unknown = Frame::request(0x0100_0001, 4_000, Vec::new());
        assert_eq!(esme.ask(&unknown).unwrap().id, id::GENERIC_NACK);
        let mut torn = texts(TO_3_4, false)[0].submit(5_000).to_bytes();
        torn.truncate(40);
        torn[3] = 40;
        esme.say(&torn).unwrap();
        assert_ne!(esme.hear().unwrap().status, 0);
    }

    /// What waits, and what fits no message.
    fn waits(&self) -> String {
        let data = self.data.to_str().unwrap();
        let told = [&["status"][..], &["queue", "--unmatched"], &["message", "find", "--since", "1h"]].map(
            |words| {
                let output = binary::run(&[words, &["--data", data]].concat()).unwrap();
                String::from_utf8_lossy(&output.stdout).into_owned()
            },
        );
        told.concat()
    }

    /// Takes so many receipts and messages, from whichever session they come to.
    fn hears(&self, esmes: &mut [Esme], count: usize) {
        let mut heard = 0;
        let all = wait::until(LIMIT, || {
            for esme in esmes.iter_mut() {
                heard += esme.takes_all().unwrap();
            }
            heard >= count
        });
        assert!(all, "{heard} of {count} receipts and messages came\n{}", self.waits());
    }
}
