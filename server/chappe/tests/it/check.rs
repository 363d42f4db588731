//! `chappe check`: what it says about a configuration.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::run::{Ran, run};

/// `check` over these files; those without a slash before them in the list are read together, as a directory.
fn check(files: &[(&str, &str)]) -> Ran {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let target = if files[0].0.starts_with("conf/") { "conf" } else { files[0].0 };
    run(dir.path(), &["check", target])
}

/// Every complaint about one file named `c.toml`, without the sum at the end.
fn complaints(text: &str) -> Vec<String> {
    let ran = check(&[("c.toml", text)]);
    assert_eq!(ran.status, 1, "{ran:?}");
    let mut lines: Vec<String> = ran.out.lines().map(str::to_owned).collect();
    lines.pop();
    lines
}

const GOOD: &str = r#"
[smpp]
listen = ["127.0.0.1:2775"]
enquire_link = "45s"

[http]
listen = "127.0.0.1:8080"

[store]
path = "data"
durability = "power"

[[account]]
system_id = "acme"
password_file = "secrets/acme"
binds_max = 4
window_max = 1000
rate = { parts_per_second = 500, burst = 1000 }
sources = ["ACME", "3859*"]
allow_from = ["10.0.0.0/8", "127.0.0.0/8"]

[[link]]
name = "carrier-a"
address = "smpp.carrier.example:2775"
system_id = "chappe"
password_env = "CARRIER_PASSWORD"
binds = 2
window = 100
in_doubt = "hold"
hold = "10m"

[[route]]
name = "croatia"
destination = ["385*"]
via = ["carrier-a"]

[[route]]
name = "answers"
destination = ["12345"]
via = ["account:acme"]
"#;

#[test]
fn the_file_of_the_design_is_right() {
    let ran = check(&[("c.toml", GOOD), ("secrets/acme", "s3cret\n")]);
    assert_eq!((ran.status, ran.out.as_str()), (0, "nothing is wrong\n"), "{ran:?}");
}

