//! A centre that runs: `dev` and `serve`, and the verbs that speak with it.

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::house::Centre;
use crate::run::{chappe, run};

const CONFIG: &str = r#"
[smpp]
listen = ["127.0.0.1:0"]
[http]
listen = "127.0.0.1:0"
[store]
path = "d"
[[account]]
system_id = "acme"
password = "secret"
"#;

#[test]
fn a_message_goes_out_comes_back_and_tells_its_story() {
    let mut dev = Centre::dev();
    let sent = dev.run(&["send", "--to", "385911234567", "--text", "hello €", "--data", "d"]);
    assert_eq!(sent.status, 0, "{sent:?}");
    assert!(sent.out.contains("DELIVRD"), "{sent:?}");

    assert!(dev.read_until("submitted").contains("CHAPPE → 385911234567  \"hello €\""));
    let receipt = dev.read_until("receipt");
    assert!(receipt.contains("DELIVRD after") && receipt.contains("taken in"), "{receipt}");

    let id = receipt.split_whitespace().last().unwrap();
    let story = dev.json(&["message", id]);
    assert_eq!(story["state"], "DELIVRD");
    let events: Vec<_> = story["steps"].as_array().unwrap().iter().map(|step| &step["event"]).collect();
    assert_eq!(events, ["accepted", "intended", "sent", "receipt", "notified"]);
    let told = dev.run(&["message", id, "--data", "d"]);
    assert!(told.out.contains(" delivered · CHAPPE → 385911234567"), "{told:?}");
}

#[test]
fn where_a_message_without_a_receipt_stands_is_told() {
    let dev = Centre::dev();
    let silent = dev.run(&["send", "--to", "385911004000", "--text", "x", "--wait", "1s", "--data", "d"]);
    assert_eq!(silent.status, 5, "{silent:?}");
    assert!(silent.out.contains("why       it is with lab, which answered OK"), "{silent:?}");
    let refused = dev.run(&["send", "--to", "385911000069", "--text", "x", "--data", "d"]);
    assert_eq!(refused.status, 4, "{refused:?}");
    assert!(refused.out.contains("REJECTD   err 953, carrier_refused"), "{refused:?}");
}

#[test]
fn status_binds_and_queue_agree_about_who_is_there() {
    let dev = Centre::dev();
    let reply =
        dev.run(&["sim", "reply", "--from", "385911", "--to", "12345", "--text", "YES", "--data", "d"]);
    assert_eq!(reply.status, 0, "{reply:?}");
    let until = Instant::now() + Duration::from_secs(5);
    let waits = || dev.run(&["queue", "--data", "d"]).out.contains("account:dev");
    while !waits() {
        assert!(Instant::now() < until, "the reply does not arrive");
        sleep(Duration::from_millis(20));
    }
    let status = dev.json(&["status"]);
    assert_eq!((&status["binds_carrier"], &status["binds_esme"]), (&1.into(), &0.into()));
    let bind = dev.json(&["binds"]);
    assert_eq!(
        (&bind["name"], &bind["side"], &bind["version"]),
        (&"lab".into(), &"carrier".into(), &"3.4".into())
    );
    let smpp = fs::read_to_string(dev.path().join("d/smpp.addr")).unwrap();
    assert_eq!(status["smpp"][0], smpp.trim());
}

#[test]
fn what_is_asked_wrongly_is_answered_with_a_reason() {
    let dev = Centre::dev();
    for (args, status, why) in [
        (["message", "5f3a"], 1, "16 hexadecimal digits"),
        (["message", "0123456789abcdef"], 3, "no message 0123456789abcdef"),
    ] {
        let ran = dev.run(&[&args[..], &["--data", "d"]].concat());
        assert_eq!(ran.status, status, "{ran:?}");
        assert!(ran.err.contains(why), "{ran:?}");
    }
    let reload = dev.run(&["reload", "--data", "d"]);
    assert_eq!(reload.status, 1);
    assert!(reload.err.contains("without a configuration file"), "{reload:?}");
    let nobody = dev.run(&["status", "--data", "elsewhere"]);
    assert_eq!(nobody.status, 2);
    assert!(nobody.err.starts_with("error  no centre runs in elsewhere\nwhy    "), "{nobody:?}");
}

#[test]
fn a_second_dev_is_told_whom_the_port_belongs_to() {
    let dev = Centre::dev();
    let smpp = fs::read_to_string(dev.path().join("d/smpp.addr")).unwrap();
    let args = ["dev", "--http", "127.0.0.1:0", "--smpp", smpp.trim(), "--data"];
    for (data, why) in [("d", "a centre runs there since"), ("other", "another program has it")] {
        let second = dev.run(&[&args[..], &[data]].concat());
        assert_eq!(second.status, 2, "{second:?}");
        let lines: Vec<_> = second.err.lines().collect();
        assert_eq!(lines[0], format!("error  {} is in use", smpp.trim()));
        assert!(lines[1].starts_with(&format!("why    {why}")), "{second:?}");
        assert!(lines[2].contains("chappe dev --port-offset 10 --data ./second"), "{second:?}");
    }
}

