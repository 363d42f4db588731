//! What an operator sees and does by hand: queues, orders, search, audit, backup.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::house::Centre;
use crate::run::Ran;

/// Runs a verb against a centre of `chappe dev`.
fn on(dev: &Centre, args: &[&str]) -> Ran {
    dev.run(&[args, &["--data", "d"]].concat())
}

/// The id of a message that was sent and is not waited for.
fn sent(dev: &Centre, to: &str) -> String {
    let ran = on(dev, &["send", "--to", to, "--text", "x", "--wait", "0s"]);
    let line = ran.out.lines().find(|line| line.starts_with("accepted")).unwrap_or_else(|| panic!("{ran:?}"));
    line.split_whitespace().nth(1).unwrap().to_owned()
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        sleep(Duration::from_millis(20));
    }
}

fn state(dev: &Centre, id: &str) -> String {
    dev.json(&["message", id])["state"].as_str().unwrap().to_owned()
}

#[test]
fn what_waits_for_a_suspended_link_leaves_when_it_is_resumed() {
    let dev = Centre::dev();
    let preview = on(&dev, &["suspend", "lab", "--for", "2h", "--preview"]);
    assert!(preview.out.contains("lab would be suspended until"), "{preview:?}");
    let suspended = on(&dev, &["suspend", "lab", "--for", "2h"]);
    assert!(suspended.out.contains("lab is suspended until"), "{suspended:?}");

    let id = sent(&dev, "385911234567");
    let page = on(&dev, &["queue", "lab"]);
    assert!(page.out.contains("no message would leave now: suspended by hand"), "{page:?}");
    assert!(page.out.contains(&id), "{page:?}");
    assert_eq!(state(&dev, &id), "ENROUTE");

    let resumed = on(&dev, &["resume", "lab"]);
    assert!(resumed.out.contains("lab is resumed; 1 wait for it"), "{resumed:?}");
    until("it does not leave", || state(&dev, &id) == "DELIVRD");
}

#[test]
fn a_suspension_ends_by_itself() {
    let dev = Centre::dev();
    on(&dev, &["suspend", "lab", "--for", "1s"]);
    let id = sent(&dev, "385911234567");
    assert_eq!(state(&dev, &id), "ENROUTE");
    until("it is suspended for ever", || state(&dev, &id) == "DELIVRD");
    let page = on(&dev, &["queue", "lab"]);
    assert!(page.out.contains("a message would leave now"), "{page:?}");
}

#[test]
fn an_order_is_shown_first_and_done_to_no_more_than_was_shown() {
    let dev = Centre::dev();
    on(&dev, &["suspend", "lab"]);
    let first = sent(&dev, "385911234567");
    let reject = ["reject", "--link", "lab", "--only", "waiting"];
    let preview = on(&dev, &reject);
    assert!(preview.out.starts_with("1 message would be rejected; nothing is done yet"), "{preview:?}");
    assert!(
        preview.out.contains("to do it:  chappe reject --link lab --only waiting --data d --yes 1"),
        "{preview:?}"
    );
    assert_eq!(state(&dev, &first), "ENROUTE");

    let second = sent(&dev, "385911234568");
    let too_many = on(&dev, &[&reject[..], &["--yes", "1"]].concat());
    assert_eq!(too_many.status, 1, "{too_many:?}");
    assert!(
        too_many.err.contains("2 messages fit by now, and at most 1 were to be touched; none was"),
        "{too_many:?}"
    );
    let done = on(&dev, &[&reject[..], &["--yes", "2"]].concat());
    assert!(done.out.contains("2 messages rejected"), "{done:?}");
    for id in [&first, &second] {
        assert_eq!(state(&dev, id), "REJECTD");
    }

    let audit = on(&dev, &["audit"]);
    assert!(audit.out.contains("reject") && audit.out.contains("link lab, only waiting"), "{audit:?}");
    assert!(audit.out.contains("suspend"), "{audit:?}");
}

#[test]
fn a_message_named_by_its_id_is_done_at_once() {
    let dev = Centre::dev();
    // Its carrier's queue is full: it waits for another try.
    let id = sent(&dev, "385911000020");
    until("it does not wait", || on(&dev, &["queue", "lab"]).out.contains("carrier_queue_full"));
    let retried = on(&dev, &["retry", &id]);
    assert_eq!((retried.status, retried.out.trim()), (0, "1 message tried again now"), "{retried:?}");
    let rejected = on(&dev, &["reject", &id]);
    assert_eq!(rejected.status, 0, "{rejected:?}");
    assert_eq!(state(&dev, &id), "REJECTD");
    let again = on(&dev, &["reject", &id]);
    assert_eq!((again.status, again.out.trim()), (3, "0 messages rejected"), "{again:?}");
}

#[test]
fn an_order_that_names_nothing_or_nobody_is_refused_with_what_there_is() {
    let dev = Centre::dev();
    for (args, status, why) in [
        (&["retry"][..], 1, "nothing is named to retry"),
        (&["retry", "--link", "lap"], 3, "no link is called \"lap\"; there is lab"),
        (&["reject", "--account", "nobody"], 3, "no account is called \"nobody\"; there is dev"),
        (&["reroute", "0123456789abcdef", "--via", "x"], 3, "no link is called \"x\""),
        (&["retry", "xyz"], 1, "16 hexadecimal digits"),
        (&["retry", "--reason", "weather"], 1, "\"weather\" is no reason"),
        (&["suspend", "lab", "--for", "soon"], 1, "is no length of time"),
        (&["queue", "lap"], 3, "no link is called \"lap\""),
        (&["replay", "receipts", "--account", "x", "--since", "1h"], 3, "no account is called \"x\""),
    ] {
        let ran = on(&dev, args);
        assert_eq!(ran.status, status, "{ran:?}");
        assert!(ran.err.contains(why), "{why}: {ran:?}");
    }
}

