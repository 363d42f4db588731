//! Journals of other versions, and segments that are not what they seem.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use chappe_core::{AccountId, LinkId, Target};
use chappe_store::{Limits, Scope, Store};
use chappe_store_local::{LocalStore, OpenError};
use tempfile::TempDir;

use crate::bed::{Bed, settings, soon};

/// Octets of a file, told one by one.
#[derive(Default)]
struct Octets(Vec<u8>);

impl Octets {
    fn raw(mut self, octets: &[u8]) -> Self {
        self.0.extend_from_slice(octets);
        self
    }

    fn u8(self, value: u8) -> Self {
        self.raw(&[value])
    }

    fn u16(self, value: u16) -> Self {
        self.raw(&value.to_le_bytes())
    }

    fn u32(self, value: u32) -> Self {
        self.raw(&value.to_le_bytes())
    }

    fn u64(self, value: u64) -> Self {
        self.raw(&value.to_le_bytes())
    }
}

const TIME: u64 = 1_700_000_000_000_000;

/// A record of version 1: kind, time, and what follows.
fn record(kind: u8) -> Octets {
    Octets::default().u8(kind).u64(TIME)
}

/// The body of a message of version 1, from ACME to 385911234567.
fn body(text: &[u8]) -> Vec<u8> {
    let length = u32::try_from(text.len()).unwrap();
    let fixed = Octets::default().raw(&[5, 0, 1, 1]).raw(&[0, 0, 0, 1, 0]).u64(0);
    let addresses = fixed.u8(4).raw(b"ACME").u8(12).raw(b"385911234567").u8(0);
    addresses.u32(length).raw(text).u32(0).0
}

/// Account `acme`, link `carrier`; messages 1 to 4: the first waits, the second left, the third was sent as `r3`, the
/// fourth is to be tried again in a long while.
fn records_of_version_1() -> Vec<Vec<u8>> {
    let mut accepted = record(2).u8(2).u32(1).u32(7).u64(1).u32(4);
    for text in [b"one", b"two", b"thr", b"fou"] {
        let body = body(text);
        let length = u32::try_from(body.len()).unwrap();
        accepted = accepted.u8(1).u32(1).u8(1).u64(0).u32(0).u32(length).raw(&body);
    }
    // Sequence numbers are zigzag differences: +2 is 4, +1 is 2.
    let intended = record(3).u8(1).u32(1).u32(3).raw(&[4, 2, 2]);
    let sent = record(4).u8(1).u32(1).u32(1).u8(6).u8(1).u8(2).raw(b"r3");
    let deferred = record(4).u8(1).u32(1).u32(1).u8(8).u8(2).u64(TIME * 2).u16(0).u8(1);
    vec![
        record(1).u8(1).u32(1).u32(4).raw(b"acme").0,
        record(1).u8(2).u32(1).u32(7).raw(b"carrier").0,
        accepted.0,
        intended.0,
        sent.0,
        deferred.0,
    ]
}

/// The first segment of a journal of version 1.
fn segment_of_version_1() -> Vec<u8> {
    let mut head =
        Octets::default().raw(b"chappe-j").u32(1).u32(0).u64(1).u64(1).u64(1).u64(0).u64(0).u64(0).0;
    let sum = crc32c::crc32c(&head);
    head[12..16].copy_from_slice(&sum.to_le_bytes());
    let mut file = head;
    file.resize(4096, 0);
    for record in records_of_version_1() {
        let (at, length) = (file.len() as u64, u32::try_from(record.len()).unwrap());
        let place = Octets::default().u64(1).u64(1).u64(at).u32(length).u32(0).0;
        let sum = crc32c::crc32c_append(crc32c::crc32c(&place), &record);
        file.extend(Octets::default().u32(length).u32(sum).u32(0).raw(&record).0);
        file.resize(file.len().next_multiple_of(8), 0);
    }
    file.resize(2 << 20, 0);
    file
}

