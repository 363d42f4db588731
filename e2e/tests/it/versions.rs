//! Each version of SMPP hears what it knows, and nothing else.

use e2e::carrier::{Carrier, Manner};
use e2e::centre::{self, Process};
use e2e::esme::Esme;
use e2e::frame::{self, Frame, HEADER, tlvs};
use e2e::frames::{self, Message, Mode};
use e2e::setup::{Link, PASSWORD, SYSTEM_ID, Setup};
use tempfile::TempDir;

struct Stand {
    setup: Setup,
    _centre: Process,
    _folder: TempDir,
}

impl Stand {
    fn up() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let carrier = Carrier::listen(Manner { version: 0x34, ..Manner::default() }).unwrap();
        let setup = Setup::below(folder.path()).with_link(Link::to(carrier.address()));
        let centre = centre::serve(&setup, folder.path()).unwrap();
        Self { setup, _centre: centre, _folder: folder }
    }

    /// The answer to a bind of this version, and the session.
    fn bind(&self, version: u8) -> (Frame, Esme) {
        let mut esme = Esme::connect(self.setup.smpp).unwrap();
        let answer = esme.ask(&frames::bind_of(version, Mode::Transceiver, 1, SYSTEM_ID, PASSWORD)).unwrap();
        assert_eq!(answer.status, 0, "version 0x{version:02x}");
        (answer, esme)
    }
}

fn hello() -> Message {
    Message::text("ACME", "385911234567", "hello").with_receipt()
}

/// The TLVs of an answer, behind the one text that it has.
fn of_answer(answer: &Frame) -> Vec<(u16, Vec<u8>)> {
    let text = answer.body.iter().position(|octet| *octet == 0).map_or(answer.body.len(), |at| at + 1);
    tlvs(&answer.body[text..])
}

const SC_INTERFACE_VERSION: u16 = 0x0210;
const ADDITIONAL_STATUS_INFO_TEXT: u16 = 0x001D;
const RECEIPTED_MESSAGE_ID: u16 = 0x001E;

#[test]
fn a_bind_is_answered_with_the_version_that_both_understand() {
    let stand = Stand::up();
    for (asked, said) in
        [(0x00, None), (0x33, None), (0x34, Some(0x34)), (0x50, Some(0x50)), (0x60, Some(0x50))]
    {
        let (answer, _) = stand.bind(asked);
        let said = said.map(|version| (SC_INTERFACE_VERSION, vec![version]));
        let of_version = of_answer(&answer).into_iter().find(|(tag, _)| *tag == SC_INTERFACE_VERSION);
        assert_eq!(of_version, said, "asked for 0x{asked:02x}");
    }
}

#[test]
fn a_3_3_session_gets_short_ids_and_no_tlvs() {
    let stand = Stand::up();
    let (_, mut esme) = stand.bind(0x33);
    let answer = esme.submit(&hello()).unwrap();
    let id = answer.first_text();
    assert_eq!((answer.status, id.len(), answer.body.len()), (0, 8, 9), "{id}");
    assert!(id.bytes().all(|octet| octet.is_ascii_hexdigit()), "{id}");
    let receipt = esme.message().unwrap();
    assert!(receipt.as_text().contains(&format!("id:{id} ")), "{receipt:?}");
    assert!(receipt.tlvs.is_empty(), "{receipt:?}");
    let refused = esme.submit(&Message { destination: "49171".into(), ..hello() }).unwrap();
    assert_eq!((refused.status, refused.to_bytes().len()), (0x0B, HEADER));
}

#[test]
fn a_3_4_session_is_refused_with_a_header_alone_and_told_receipts_with_tlvs() {
    let stand = Stand::up();
    let (_, mut esme) = stand.bind(0x34);
    let answer = esme.submit(&hello()).unwrap();
    let id = answer.first_text();
    assert_eq!((id.len(), of_answer(&answer)), (16, Vec::new()));
    let receipt = esme.message().unwrap();
    let named = (RECEIPTED_MESSAGE_ID, [id.as_bytes(), &[0]].concat());
    assert!(tlvs(&receipt.tlvs).contains(&named), "{receipt:?}");
    let refused = esme.submit(&Message { destination: "49171".into(), ..hello() }).unwrap();
    assert_eq!((refused.status, refused.to_bytes().len()), (0x0B, HEADER));
}

#[test]
fn a_5_0_session_is_told_why_it_is_refused() {
    let stand = Stand::up();
    let (_, mut esme) = stand.bind(0x50);
    let ports = frame::tlv(0x020A, &[0, 80]);
    assert_eq!(esme.submit(&Message { tlvs: ports, ..hello() }).unwrap().status, 0);
    let to = |destination: &str| Message { destination: destination.into(), ..hello() };
    for (message, status, why) in [
        (to("49171"), 0x0B, "no_route"),
        (to("nobody"), 0x0B, "invalid_destination"),
        (Message { validity_period: "soon".into(), ..hello() }, 0x62, "invalid_validity"),
        (Message { esm_class: 1, ..hello() }, 0x43, "unsupported_mode"),
    ] {
        let refused = esme.submit(&message).unwrap();
        let told = of_answer(&refused).into_iter().find(|(tag, _)| *tag == ADDITIONAL_STATUS_INFO_TEXT);
        let why = Some((ADDITIONAL_STATUS_INFO_TEXT, [why.as_bytes(), &[0]].concat()));
        assert_eq!((refused.status, told), (status, why), "{message:?}");
    }
}
