//! Backups that are taken under load, restored, and compared; and what is no backup.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use chappe_store::{Control, Effects, Kind, Limits, Scope, Settled, Settlement, Standing, Store, Waiter};
use chappe_store_local::{CopyError, LocalStore, OpenError, restore};
use tempfile::TempDir;

use crate::bed::{TO_CARRIER, settings, soon, try_accept};

fn silent() -> impl FnMut(u64, u64) {
    |_, _| {}
}

fn open(path: &Path) -> LocalStore {
    LocalStore::open(path, settings(Limits::default())).unwrap_or_else(|error| panic!("{error}"))
}

fn accept(store: &LocalStore, text: &[u8]) -> u64 {
    let (ticket, accepted) = try_accept(store, &[text]).unwrap();
    soon(|| store.durable() >= ticket);
    accepted[0].sequence
}

fn standing(store: &LocalStore, sequence: u64) -> Option<Standing> {
    store.query(Scope::All, store.id(sequence))
}

/// A folder with a store at `data` and a backup of it at `backup`.
fn backed_up() -> (TempDir, PathBuf, PathBuf) {
    let folder = TempDir::new().unwrap();
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    let store = open(&data);
    for _ in 0..10 {
        accept(&store, &[b'x'; 1000]);
    }
    store.backup(&backup, &mut silent()).unwrap();
    (folder, data, backup)
}

#[test]
fn a_backup_under_load_restores_every_message_that_was_acknowledged_before_it() {
    let folder = TempDir::new().unwrap();
    let (data, backup, back) =
        (folder.path().join("data"), folder.path().join("backup"), folder.path().join("back"));
    let store = open(&data);
    let before: Vec<u64> = (0..200).map(|_| accept(&store, &[b'x'; 7000])).collect();
    let (stop, accepted) = (AtomicBool::new(false), AtomicUsize::new(0));
    let taken = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                accept(&store, &[b'y'; 7000]);
                accepted.fetch_add(1, Ordering::Relaxed);
            }
        });
        soon(|| accepted.load(Ordering::Relaxed) > 0);
        let mut told = Vec::new();
        let taken = store.backup(&backup, &mut |done, total| told.push((done, total))).unwrap();
        stop.store(true, Ordering::Relaxed);
        assert_eq!(told.last().map(|(done, total)| done == total), Some(true), "{told:?}");
        assert!(told.is_sorted(), "{told:?}");
        taken
    });
    assert!(taken.octets > 200 * 7000 && taken.segments > 1, "{taken:?}");

    let restored = restore(&backup, &back, &mut silent()).unwrap();
    assert!(restored.records >= 200, "{restored:?}");
    let again = open(&back);
    for sequence in before {
        let (was, is) = (standing(&store, sequence).unwrap(), standing(&again, sequence).unwrap());
        // It may have been sent since.
        assert_eq!(is, Standing { on_its_way: true, kind: Kind::OnItsWay, ..was });
    }
}

#[test]
fn a_backup_and_what_is_restored_are_for_their_owner_only() {
    let (folder, _, backup) = backed_up();
    let back = folder.path().join("back");
    restore(&backup, &back, &mut silent()).unwrap();
    for root in [&backup, &back] {
        for (name, expected) in [
            ("", 0o700),
            ("journal", 0o700),
            ("id.key", 0o600),
            ("office.db", 0o600),
            ("format", 0o600),
            ("journal/0000000000000001.seg", 0o600),
        ] {
            let mode = fs::metadata(root.join(name)).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, expected, "{name}");
        }
    }
}

#[test]
fn a_target_that_is_not_empty_is_refused_and_left_as_it_is() {
    let (folder, data, backup) = backed_up();
    let full = folder.path().join("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("precious"), "").unwrap();
    let refused = restore(&backup, &full, &mut silent()).unwrap_err();
    assert!(matches!(refused, CopyError::NotEmpty { .. }), "{refused}");
    let refused = open(&data).backup(&full, &mut silent()).unwrap_err();
    assert!(matches!(refused, CopyError::NotEmpty { .. }), "{refused}");
    assert_eq!(fs::read_dir(&full).unwrap().count(), 1);
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    restore(&backup, &empty, &mut silent()).unwrap();
    open(&empty);
}

#[test]
fn any_changed_missing_or_added_file_is_named_and_nothing_is_restored() {
    let (folder, _, backup) = backed_up();
    let back = folder.path().join("back");
    let refuse = |what: &str| {
        let refused = restore(&backup, &back, &mut silent()).unwrap_err();
        assert!(matches!(refused, CopyError::Damaged { .. }), "{refused}");
        assert!(refused.to_string().contains(what), "{refused}");
        assert!(!back.exists() && !folder.path().join("back.new").exists());
    };
    for name in ["journal/0000000000000001.seg", "id.key", "office.db", "format"] {
        let path = backup.join(name);
        let kept = fs::read(&path).unwrap();
        let mut flipped = kept.clone();
        flipped[kept.len() / 2] ^= 4;
        fs::write(&path, flipped).unwrap();
        refuse(name);
        fs::write(&path, &kept[..kept.len() - 1]).unwrap();
        refuse(name);
        fs::remove_file(&path).unwrap();
        refuse(name);
        fs::write(&path, kept).unwrap();
    }
    let foreign = backup.join("journal/0000000000000009.seg");
    fs::copy(backup.join("journal/0000000000000001.seg"), &foreign).unwrap();
    refuse("0000000000000009.seg");
    fs::remove_file(foreign).unwrap();
    restore(&backup, &back, &mut silent()).unwrap();
}

#[test]
fn what_is_no_backup_is_told_apart() {
    let (folder, data, backup) = backed_up();
    let back = folder.path().join("back");
    let refused = restore(&data, &back, &mut silent()).unwrap_err().to_string();
    assert!(refused.contains("looks like a data directory"), "{refused}");
    let refused = restore(&folder.path().join("nowhere"), &back, &mut silent()).unwrap_err().to_string();
    assert!(refused.contains("there is no such directory"), "{refused}");
    let manifest = backup.join("manifest");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("format 1", "format 2")).unwrap();
    let refused = restore(&backup, &back, &mut silent()).unwrap_err();
    assert!(matches!(refused, CopyError::Newer { found: 2, known: 1 }), "{refused}");
    fs::remove_file(&manifest).unwrap();
    fs::write(backup.join("unfinished"), "").unwrap();
    let refused = restore(&backup, &back, &mut silent()).unwrap_err();
    assert!(matches!(refused, CopyError::Unfinished { .. }), "{refused}");
}