#[test]
fn a_journal_of_version_1_opens_and_goes_on_in_version_2() {
    let folder = TempDir::new().unwrap();
    let journal = folder.path().join("journal");
    fs::create_dir(&journal).unwrap();
    let key = folder.path().join("id.key");
    fs::write(&key, [7; 32]).unwrap();
    fs::set_permissions(key, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(journal.join("0000000000000001.seg"), segment_of_version_1()).unwrap();
    for _ in 0..2 {
        let store = LocalStore::open(folder.path(), settings(Limits::default())).unwrap();
        assert_eq!(
            (store.account("acme").unwrap(), store.link("carrier").unwrap()),
            (AccountId(1), LinkId(1))
        );
        let stands = [1, 2, 3, 4].map(|sequence| store.query(Scope::All, store.id(sequence)).unwrap());
        assert_eq!(stands.map(|standing| standing.on_its_way), [false, true, false, false]);
        assert_eq!(stands.map(|standing| standing.sent), [false, false, true, false]);
        assert_eq!(stands[3].due.0, TIME * 2);
        let lease = store.lease(Target::Link(LinkId(1))).unwrap();
        let mut rows = Vec::new();
        for lane in store.lanes(&lease).unwrap() {
            store.window(&lease, &lane, None, store.now(), 9, &mut rows).unwrap();
        }
        let story = store.story(Scope::All, store.id(3)).unwrap().unwrap();
        let message = chappe_core::Message::read(&story.body).unwrap();
        assert_eq!((message.user_data, story.steps.len()), (&b"thr"[..], 3));
    }
    let second = fs::read(journal.join("0000000000000002.seg")).unwrap();
    assert_eq!((&second[..8], second[8]), (&b"chappe-j"[..], 2));
}

/// A closed store whose last segment is prepared and was never used: its place among the segments.
fn with_a_spare(seed: u64) -> (Bed, std::path::PathBuf) {
    let mut bed = Bed::new(seed);
    bed.accept(&[b"kept"]);
    soon(|| bed.disk.segments().len() == 2);
    bed.close();
    let spare = bed.disk.segments()[1].clone();
    assert!(bed.disk.read(&spare).iter().all(|octet| *octet == 0));
    (bed, spare)
}

#[test]
fn a_spare_whose_first_page_is_zero_may_be_full_of_old_records() {
    let (mut bed, spare) = with_a_spare(40);
    let old = bed.disk.read(&bed.disk.segments()[0])[4096..].to_vec();
    bed.disk.overwrite(&spare, 4096, &old);
    bed.open().unwrap();
    assert_eq!(bed.waiting(), [1]);
    // It is the segment in use; its old records are none of it, also when the power fails.
    bed.accept(&[b"more"]);
    for _ in 0..3 {
        bed.reopen();
        assert_eq!(bed.waiting(), [1, 2]);
    }
}

/// The next segment is prepared as soon as the one before is taken, and may be ready before that one's header is.
#[test]
fn a_second_spare_may_stand_behind_the_first() {
    let (mut bed, spare) = with_a_spare(43);
    let next = spare.with_file_name("0000000000000003.seg");
    bed.disk.put(&next, &vec![0; bed.disk.read(&spare).len()]);
    bed.open().unwrap();
    assert_eq!(bed.waiting(), [1]);
    bed.accept(&[b"more"]);
    bed.reopen();
    assert_eq!(bed.waiting(), [1, 2]);
}

#[test]
fn a_last_segment_whose_header_was_lost_is_no_spare() {
    for lost in [0..4096_usize, 0..8, 70..71] {
        let mut bed = Bed::new(41);
        bed.accept(&[b"first"]);
        bed.reopen();
        bed.accept(&[b"second"]);
        bed.lose_power();
        let last = bed.disk.segments()[1].clone();
        let flipped: Vec<u8> = bed.disk.read(&last)[lost.clone()].iter().map(|octet| octet ^ 1).collect();
        let new = if lost.len() > 8 { vec![0; lost.len()] } else { flipped };
        bed.disk.overwrite(&last, lost.start, &new);
        if bed.disk.segments().len() > 2 {
            chappe_store_local::disk::Disk::remove(&bed.disk, &bed.disk.segments()[2].clone()).unwrap();
        }
        let refused = bed.open().unwrap_err();
        assert!(
            matches!(&refused, OpenError::Damaged { path, offset: 0, .. } if *path == last),
            "{lost:?}: {refused}"
        );
        let text = refused.to_string();
        assert!(text.contains("0000000000000002.seg") && text.contains("restore the directory"), "{text}");
    }
}

#[test]
fn a_first_segment_that_is_missing_is_refused() {
    let mut bed = Bed::new(42);
    bed.accept(&[b"first"]);
    bed.reopen();
    bed.close();
    let first = bed.disk.segments()[0].clone();
    chappe_store_local::disk::Disk::remove(&bed.disk, &first).unwrap();
    let refused = bed.open().unwrap_err().to_string();
    assert!(refused.contains("segment 0000000000000001 is missing"), "{refused}");
}
