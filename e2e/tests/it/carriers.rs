//! Carriers with manners of their own: pairs of binds, versions, alphabets, and calls from their side.

use std::time::Duration;

use e2e::carrier::{Carrier, Manner};
use e2e::centre::{self, Process};
use e2e::esme::Esme;
use e2e::frame::{id, tlvs};
use e2e::frames::{Bound, Message};
use e2e::setup::{Link, PASSWORD, SYSTEM_ID, Setup};
use e2e::wait;
use tempfile::TempDir;

const LIMIT: Duration = Duration::from_secs(20);

struct Stand {
    carrier: Carrier,
    setup: Setup,
    centre: Process,
    _folder: TempDir,
}

impl Stand {
    /// With further lines of the link and of the account, and a carrier that says this version.
    fn up(version: u8, of_link: &str, of_account: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let carrier = Carrier::listen(Manner { version, ..Manner::default() }).unwrap();
        let link = Link { binds: 1, ..Link::to(carrier.address()) }.with(of_link);
        let mut setup = Setup::below(folder.path()).with_link(link);
        setup.account.more = of_account.to_owned();
        let centre = centre::serve(&setup, folder.path()).unwrap();
        Self { carrier, setup, centre, _folder: folder }
    }

    fn esme(&self) -> Esme {
        Esme::bound(self.setup.smpp, SYSTEM_ID, PASSWORD).unwrap()
    }

    /// So many binds, as they came to the carrier.
    fn binds(&self, count: usize) -> Vec<Bound> {
        assert!(wait::until(LIMIT, || self.carrier.binds().len() >= count), "{:?}", self.carrier.binds());
        let mut binds = self.carrier.binds();
        binds.sort_by_key(|bound| bound.id);
        binds
    }

    /// The message that comes to the carrier next, sent with these octets.
    fn carries(&self, esme: &mut Esme, data_coding: u8, octets: &[u8]) -> Message {
        let before = self.carrier.count();
        let message = Message::text("ACME", "385911234567", "");
        let message = Message { data_coding, short_message: octets.to_vec(), ..message };
        assert_eq!(esme.submit(&message).unwrap().status, 0);
        wait::within(LIMIT, || self.carrier.taken_from(before).first().cloned())
            .expect("it comes to the carrier")
    }
}

#[test]
fn a_pair_of_binds_submits_on_the_one_and_hears_on_the_other() {
    let of_link =
        "mode = \"tx+rx\"\ninterface_version = \"3.3\"\nsystem_type = \"VMA\"\naddress_range = \"^385\"";
    let stand = Stand::up(0, of_link, "");
    let binds = stand.binds(2);
    let seen: Vec<_> =
        binds.iter().map(|bound| (bound.id, bound.version, bound.address_range.as_str())).collect();
    assert_eq!(seen, [(id::BIND_RECEIVER, 0x33, "^385"), (id::BIND_TRANSMITTER, 0x33, "")]);
    assert!(binds.iter().all(|bound| bound.system_type == "VMA"), "{binds:?}");

    let mut esme = stand.esme();
    let hello = Message::text("ACME", "385911234567", "hello").with_receipt();
    assert_eq!(esme.submit(&hello).unwrap().status, 0);
    assert!(esme.message().unwrap().as_text().contains("stat:DELIVRD"));
    stand.carrier.says(&Message::text("385911234567", "12345", "YES")).unwrap();
    assert_eq!(esme.message().unwrap().as_text(), "YES");
}