#[test]
fn a_pipe_gets_the_name_of_the_passwords_file_and_not_the_password() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = chappe(dir.path());
    command.args(["dev", "--data", "d", "--smpp", "127.0.0.1:0", "--http", "127.0.0.1:0"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut lines = vec![];
    while lines.last().is_none_or(|line: &String| !line.starts_with("ready in")) {
        lines.push(out.next().unwrap().unwrap());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let password = fs::read_to_string(dir.path().join("d/password")).unwrap();
    assert!(lines.len() <= 25 && lines.iter().all(|line| !line.contains(password.trim())), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("password in d/password")), "{lines:#?}");
}

#[test]
fn a_stop_leaves_nothing_behind_but_what_is_kept() {
    let mut centre = Centre::serve(CONFIG);
    assert!(centre.path().join("d/chappe.sock").exists());
    centre.signal("-TERM");
    assert_eq!(centre.ended(), 0);
    for gone in ["chappe.sock", "smpp.addr", "http.addr"] {
        assert!(!centre.path().join("d").join(gone).exists(), "{gone}");
    }
}

#[test]
fn a_reload_shows_the_difference_and_a_bad_file_changes_nothing() {
    let centre = Centre::serve(CONFIG);
    let file = centre.path().join("chappe.toml");
    let more = "[[account]]\nsystem_id = \"shop\"\npassword = \"x\"\n";
    let changed = CONFIG.replace("\"secret\"", "\"other\"").replace("127.0.0.1:0\"]", "127.0.0.1:9\"]");
    fs::write(&file, changed + more).unwrap();
    let ran = centre.run(&["reload", "--data", "d"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    for line in [
        "+ account shop  added",
        "~ account acme  changed",
        "! [smpp] listen  takes a restart",
        "policy 2 is in force",
    ] {
        assert!(ran.out.contains(line), "{line}\n{}", ran.out);
    }
    fs::write(&file, "[smpp]\nlisen = []\n").unwrap();
    let ran = centre.run(&["reload", "--data", "d"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(
        ran.err.contains("the old one stays in force") && ran.err.contains("unknown key `lisen`"),
        "{ran:?}"
    );
    let status = centre.json(&["status"]);
    assert_eq!((&status["policy"], &status["accounts"]), (&2.into(), &2.into()));
}

#[test]
fn a_hangup_reads_the_file_again() {
    let centre = Centre::serve(CONFIG);
    centre.signal("-HUP");
    let until = Instant::now() + Duration::from_secs(5);
    while centre.json(&["status"])["policy"] != 2 {
        assert!(Instant::now() < until, "no other policy came into force");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_centre_without_phones_says_so() {
    let centre = Centre::serve(CONFIG);
    let reply = ["sim", "reply", "--from", "385911", "--to", "12345", "--text", "YES", "--data", "d"];
    let ran = centre.run(&reply);
    assert_ne!(ran.status, 0);
    assert!(ran.err.contains("no simulated phones"), "{ran:?}");
}

/// The status line and the body of `path` over HTTP.
fn fetched(centre: &Centre, path: &str) -> (String, String) {
    let address = fs::read_to_string(centre.path().join("d/http.addr")).unwrap();
    let mut stream = TcpStream::connect(address.trim()).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

#[test]
fn health_and_metrics_are_served_and_nothing_else() {
    let centre = Centre::dev();
    let ok = "HTTP/1.1 200 OK";
    assert_eq!(fetched(&centre, "/healthz"), (ok.to_owned(), "ok\n".to_owned()));
    let (status, metrics) = fetched(&centre, "/metrics");
    assert_eq!(status, ok);
    for line in [
        "chappe_accepted_total 0",
        "chappe_queue_messages{kind=\"link\",name=\"lab\"} 0",
        "chappe_link_binds{link=\"lab\"} 1",
        "# EOF",
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
    let types: Vec<_> = metrics.lines().filter(|line| line.starts_with("# TYPE")).collect();
    let distinct: HashSet<_> = types.iter().collect();
    assert_eq!(types.len(), distinct.len(), "a metric is registered twice");
    let (status, problem) = fetched(&centre, "/status");
    assert_eq!(status, "HTTP/1.1 404 Not Found");
    assert!(problem.contains("unknown_path"), "{problem}");
}

#[test]
fn what_cannot_be_used_ends_with_status_one_and_its_place() {
    let centre = Centre::serve(CONFIG);
    let in_use = centre.run(&["serve"]);
    assert_eq!(in_use.status, 1, "{in_use:?}");
    assert!(in_use.err.contains("the data directory") && in_use.err.contains("is in use"), "{in_use:?}");

    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    let config = CONFIG.replace("\"d\"", "\"file/below\"");
    fs::write(dir.path().join("chappe.toml"), config).unwrap();
    let unusable = run(dir.path(), &["serve"]);
    assert_eq!(unusable.status, 1, "{unusable:?}");
    assert!(unusable.err.contains("file/below"), "{unusable:?}");

    fs::write(dir.path().join("chappe.toml"), "[smpp]\nlisen = []\n").unwrap();
    let wrong = run(dir.path(), &["serve"]);
    assert_eq!(wrong.status, 1);
    assert!(wrong.err.contains("chappe.toml:2:1  unknown key `lisen`"), "{wrong:?}");
}