#[test]
fn a_backup_is_not_opened_by_mistake() {
    let (_folder, _, backup) = backed_up();
    let refused = LocalStore::open(&backup, settings(Limits::default())).unwrap_err();
    assert!(matches!(refused, OpenError::IsABackup { .. }), "{refused}");
}

#[test]
fn a_backup_that_was_cut_short_is_none_and_the_next_one_takes_its_place() {
    let (folder, data, _) = backed_up();
    let (cut, aside) = (folder.path().join("cut"), folder.path().join("cut.new"));
    let store = open(&data);
    for _ in 0..500 {
        let (_, accepted) = try_accept(&store, &[&[b'z'; 8000]]).unwrap();
        assert_eq!(accepted.len(), 1);
    }
    accept(&store, b"the last");
    // The process ends at each word of progress in turn: what is there then is copied away.
    let mut found = Vec::new();
    let mut at = 0;
    let taken = store.backup(&cut, &mut |_, _| {
        at += 1;
        let left = folder.path().join(format!("left-{at}"));
        fs::create_dir(&left).unwrap();
        for entry in fs::read_dir(&aside).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, left.join(path.file_name().unwrap())).unwrap();
            }
        }
        found.push(left);
    });
    // The manifest is written before the last word of progress; until then nothing restores.
    taken.unwrap();
    found.pop();
    assert!(found.len() > 2, "it was looked at {} times", found.len());
    for left in &found {
        let refused = restore(left, &folder.path().join("back"), &mut silent()).unwrap_err();
        assert!(matches!(refused, CopyError::Unfinished { .. }), "{refused}");
    }
    fs::rename(&cut, &aside).unwrap();
    fs::remove_file(aside.join("manifest")).unwrap();
    fs::write(aside.join("unfinished"), "").unwrap();
    store.backup(&cut, &mut silent()).unwrap();
    assert!(!aside.exists());
    restore(&cut, &folder.path().join("back"), &mut silent()).unwrap();
}

#[test]
fn a_restored_store_takes_what_waits_for_in_doubt_and_gives_out_no_number_twice() {
    let (folder, data, backup) = backed_up();
    let back = folder.path().join("back");
    let original = open(&data);
    let after: Vec<u64> = (0..5).map(|_| accept(&original, b"after the backup")).collect();
    restore(&backup, &back, &mut silent()).unwrap();
    for _ in 0..2 {
        let again = open(&back);
        let lease = again.lease(TO_CARRIER).unwrap();
        let unknown: Vec<u64> = again.unknown(&lease).unwrap().iter().map(|row| row.sequence).collect();
        assert_eq!(unknown, (1..=10).collect::<Vec<_>>());
        let new = accept(&again, b"new");
        assert!(new > after[4] + 86_400 * 1_000_000, "{new}");
        assert!(standing(&again, after[0]).is_none());
        // It is taken out again, so that the second start sees the same.
        let cancelled =
            again.cancel(Scope::All, again.id(new), &mut Effects::default(), &Waiter::new(|| {})).unwrap();
        assert!(matches!(cancelled, Control::Done(ticket) if { soon(|| again.durable() >= ticket); true }));
    }
    // What was settled since stays settled: the doubt is written once.
    let again = open(&back);
    let lease = again.lease(TO_CARRIER).unwrap();
    let rows: Vec<_> = again.unknown(&lease).unwrap();
    let settle = |row: &chappe_store::Row| Settlement {
        sequence: row.sequence,
        what: Settled::Sent { remote: row.sequence.to_string().into_bytes().into() },
    };
    let batch: Vec<_> = rows.iter().map(settle).collect();
    let ticket = again.settle(&lease, &batch, &mut Effects::default()).unwrap();
    soon(|| again.durable() >= ticket);
    drop(again);
    let again = open(&back);
    let lease = again.lease(TO_CARRIER).unwrap();
    assert!(again.unknown(&lease).unwrap().is_empty());
    assert!((1..=10).all(|sequence| standing(&again, sequence).unwrap().sent));
}
