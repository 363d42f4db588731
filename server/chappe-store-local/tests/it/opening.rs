//! What an operator reads when a store does not open.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use chappe_store::Store;
use chappe_store_local::{LocalStore, OpenError, Settings};
use tempfile::TempDir;

use crate::bed::{Bed, settings};

fn open(folder: &TempDir) -> Result<LocalStore, OpenError> {
    LocalStore::open(&folder.path().join("data"), settings(chappe_store::Limits::default()))
}

#[test]
fn a_directory_in_use_is_named_with_its_holder() {
    let folder = TempDir::new().unwrap();
    let _held = open(&folder).unwrap();
    let refused = open(&folder).unwrap_err();
    let pid = std::process::id();
    assert!(matches!(refused, OpenError::InUse { pid: Some(holder), .. } if holder == pid), "{refused:?}");
    assert!(refused.to_string().contains(&format!("in use by process {pid}")), "{refused}");
}

#[test]
fn a_closed_store_frees_its_directory() {
    let folder = TempDir::new().unwrap();
    drop(open(&folder).unwrap());
    assert!(open(&folder).is_ok());
}

#[test]
fn only_its_owner_can_read_a_store() {
    let folder = TempDir::new().unwrap();
    let _store = open(&folder).unwrap();
    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("data"), mode("data/journal")), (0o700, 0o700));
    assert_eq!((mode("data/id.key"), mode("data/journal/0000000000000001.seg")), (0o600, 0o600));
}

#[test]
fn a_file_in_the_way_is_named() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("data"), "").unwrap();
    let refused = open(&folder).unwrap_err().to_string();
    assert!(refused.contains("data is not a directory"), "{refused}");
}

#[test]
fn a_key_that_is_missing_or_cut_is_refused() {
    let folder = TempDir::new().unwrap();
    let key = folder.path().join("data/id.key");
    drop(open(&folder).unwrap());
    let kept = fs::read(&key).unwrap();
    fs::write(&key, &kept[..31]).unwrap();
    assert!(matches!(open(&folder), Err(OpenError::KeyDamaged { octets: 31, .. })));
    fs::remove_file(&key).unwrap();
    assert!(matches!(open(&folder), Err(OpenError::KeyMissing { .. })));
    fs::write(&key, &kept).unwrap();
    set_mode(&key, 0o600);
    assert!(open(&folder).is_ok());
}

fn set_mode(path: &std::path::Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn keys_that_everybody_can_read_are_refused_with_what_to_run() {
    let folder = TempDir::new().unwrap();
    drop(open(&folder).unwrap());
    for name in ["id.key", "office.db"] {
        let path = folder.path().join("data").join(name);
        set_mode(&path, 0o644);
        let refused = open(&folder).unwrap_err();
        assert!(matches!(refused, OpenError::Exposed { mode: 0o644, .. }), "{refused:?}");
        assert!(refused.to_string().contains(&format!("chmod 600 {}", path.display())), "{refused}");
        set_mode(&path, 0o640);
        drop(open(&folder).unwrap());
        set_mode(&path, 0o600);
    }
    let data = folder.path().join("data");
    set_mode(&data, 0o777);
    let refused = open(&folder).unwrap_err();
    assert!(refused.to_string().contains(&format!("chmod 700 {}", data.display())), "{refused}");
}

#[test]
fn ids_are_the_same_after_a_start_and_others_in_another_store() {
    let (one, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let id = |folder: &TempDir| open(folder).unwrap().id(1);
    assert_eq!(id(&one), id(&one));
    assert_ne!(id(&one), id(&other));
}

#[test]
fn a_newer_format_is_refused_with_both_versions() {
    let mut bed = Bed::new(30);
    bed.close();
    let first = bed.disk.segments()[0].clone();
    bed.disk.overwrite(&first, 8, &[3]);
    let refused = bed.open().unwrap_err();
    assert!(matches!(refused, OpenError::Newer { found: 3, known: 2, .. }), "{refused:?}");
    let text = refused.to_string();
    assert!(text.contains("0000000000000001.seg was written in format 3"), "{text}");
    assert!(text.contains("start the newer version of chappe"), "{text}");
}

#[test]
fn a_segment_that_cannot_hold_the_largest_record_is_refused() {
    let folder = TempDir::new().unwrap();
    let settings = Settings { segment_octets: 1 << 20, ..Settings::default() };
    let refused = LocalStore::open(folder.path(), settings).unwrap_err();
    assert!(matches!(refused, OpenError::SegmentTooSmall { .. }), "{refused}");
}

#[test]
fn starts_leave_small_segments_behind_and_one_spare() {
    let mut bed = Bed::new(31);
    for _ in 0..5 {
        bed.accept(&[b"text"]);
        bed.close();
        bed.open().unwrap();
    }
    let small = bed.disk.segments().iter().filter(|path| bed.disk.read(path).len() < 5000).count();
    assert_eq!(small, 5, "{:?}", bed.disk.segments());
}