#[test]
fn an_order_about_the_dead_touches_nobody_else() {
    let dev = Centre::dev();
    on(&dev, &["suspend", "lab"]);
    let id = sent(&dev, "385911234567");
    let preview = on(&dev, &["reject", "--only", "dead"]);
    assert!(preview.out.starts_with("0 messages would be rejected"), "{preview:?}");
    let done = on(&dev, &["reject", "--only", "dead", "--link", "lab", "--yes", "9"]);
    assert_eq!((done.status, done.out.trim()), (3, "0 messages rejected"), "{done:?}");
    let others = on(&dev, &["retry", "--only", "dead", "--account", "dev"]);
    assert_eq!(others.status, 1, "{others:?}");
    assert_eq!(state(&dev, &id), "ENROUTE");
}

#[test]
fn the_dead_are_tried_again_once() {
    let dev = Centre::dev();
    let ran = on(&dev, &["send", "--to", "385911000069", "--text", "x"]);
    assert_eq!(ran.status, 4, "{ran:?}");
    let dead = on(&dev, &["queue", "--dead"]);
    assert!(dead.out.contains("carrier_refused"), "{dead:?}");
    let again = on(&dev, &["retry", "--only", "dead", "--yes", "1"]);
    assert_eq!((again.status, again.out.trim()), (0, "1 message tried again now"), "{again:?}");
    until("it does not end", || on(&dev, &["queue", "--dead"]).out.lines().count() > 3);
    let once = on(&dev, &["retry", "--only", "dead"]);
    assert!(once.out.starts_with("1 message would"), "only the one that was sent anew: {once:?}");
}

#[test]
fn a_message_is_found_by_what_is_known_of_it() {
    let dev = Centre::dev();
    let id = sent(&dev, "385911234567");
    let other = sent(&dev, "385917654321");
    until("it does not arrive", || state(&dev, &id) == "DELIVRD");
    for args in
        [&["--to", "+385911234567"][..], &["--to", "385911234567", "--account", "dev", "--since", "1h"]]
    {
        let found = on(&dev, &[&["message", "find"], args].concat());
        assert!(found.out.contains(&id) && !found.out.contains(&other), "{found:?}");
        assert!(found.out.contains("DELIVRD") && found.out.contains(" lab "), "{found:?}");
    }
    let all = on(&dev, &["message", "find", "--account", "dev", "--limit", "1"]);
    assert!(all.out.contains(&other) && !all.out.contains(&id), "{all:?}");
    assert!(all.err.contains("more: the same with --before"), "{all:?}");
    let none = on(&dev, &["message", "find", "--to", "4917"]);
    assert_eq!(none.status, 3, "{none:?}");
}

#[test]
fn receipts_are_sent_again_to_an_account_that_lost_them() {
    let dev = Centre::dev();
    let told = on(&dev, &["send", "--to", "385911234567", "--text", "x"]);
    assert!(told.out.contains("DELIVRD"), "{told:?}");
    let replay = ["replay", "receipts", "--account", "dev", "--since", "1h"];
    until("its receipt was taken, and is not replayed", || {
        on(&dev, &replay).out.starts_with("1 receipts would be sent again")
    });
    let done = on(&dev, &[&replay[..], &["--yes", "1"]].concat());
    assert!(done.out.starts_with("1 receipts wait for dev"), "{done:?}");
    let queue = on(&dev, &["queue"]);
    assert!(queue.out.contains("account:dev"), "{queue:?}");
}

#[test]
fn a_backup_of_a_running_centre_becomes_a_data_directory() {
    let dev = Centre::dev();
    let id = sent(&dev, "385911234567");
    until("it does not arrive", || state(&dev, &id) == "DELIVRD");
    let backup = on(&dev, &["backup", "copy"]);
    assert_eq!(backup.status, 0, "{backup:?}");
    assert!(backup.out.contains("to use it:  chappe restore"), "{backup:?}");
    let again = on(&dev, &["backup", "copy"]);
    assert_eq!(again.status, 4, "{again:?}");

    let restored = dev.run(&["restore", "copy", "--data", "other"]);
    assert_eq!(restored.status, 0, "{restored:?}");
    assert!(dev.path().join("other/journal").is_dir());
    let twice = dev.run(&["restore", "copy", "--data", "other"]);
    assert_eq!(twice.status, 4, "{twice:?}");

    let segment = fs::read_dir(dev.path().join("copy/journal")).unwrap().next().unwrap().unwrap().path();
    let mut octets = fs::read(&segment).unwrap();
    octets[20] ^= 1;
    fs::write(&segment, octets).unwrap();
    let torn = dev.run(&["restore", "copy", "--data", "third"]);
    assert_eq!(torn.status, 4, "{torn:?}");
    assert!(!dev.path().join("third").exists());
}

#[test]
fn the_work_in_the_background_is_listed() {
    let dev = Centre::dev();
    until("it never runs", || on(&dev, &["workers"]).out.contains("expiry"));
    let objects = on(&dev, &["workers", "--json"]);
    let first: serde_json::Value = serde_json::from_str(objects.out.lines().next().unwrap()).unwrap();
    assert!(first["name"].is_string() && first["runs"].is_u64(), "{objects:?}");
}