/// What is written, and one of the lines that answer it.
const SLIPS: &[(&str, &str)] = &[
    ("[smp]\n", "error  c.toml:1:2  unknown key `smp` in the file; did you mean `smpp`?"),
    (
        "[smpp]\nenquirelink = \"5s\"",
        "error  c.toml:2:1  unknown key `enquirelink` in [smpp]; did you mean `enquire_link`?",
    ),
    (
        "[smpp]\nresponse = 10",
        "error  c.toml:2:12  `response` is 10; it must be a time from \"1ms\" to \"168h\"; with its unit: response = \"10s\"",
    ),
    (
        "[smpp]\nlisten = \"0.0.0.0:2775\"",
        "error  c.toml:2:10  `listen` is \"0.0.0.0:2775\"; it must be a list of texts; write listen = [\"0.0.0.0:2775\"]",
    ),
    ("[smpp]\ntls = {}", "error  c.toml:2:7  tls has no `certificate`"),
    ("[smpp]\ntls = { certificate = \"a.pem\" }", "error  c.toml:2:7  tls has no `key`"),
    (
        "[smpp]\ntls = { certificate = \"a.pem\", key = \"a.key\", client_auth = \"required\" }",
        "error  c.toml:2:7  tls has no `client_ca`",
    ),
    ("[smpp]\nproxy_protocol = {}", "error  c.toml:2:18  proxy_protocol has no `trusted`"),
    (
        "[smpp]\nproxy_protocol = { trusted = [\"10.0.0.0/40\"] }",
        "error  c.toml:2:31  \"10.0.0.0/40\" is not a network; write 10.0.0.0/8, or one address",
    ),
    (
        "[[link]]\nname = \"l\"\ninterface_version = \"3.3\"\nmode = \"trx\"",
        "error  c.toml:4:8  SMPP 3.3 knows no transceiver; write mode = \"tx+rx\"",
    ),
    (
        "[[link]]\nname = \"l\"\nalphabet = \"latin-1\"",
        "error  c.toml:3:12  `alphabet` is \"latin-1\"; it must be \"gsm\" or \"latin1\" or \"ascii\"; did you mean \"latin1\"?",
    ),
    (
        "[[link]]\nname = \"l\"\naddress_range = \"01234567890123456789012345678901234567890\"",
        "error  c.toml:3:17  `address_range` has 41 octets; a bind carries 40",
    ),
    (
        "[[link]]\nname = \"l\"\noutbind = { system_id = \"smsc\" }",
        "error  c.toml:3:11  outbind has no `password_file`",
    ),
    ("[store]\npostgres = \"host=a\"", "error  c.toml:2:1  `postgres` in [store] is not built yet"),
    (
        "[store]\ndurability = \"powr\"",
        "error  c.toml:2:14  `durability` is \"powr\"; it must be \"power\" or \"process\"; did you mean \"power\"?",
    ),
    ("[[rule]]\nname = \"x\"", "error  c.toml:1:3  `rule` in the file is not built yet"),
    ("[[account]]\nsystem_id = \"a\"", "error  c.toml:1:1  [[account]] has no `password_file`"),
    (
        "[[account]]\nsystem_id = \"a\"\npassword_env = \"NOT_SET\"",
        "error  c.toml:3:16  NOT_SET is not set in the environment",
    ),
    (
        "[[account]]\nsystem_id = \"a\"\npassword = \"x\"\npassword_env = \"CARRIER_PASSWORD\"",
        "error  c.toml:3:12  both `password_env` and `password`; keep one of them",
    ),
    (
        "[[account]]\nsystem_id = \"a\"\npassword = 12345678",
        "error  c.toml:3:12  `password` must be text in quotes",
    ),
    (
        "[[account]]\nsystem_id = \"a\"\npassword = \"x\"\nallow_from = [\"10.0.0.0/33\"]",
        "error  c.toml:4:15  \"10.0.0.0/33\" is not a network; write 10.0.0.0/8, or one address",
    ),
    (
        "[[account]]\nsystem_id = \"a\"\npassword = \"x\"\nbinds_max = 0",
        "error  c.toml:4:13  `binds_max` is 0; it must be a whole number from 1 to 1000",
    ),
    (
        "[[link]]\nname = \"l\"\naddress = \"host\"\nsystem_id = \"s\"\npassword = \"x\"",
        "error  c.toml:3:11  \"host\" is not host:port; write it with its port: \"host:2775\"",
    ),
    (
        "[[account]]\nsystem_id = \"a\"\npassword = \"x\"\ntime_zone = \"Europe/Nowhere\"",
        "error  c.toml:4:13  \"Europe/Nowhere\" is not a time zone; write a name like \"Europe/Zagreb\", an offset like \"+02:00\", or \"UTC\"",
    ),
    (
        "[[account]]\nsystem_id = \"a\"\npassword = \"x\"\nreceipt = { err_width = 5 }",
        "error  c.toml:4:25  `err_width` is 5; it must be a whole number from 1 to 4",
    ),
    (
        "[[account]]\nsystem_id = \"a\"\npassword = \"x\"\nreceipt = { style = \"hex\" }",
        "error  c.toml:4:13  unknown key `style` in receipt; known here: id, err_width, dates",
    ),
    (
        "[[account]]\nsystem_id = \"a\"\npassword = \"x\"\nlong = { receipt = \"best\" }",
        "error  c.toml:4:20  `receipt` is \"best\"; it must be \"each\" or \"worst\" or \"last\"; did you mean \"last\"?",
    ),
    (
        "[[account]]\nsystem_id = \"a\"\npassword = \"x\"\nclasses = { OTP = \"fast\" }",
        "error  c.toml:4:19  \"fast\" is no class; it must be \"otp\" or \"transactional\" or \"bulk\"",
    ),
    (
        "[store]\nbodies = \"1GB\"",
        "error  c.toml:2:10  `bodies` is \"1GB\"; it must be a size from 1 MiB to 1024 TiB; with its unit: bodies = \"4GiB\"",
    ),
    (
        "[queue]\nquantum = 0",
        "error  c.toml:2:11  `quantum` is 0; it must be a whole number from 1 to 100000",
    ),
    (
        "[[link]]\nname = \"l\"\nretry = { 0x45 = \"permanent\", 69 = \"permanent\" }",
        "error  c.toml:3:31  \"69\" is not a command_status that says no; write \"0x45\", \"0x400-0x4FF\" or \"ESME_RSUBMITFAIL\"",
    ),
    (
        "[[link]]\nname = \"l\"\nretry = { 0x400-0x4FF = \"permanent\", 0x480-0x500 = \"session\" }",
        "error  c.toml:3:38  \"0x480-0x500\" and \"0x400-0x4ff\" overlap; let one lie within the other, which then counts, or cut them apart",
    ),
    (
        "[[link]]\nname = \"l\"\nretry_waits = []",
        "error  c.toml:3:15  `retry_waits` has 0 waits; it has from 1 to 32; write retry_waits = [\"1s\", \"5s\", \"1m\"]; the last one repeats",
    ),
    (
        "[[link]]\nname = \"l\"\nthrottle_waits = [\"1m\", \"1s\"]",
        "error  c.toml:3:18  `throttle_waits` is the shortest and the longest rest of a throttled message; write throttle_waits = [\"1s\", \"1m\"]",
    ),
    (
        "[[route]]\nname = \"r\"\ndestination = [\"385x\"]\nvia = []",
        "error  c.toml:3:16  \"385x\" is not a pattern of numbers; digits, or digits with a final *: \"385*\"; \"*\" is everything",
    ),
    (
        "[[route]]\nname = \"r\"\ndestination = [\"385*\"]\ntime = \"09:00\"\nvia = []",
        "error  c.toml:4:1  `time` in [[route]] is not built yet",
    ),
];

