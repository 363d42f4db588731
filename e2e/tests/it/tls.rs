//! TLS both ways, with openssl at the other end.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use e2e::carrier::{Carrier, Manner as Habit};
use e2e::centre::{self, Process};
use e2e::esme::Esme;
use e2e::frames::{Message, Mode};
use e2e::setup::{Link, PASSWORD, SYSTEM_ID, Setup};
use e2e::tls::{Authority, Identity, Manner, door_to, front_of};
use e2e::{binary, ports, wait};
use tempfile::TempDir;

const LIMIT: Duration = Duration::from_secs(20);
const NAMES: &str = "DNS:localhost,IP:127.0.0.1";

/// A centre with a listener for TLS beside the plain one.
struct Stand {
    authority: Authority,
    carrier: Carrier,
    secure: SocketAddr,
    setup: Setup,
    centre: Process,
    folder: TempDir,
}

impl Stand {
    /// `of_tls`: further keys of `tls`, which may name the authority's certificate by `{ca}`.
    fn up(of_tls: &str, of_account: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::make(folder.path(), "ca").unwrap();
        authority.sign("server", NAMES).unwrap();
        let carrier = Carrier::listen(Habit::default()).unwrap();
        let secure = ports::free();
        let of_tls = of_tls.replace("{ca}", "ca.pem");
        let smpp_more = format!(
            "tls = {{ listen = [\"{secure}\"], certificate = \"server.pem\", key = \"server.key\"{of_tls} }}\n"
        );
        let mut setup = Setup::below(folder.path()).with_link(Link::to(carrier.address()));
        setup.smpp_more = smpp_more;
        setup.account.more = of_account.to_owned();
        let centre = centre::serve(&setup, folder.path()).unwrap();
        Self { authority, carrier, secure, setup, centre, folder }
    }

    /// Where a plain peer gets to the TLS listener, trusting our authority.
    fn door(&self, shows: Option<Identity>) -> SocketAddr {
        door_to(self.secure, Manner { trusts: self.authority.certificate(), shows }).unwrap()
    }

    fn binds(&self) -> String {
        let data = self.setup.data.to_str().unwrap();
        let output = binary::run(&["binds", "--json", "--data", data]).unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn reloads(&self) {
        let data = self.setup.data.to_str().unwrap();
        let output = binary::run(&["reload", "--data", data]).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Puts a certificate of this authority in the place of the server's.
    fn certifies_anew(&self, authority: &Authority) {
        let Identity { certificate, key } = authority.sign("renewed", NAMES).unwrap();
        fs::rename(certificate, self.folder.path().join("server.pem")).unwrap();
        fs::rename(key, self.folder.path().join("server.key")).unwrap();
    }
}

/// A submission with its receipt.
fn submits(esme: &mut Esme) {
    let hello = Message::text("ACME", "385911234567", "hello").with_receipt();
    assert_eq!(esme.submit(&hello).unwrap().status, 0);
}

#[test]
fn an_application_submits_over_tls_and_is_shown_so() {
    let stand = Stand::up("", "");
    let mut esme = Esme::bound(stand.door(None), SYSTEM_ID, PASSWORD).unwrap();
    submits(&mut esme);
    assert!(esme.message().unwrap().is_receipt());
    stand.carrier.text_within("hello", LIMIT).unwrap();
    let mut plain = Esme::bound(stand.setup.smpp, SYSTEM_ID, PASSWORD).unwrap();
    submits(&mut plain);
    let binds = stand.binds();
    let shown = binds.lines().filter(|line| line.contains("\"tls\":\"TLS 1.3\"")).count();
    assert_eq!(shown, 1, "one of two sessions, and no link: {binds}");
}

#[test]
fn an_account_that_needs_tls_is_refused_without_and_the_reason_is_counted() {
    let stand = Stand::up("", "tls_required = true\n");
    let answer =
        Esme::connect(stand.setup.smpp).unwrap().bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).unwrap();
    assert_eq!(answer.status, 0x0D);
    let metrics = e2e::hook::get(stand.setup.http, "/metrics").unwrap();
    assert!(metrics.contains("chappe_bind_refusals_total{reason=\"tls_required\"} 1"), "{metrics}");
    // A wrong password is told first: nobody learns what an account needs without it.
    let answer =
        Esme::connect(stand.setup.smpp).unwrap().bind(Mode::Transceiver, SYSTEM_ID, "guess").unwrap();
    assert_eq!(answer.status, 0x0E);
    submits(&mut Esme::bound(stand.door(None), SYSTEM_ID, PASSWORD).unwrap());
}

#[test]
fn who_shows_no_certificate_is_not_let_in_and_who_shows_anothers_is_refused() {
    let stand = Stand::up(", client_ca = \"{ca}\"", "");
    let certificate = |name: &str| stand.authority.sign(name, &format!("DNS:{name}")).unwrap();

    let mut nobody = Esme::connect(stand.door(None)).unwrap();
    assert!(nobody.bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).is_err(), "no certificate, no session");

    let mut other = Esme::connect(stand.door(Some(certificate("other")))).unwrap();
    assert_eq!(other.bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).unwrap().status, 0x0D);
    let metrics = e2e::hook::get(stand.setup.http, "/metrics").unwrap();
    assert!(
        metrics.contains("chappe_bind_refusals_total{reason=\"certificate_not_allowed\"} 1"),
        "{metrics}"
    );

    let stranger =
        Authority::make(stand.folder.path(), "stranger").unwrap().sign("forged", "DNS:acme").unwrap();
    let mut forger = Esme::connect(stand.door(Some(stranger))).unwrap();
    assert!(forger.bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).is_err(), "signed by nobody we know");

    submits(&mut Esme::bound(stand.door(Some(certificate(SYSTEM_ID))), SYSTEM_ID, PASSWORD).unwrap());
}