#[test]
fn a_carrier_is_spoken_to_in_the_version_that_both_understand() {
    // user_message_reference, and one that only 5.0 knows: billing_identification.
    let parameters = [&[2, 4, 0, 2, 0, 7][..], &[6, 0x0B, 0, 1, 9]].concat();
    for (asked, said, tags) in [
        ("3.4", 0x50, vec![0x0204]),
        ("5.0", 0x34, vec![0x0204]),
        ("5.0", 0x50, vec![0x0204, 0x060B]),
        ("5.0", 0, vec![]),
        ("5.0\"\nunsaid_version = \"3.4", 0, vec![0x0204]),
    ] {
        let stand = Stand::up(said, &format!("interface_version = \"{asked}\""), "");
        stand.binds(1);
        let mut esme =
            Esme::bound_in(0x50, e2e::frames::Mode::Transceiver, stand.setup.smpp, SYSTEM_ID, PASSWORD)
                .unwrap();
        let message = Message { tlvs: parameters.clone(), ..Message::text("ACME", "385911234567", "hello") };
        assert_eq!(esme.submit(&message).unwrap().status, 0);
        let taken = stand.carrier.text_within("hello", LIMIT).unwrap();
        let came: Vec<u16> = tlvs(&taken.tlvs).into_iter().map(|(tag, _)| tag).collect();
        assert_eq!(came, tags, "asked for {asked}, the carrier said 0x{said:02x}");
    }
}

#[test]
fn a_text_means_the_same_to_account_and_carrier_whatever_they_call_their_alphabet() {
    let (latin, septets) = (b"caf\xe9".as_slice(), b"caf\x05".as_slice());
    for (of_account, of_link, sent, came) in [
        ("", "", (0, septets), (0, septets)),
        ("", "alphabet = \"latin1\"", (0, septets), (0, latin)),
        ("default_alphabet = \"latin1\"\n", "alphabet = \"latin1\"", (0, latin), (0, latin)),
        ("default_alphabet = \"latin1\"\n", "", (0, latin), (3, latin)),
        ("", "alphabet = \"ascii\"", (0, septets), (8, b"\0c\0a\0f\0\xe9")),
        ("default_alphabet = \"ascii\"\n", "", (0, b"a@b"), (1, b"a@b")),
    ] {
        let stand = Stand::up(0x34, of_link, of_account);
        let taken = stand.carries(&mut stand.esme(), sent.0, sent.1);
        let what = format!("{of_account}{of_link}");
        assert_eq!((taken.data_coding, taken.short_message.as_slice()), came, "{what}");
    }
}

#[test]
fn a_handsets_text_is_spelt_as_its_account_reads_it() {
    let stand = Stand::up(0x34, "alphabet = \"latin1\"", "default_alphabet = \"gsm\"\n");
    stand.binds(1);
    let mut esme = stand.esme();
    let message = Message::text("385911234567", "12345", "");
    stand.carrier.says(&Message { short_message: b"caf\xe9".to_vec(), ..message }).unwrap();
    let heard = esme.message().unwrap();
    assert_eq!((heard.data_coding, heard.short_message.as_slice()), (3, b"caf\xe9".as_slice()));
}

const OUTBIND: &str = "mode = \"tx\"\noutbind = { system_id = \"smsc\", password = \"knock\" }";

#[test]
fn a_carrier_that_calls_is_bound_to_as_a_receiver() {
    let stand = Stand::up(0x34, OUTBIND, "");
    assert_eq!(stand.binds(1)[0].id, id::BIND_TRANSMITTER);
    stand.carrier.outbinds(stand.setup.smpp, "smsc", "knock").unwrap();
    let binds = stand.binds(2);
    assert_eq!((binds[0].id, binds[0].system_id.as_str()), (id::BIND_RECEIVER, "chappe"));

    let mut esme = stand.esme();
    stand.carrier.says(&Message::text("385911234567", "12345", "YES")).unwrap();
    assert_eq!(esme.message().unwrap().as_text(), "YES");
    let hello = Message::text("ACME", "385911234567", "hello").with_receipt();
    assert_eq!(esme.submit(&hello).unwrap().status, 0);
    assert!(esme.message().unwrap().as_text().contains("stat:DELIVRD"));
}

#[test]
fn a_caller_that_is_no_carrier_of_ours_is_sent_away_and_applications_still_bind() {
    let stand = Stand::up(0x34, OUTBIND, "");
    stand.binds(1);
    for (system_id, password) in [("smsc", "guess"), ("nobody", "knock")] {
        stand.carrier.outbinds(stand.setup.smpp, system_id, password).unwrap();
    }
    let named = wait::until(LIMIT, || stand.centre.stderr().matches("outbind refused").count() == 2);
    assert!(named, "{}", stand.centre.stderr());
    assert_eq!(stand.carrier.binds().len(), 1);
    stand.esme();
}