#[test]
fn each_slip_is_named_with_its_place_and_a_way_out() {
    for (text, expected) in SLIPS {
        let complaints = complaints(text);
        assert!(complaints.iter().any(|line| line == expected), "{text}\n{complaints:#?}");
    }
}

#[test]
fn a_route_to_nowhere_is_told_what_it_could_have_meant() {
    let vias = [
        ("\"carier-a\"", "goes via link \"carier-a\", which does not exist; did you mean \"carrier-a\"?"),
        (
            "\"acme\"",
            "goes via link \"acme\", which does not exist; an account's mailbox is written \"account:acme\"",
        ),
        ("\"account:shop\"", "goes via account \"shop\", which does not exist; there are: acme"),
        ("{ link = \"carrier-a\", weight = 3 }", "sharing load by weight in `via` is not built yet"),
    ];
    for (via, expected) in vias {
        let text = GOOD.replace("via = [\"carrier-a\"]", &format!("via = [{via}]"));
        let ran = check(&[("c.toml", &text), ("secrets/acme", "s3cret")]);
        assert_eq!(ran.status, 1);
        assert!(ran.out.lines().next().unwrap().ends_with(expected), "{}", ran.out);
    }
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_file() {
    let text = "\
[smpp]
lisen = []

[[account]]
sytem_id = \"acme\"
password = \"x\"

[[route]]
name = \"r\"
destination = [\"*\"]
via = [\"gone\"]
";
    assert_eq!(
        complaints(text),
        [
            "error  c.toml:2:1  unknown key `lisen` in [smpp]; did you mean `listen`?",
            "error  c.toml:4:1  [[account]] has no `system_id`",
            "error  c.toml:5:1  unknown key `sytem_id` in [[account]]; did you mean `system_id`?",
            "error  c.toml:11:8  route \"r\" goes via link \"gone\", which does not exist; there is no [[link]] in the file",
        ]
    );
}

#[test]
fn a_file_that_is_no_toml_says_where_it_stops_being_one() {
    assert_eq!(
        complaints("[smpp]\nlisten = \n")[0],
        "error  c.toml:2:10  string values must be quoted, expected literal string"
    );
}

#[test]
fn a_directory_is_read_as_one_configuration() {
    let account = "[[account]]\nsystem_id = \"acme\"\npassword = \"x\"\n";
    let route = "[[route]]\nname = \"answers\"\ndestination = [\"1*\"]\nvia = [\"account:acme\"]\n";
    let ran = check(&[("conf/a.toml", account), ("conf/b.toml", route), ("conf/notes.txt", "!")]);
    assert_eq!(ran.status, 0, "{ran:?}");

    let ran = check(&[("conf/a.toml", account), ("conf/b.toml", account)]);
    assert_eq!(ran.status, 1);
    assert_eq!(
        ran.out.lines().next().unwrap(),
        "error  conf/b.toml:2:13  account \"acme\" a second time; the first is at conf/a.toml:2:13"
    );
}

#[test]
fn what_is_unwise_is_told_and_passes() {
    let text = "\
[smpp]
listen = [\"0.0.0.0:2775\"]

[[account]]
system_id = \"acme\"
password = \"longer than eight\"
";
    let ran = check(&[("c.toml", text)]);
    assert_eq!(ran.status, 0);
    for expected in [
        "c.toml:1:1  no [[route]]: every message is refused with no_route",
        "c.toml:5:13  account \"acme\" has no rate limit; it may submit as fast as it can",
        "c.toml:5:13  account \"acme\" may bind from everywhere; allow_from names its networks",
        "c.toml:6:12  account \"acme\": the password stands in the file; password_file or password_env keeps it out of git",
        "c.toml:6:12  account \"acme\": the password has 17 octets; SMPP carries 8, and many clients cut it there",
    ] {
        assert!(ran.out.contains(expected), "{expected}\n{}", ran.out);
    }
}

const EVERY_KEY: &str = r#"
[smpp]
listen = []
unix = "smpp.sock"
tls = { listen = ["127.0.0.1:3550"], certificate = "tls/own.pem", key = "tls/own.key", client_ca = "tls/own.pem", client_auth = "optional" }
proxy_protocol = { trusted = ["10.0.0.0/8", "::1"] }
takeover = "1s"
unbound_max = 500
unbound_per_address_max = 50

[store]
segment_octets = "128 MiB"
live_max = 1000000
parked_max = 50000
parked_for = "5m"
duplicates_max = 2000000
groups_max = 50000
dead_max = 10000
dead_for = "24h"
pending_octets = "32 MiB"
reserve_octets = "16 MiB"
bodies = "2GiB"
carry_octets = "512 MiB"
history_days = 90
history_octets = "100 GiB"
text_days = 30
min_free = 1073741824
copy = "warm"

[queue]
receipt_ttl = "72h"
receipt_wait = "2h"
quantum = 100
refused_kept = 0
refused_rate = 1
starvation = "500ms"

[[account]]
system_id = "acme"
password_file = "secrets/acme"
rate = { parts_per_second = 500 }
classes = { OTP = "otp", NEWS = "bulk" }
time_zone = "Europe/Zagreb"
duplicates = "10m"
receipt = { id = "decimal", err_width = 4, dates = "seconds" }
receipts_to = "submitter"
long = { collect = true, wait = "5m", receipt = "worst" }
default_alphabet = "latin1"
tls_required = true
certificate_names = ["esme.acme.example"]

[[link]]
name = "a"
address = "smpp.carrier.example:2775"
system_id = "chappe"
password_env = "CARRIER_PASSWORD"
retry = { 0x45 = "alternate then permanent", "0x400-0x4FF" = "temporary 5", ESME_RTHROTTLED = "throttle" }
retry_waits = ["2s", "10s", "1m"]
throttle_waits = ["1s", "30s"]
long = "udh"
receipt_wait = "30m"
drops_max = 5
time_zone = "+02:00"
system_type = "VMA"
mode = "tx+rx"
interface_version = "5.0"
unsaid_version = "3.4"
address_range = "^385"
alphabet = "ascii"
tls = { ca = "tls/own.pem", server_name = "carrier.example", certificate = "tls/own.pem", key = "tls/own.key" }

[[link]]
name = "b"
system_id = "chappe"
password_env = "CARRIER_PASSWORD"
tls = { pinned = "tls/own.pem" }
outbind = { system_id = "smsc", password_env = "CARRIER_PASSWORD" }

[[route]]
name = "world"
destination = ["*"]
via = ["a", "b"]
"#;

#[test]
fn every_setting_of_the_life_of_a_message_is_a_key() {
    let ran = check_every_key(EVERY_KEY);
    assert_eq!((ran.status, ran.out.as_str()), (0, "nothing is wrong\n"), "{ran:?}");
}

#[test]
fn unwise_settings_are_told() {
    for (right, unwise, told) in [
        (
            "history_days = 90\nhistory_octets = \"100 GiB\"",
            "history_days = 0",
            "the journal grows until the disk is full",
        ),
        ("text_days = 30", "text_days = 100", "texts go with their history"),
        ("min_free = 1073741824", "min_free = 0", "then nothing can be settled"),
        ("copy = \"warm\"", "copy = \"data/warm\"", "copy lies within the data directory"),
        ("receipt_ttl = \"72h\"", "receipt_ttl = \"5m\"", "loses its receipts"),
        ("starvation = \"500ms\"", "starvation = \"1ms\"", "takes turns with one-time passwords"),
        ("duplicates = \"10m\"", "duplicates = \"48h\"", "suppresses duplicates for 48 h"),
        ("retry_waits = [\"2s\"", "retry_waits = [\"20ms\"", "tries again within less than a second"),
        ("drops_max = 5", "drops_max = 1", "a single loss of the link"),
        ("drops_max = 5", "attempts_max = 1", "nothing is tried a second time"),
        ("via = [\"a\", \"b\"]", "via = [\"b\", \"a\"]", "no route has a way after it"),
        ("unbound_per_address_max = 50", "unbound_per_address_max = 500", "lock the others out"),
        ("listen = []", "listen = [\"0.0.0.0:2775\"]", "0.0.0.0:2775 takes plain SMPP from other networks"),
        ("\"::1\"]", "\"::/0\"]", "proxy_protocol trusts everyone"),
        (
            ", client_auth = \"optional\"",
            ", client_auth = \"off\"",
            "asks for no certificate (client_ca): it cannot bind",
        ),
        (
            "tls = { pinned = \"tls/own.pem\" }",
            "address = \"198.51.100.7:2775\"",
            "in plain to 198.51.100.7:2775",
        ),
    ] {
        assert!(EVERY_KEY.contains(right), "{right}");
        let text = EVERY_KEY.replace(right, unwise);
        let ran = check_every_key(&text);
        assert!(ran.status == 0 && ran.out.contains(told), "{unwise}\n{}", ran.out);
    }
}

/// With the files that the keys name.
fn check_every_key(text: &str) -> Ran {
    let own = rcgen::generate_simple_self_signed(["chappe.example".to_owned()]).unwrap();
    check(&[
        ("c.toml", text),
        ("secrets/acme", "s3cret"),
        ("tls/own.pem", &own.cert.pem()),
        ("tls/own.key", &own.signing_key.serialize_pem()),
    ])
}

#[test]
fn certificates_that_cannot_be_used_are_named_by_their_file() {
    let own = rcgen::generate_simple_self_signed(["chappe.example".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(["chappe.example".to_owned()]).unwrap();
    let text = "[smpp]\ntls = { certificate = \"own.pem\", key = \"own.key\" }\n";
    for (certificate, key, named) in [
        (own.cert.pem(), other.signing_key.serialize_pem(), "own.pem"),
        ("no certificate".into(), own.signing_key.serialize_pem(), "own.pem: no certificate in it"),
        (own.cert.pem(), "no key".into(), "own.key"),
    ] {
        let ran = check(&[("c.toml", text), ("own.pem", &certificate), ("own.key", &key)]);
        let first = ran.out.lines().next().unwrap();
        assert!(
            ran.status == 1 && first.starts_with("error  c.toml:2:7  ") && first.contains(named),
            "{ran:?}"
        );
    }
}

#[test]
fn json_carries_the_same_facts() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("c.toml"), "[smp]\n").unwrap();
    let ran = run(dir.path(), &["check", "c.toml", "--json"]);
    assert_eq!(ran.status, 1);
    let verdict: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(verdict["valid"], false);
    assert_eq!(verdict["problems"][0]["line"], 1);
    assert_eq!(verdict["problems"][0]["hint"], "did you mean `smpp`?");
}

#[test]
fn a_secret_never_shows_in_a_complaint() {
    let text = "[[account]]\nsystem_id = \"a\"\npassword = \"canary77\"\npassword_hash = \"canary77\"\n";
    let ran = check(&[("c.toml", text)]);
    assert!(!ran.out.contains("canary77") && !ran.err.contains("canary77"), "{ran:?}");
}

#[test]
fn a_missing_file_and_a_wrong_word_are_used_wrongly() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(run(dir.path(), &["check", "nope.toml"]).status, 1);
    assert_eq!(run(dir.path(), &["chek"]).status, 1);
    assert_eq!(run(dir.path(), &["--help"]).status, 0);
}

#[test]
fn a_hash_of_argon2id_is_as_good_as_a_password() {
    let hash = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let account = |hash: &str| format!("[[account]]\nsystem_id = \"a\"\npassword_hash = \"{hash}\"\n");
    assert_eq!(check(&[("c.toml", &account(hash))]).status, 0);
    let other = hash.replace("argon2id", "argon2i");
    assert_eq!(
        complaints(&account(&other)),
        ["error  c.toml:3:17  `password_hash` is not an argon2id hash ($argon2id$v=19$…)"]
    );
}