#[test]
fn an_account_can_name_the_certificates_it_binds_with() {
    let stand = Stand::up(
        ", client_ca = \"{ca}\", client_auth = \"optional\"",
        "certificate_names = [\"esme.acme.example\"]\n",
    );
    let refused = |door| Esme::connect(door).unwrap().bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).unwrap();
    assert_eq!(refused(stand.door(None)).status, 0x0D, "it must show one");
    let own = stand.authority.sign("own", "DNS:esme.acme.example").unwrap();
    submits(&mut Esme::bound(stand.door(Some(own)), SYSTEM_ID, PASSWORD).unwrap());
}

#[test]
fn certificates_are_changed_under_sessions_that_stay() {
    let stand = Stand::up("", "");
    let old_door = stand.door(None);
    let mut esme = Esme::bound(old_door, SYSTEM_ID, PASSWORD).unwrap();
    let renewing = Authority::make(stand.folder.path(), "second").unwrap();
    stand.certifies_anew(&renewing);
    stand.reloads();

    submits(&mut esme);
    assert!(esme.message().unwrap().is_receipt(), "the session that stood goes on");
    let mut late = Esme::connect(old_door).unwrap();
    assert!(late.bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).is_err(), "who trusts the old one alone");
    let door = door_to(stand.secure, Manner { trusts: renewing.certificate(), shows: None }).unwrap();
    submits(&mut Esme::bound(door, SYSTEM_ID, PASSWORD).unwrap());
    submits(&mut esme);
}

#[test]
fn a_certificate_that_cannot_be_used_leaves_the_old_one_in_force() {
    let stand = Stand::up("", "");
    fs::write(stand.folder.path().join("server.pem"), "no certificate").unwrap();
    let data = stand.setup.data.to_str().unwrap();
    let output = binary::run(&["reload", "--data", data]).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("server.pem"), "{said}");
    submits(&mut Esme::bound(stand.door(None), SYSTEM_ID, PASSWORD).unwrap());
}

#[test]
fn who_speaks_the_wrong_protocol_is_closed_and_named() {
    let stand = Stand::up("", "");
    let mut plain = Esme::connect(stand.secure).unwrap();
    assert!(plain.bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).is_err(), "plain SMPP where TLS is spoken");
    let door =
        door_to(stand.setup.smpp, Manner { trusts: stand.authority.certificate(), shows: None }).unwrap();
    assert!(Esme::connect(door).unwrap().bind(Mode::Transceiver, SYSTEM_ID, PASSWORD).is_err());
    let named = |word: &str| wait::until(LIMIT, || stand.centre.stderr().contains(word));
    assert!(named("tls-on-plain-port") && named("plain SMPP where TLS"), "{}", stand.centre.stderr());
}

/// A carrier behind `openssl s_server`, and a centre that binds to it.
fn carrier_over_tls(folder: &Path, of_tls: &str, trusts: Option<&Path>) -> (Carrier, Setup, Process) {
    let carrier = Carrier::listen(Habit::default()).unwrap();
    let own = Identity { certificate: folder.join("carrier.pem"), key: folder.join("carrier.key") };
    let front = front_of(carrier.address(), &own, trusts).unwrap();
    let link = Link { binds: 1, ..Link::to(front) }.with(&format!("tls = {{ {of_tls} }}"));
    let setup = Setup::below(folder).with_link(link);
    let centre = centre::serve(&setup, folder).unwrap();
    (carrier, setup, centre)
}

#[test]
fn a_link_speaks_tls_with_its_carrier_and_shows_its_own_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::make(folder.path(), "ca").unwrap();
    authority.sign("carrier", "DNS:smpp.carrier.example").unwrap();
    authority.sign("us", "DNS:chappe.example").unwrap();
    let of_tls =
        "ca = \"ca.pem\", server_name = \"smpp.carrier.example\", certificate = \"us.pem\", key = \"us.key\"";
    let trusts = authority.certificate();
    let (carrier, setup, _centre) = carrier_over_tls(folder.path(), of_tls, Some(&trusts));
    let mut esme = Esme::bound(setup.smpp, SYSTEM_ID, PASSWORD).unwrap();
    submits(&mut esme);
    carrier.text_within("hello", LIMIT).unwrap();
    assert!(esme.message().unwrap().is_receipt());
}

#[test]
fn a_link_does_not_send_its_password_to_a_carrier_that_it_does_not_trust() {
    let folder = tempfile::tempdir().unwrap();
    Authority::make(folder.path(), "ca").unwrap();
    let others = Authority::make(folder.path(), "others").unwrap();
    others.sign("carrier", NAMES).unwrap();
    let (carrier, setup, _centre) = carrier_over_tls(folder.path(), "ca = \"ca.pem\"", None);
    let data = setup.data.to_str().unwrap();
    let why = || {
        String::from_utf8_lossy(&binary::run(&["queue", "carrier", "--data", data]).unwrap().stdout)
            .into_owned()
    };
    assert!(wait::until(LIMIT, || why().contains("TLS")), "{}", why());
    assert!(carrier.binds().is_empty());
}
