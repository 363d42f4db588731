//! Where records meet the ends of segments, and where the journal's own end is torn.

use chappe_store::Store;
use chappe_store_local::OpenError;

use crate::bed::{Bed, SEGMENT};

const FIRST_RECORD: u64 = 4096;

/// Octets on the disk of one message with a text of this length: measured, then reckoned.
fn on_disk(bed: &Bed, length: usize) -> u64 {
    let before = bed.store().counts().written;
    bed.accept(&[&vec![b'x'; length]]);
    bed.store().counts().written - before
}

/// Leaves `left` octets in the present segment.
fn fill_up_to(bed: &Bed, left: u64) {
    const TEXT: usize = 4093;
    // Texts that differ by less than the alignment may take the same room: begin where one more octet takes more.
    let (mut base, size) = (TEXT, on_disk(bed, TEXT));
    while on_disk(bed, base + 1) == size {
        base += 1;
    }
    loop {
        let room = SEGMENT - FIRST_RECORD - bed.store().counts().written;
        let more = room - left;
        if more == 0 {
            return;
        }
        assert_eq!(more % 8, 0);
        let take = if more >= 3 * size {
            size
        } else if more > size + 2048 {
            more / 16 * 8
        } else {
            more
        };
        let length = base + usize::try_from(take).unwrap() - usize::try_from(size).unwrap();
        assert_eq!(on_disk(bed, length), take);
    }
}

#[test]
fn every_record_at_a_segments_edge_survives() {
    // The record before ends exactly at the edge, or up to two frames before it; the next one fits or does not, by octets.
    for left in [0, 8, 16, 24, 32, 200] {
        for length in [1_usize, 8, 20, 60] {
            let mut bed = Bed::new(left + 3);
            fill_up_to(&bed, left);
            let (lower, upper) = (length.saturating_sub(12), length + 12);
            let mut last = Vec::new();
            for length in [lower, length, upper] {
                last.extend(bed.accept(&[&vec![b'y'; length]]));
            }
            let all = bed.waiting();
            assert_eq!(all.len() as u64, *last.last().unwrap(), "left {left}, length {length}");
            bed.reopen();
            assert_eq!(bed.waiting(), all, "left {left}, length {length}");
            bed.accept(&[b"more"]);
            bed.reopen();
            assert_eq!(bed.waiting().len(), all.len() + 1, "left {left}, length {length}");
        }
    }
}

#[test]
fn a_record_that_ends_exactly_at_the_edge_survives_with_twelve_octets_more_or_less() {
    for length in 40..=64_usize {
        let mut bed = Bed::new(length as u64);
        let size = on_disk(&bed, 52);
        fill_up_to(&bed, size);
        bed.accept(&[&vec![b'y'; length]]);
        bed.accept(&[b"after"]);
        let all = bed.waiting();
        bed.reopen();
        assert_eq!(bed.waiting(), all, "length {length}");
    }
}

#[test]
fn a_tail_torn_at_any_octet_costs_the_torn_record_only() {
    let bed = Bed::new(5);
    let kept = bed.accept(&[b"one", b"two"]);
    let start = usize::try_from(FIRST_RECORD + bed.store().counts().written).unwrap();
    bed.accept(&[b"torn"]);
    let end = usize::try_from(FIRST_RECORD + bed.store().counts().written).unwrap();
    let segment = bed.disk.segments()[0].clone();
    let whole = bed.disk.read(&segment)[start..end].to_vec();
    let written = whole.iter().rposition(|octet| *octet != 0).unwrap() + 1;
    for cut in 0..whole.len() {
        let mut copy = bed.copy();
        let segment = copy.disk.segments()[0].clone();
        copy.disk.overwrite(&segment, start + cut, &vec![0; whole.len() - cut]);
        copy.open().unwrap_or_else(|error| panic!("cut at {cut}: {error}"));
        let expected = if cut >= written { 3 } else { kept.len() };
        assert_eq!(copy.waiting().len(), expected, "cut at {cut}");
        // Its sequence number may be given again; nothing of the torn record comes back.
        copy.accept(&[b"new"]);
        copy.reopen();
        assert_eq!(copy.waiting().len(), expected + 1, "cut at {cut}");
    }
}

#[test]
fn a_flipped_bit_before_the_last_commit_is_refused_with_its_place() {
    let bed = Bed::new(6);
    bed.accept(&[b"first"]);
    let start = usize::try_from(FIRST_RECORD + bed.store().counts().written).unwrap();
    bed.accept(&[b"second"]);
    let end = usize::try_from(FIRST_RECORD + bed.store().counts().written).unwrap();
    bed.accept(&[b"third"]);
    let segment = bed.disk.segments()[0].clone();
    let octets = bed.disk.read(&segment);
    let last = octets[..end].iter().rposition(|octet| *octet != 0).unwrap();
    for (at, octet) in octets.iter().enumerate().take(last + 1).skip(start) {
        let mut copy = bed.copy();
        let segment = copy.disk.segments()[0].clone();
        copy.disk.overwrite(&segment, at, &[octet ^ 4]);
        match copy.open() {
            Err(OpenError::Damaged { path, offset, .. }) => {
                assert_eq!((path, offset), (segment, start as u64), "{at}")
            }
            other => panic!("octet {at}: {other:?}"),
        }
    }
}

#[test]
fn a_flipped_bit_in_a_segment_that_another_follows_is_refused_with_its_place() {
    let mut bed = Bed::new(7);
    bed.accept(&[b"only"]);
    bed.reopen();
    let segment = bed.disk.segments()[0].clone();
    let octets = bed.disk.read(&segment);
    let mut copy = bed.copy();
    let segment = copy.disk.segments()[0].clone();
    copy.disk.overwrite(&segment, 4096 + 30, &[octets[4096 + 30] ^ 1]);
    let refused = copy.open();
    assert!(matches!(&refused, Err(OpenError::Damaged { offset: 4096, .. })), "{refused:?}");
    let text = refused.unwrap_err().to_string();
    assert!(text.contains("0000000000000001.seg") && text.contains("octet 4096"), "{text}");
}

#[test]
fn a_missing_segment_is_refused() {
    let mut bed = Bed::new(8);
    for _ in 0..2 {
        bed.accept(&[b"text"]);
        bed.reopen();
    }
    bed.close();
    let middle = bed.disk.segments()[1].clone();
    chappe_store_local::disk::Disk::remove(&bed.disk, &middle).unwrap();
    assert!(matches!(bed.open(), Err(OpenError::Damaged { .. })));
}

#[test]
fn an_old_tail_never_returns() {
    let mut bed = Bed::new(9);
    bed.accept(&[b"of the first start"]);
    let old = bed.disk.read(&bed.disk.segments()[0])[4096..].to_vec();
    bed.reopen();
    let kept = bed.accept(&[b"of the second start"]);
    let size = usize::try_from(bed.store().counts().written).unwrap();
    bed.lose_power();
    // The place behind the last record holds what an earlier epoch wrote there, as in a recycled segment.
    let second = bed.disk.segments()[1].clone();
    bed.disk.overwrite(&second, 4096 + size, &old[..size.min(old.len())]);
    bed.open().unwrap();
    assert_eq!(bed.waiting(), [1, kept[0]]);
}

#[test]
fn a_story_spans_segments_and_starts() {
    let mut bed = Bed::new(10);
    let first = bed.accept(&[b"first"])[0];
    fill_up_to(&bed, 0);
    let later = bed.accept(&[b"later"])[0];
    bed.reopen();
    let newest = bed.accept(&[b"newest"])[0];
    for (sequence, text) in [(first, "first"), (later, "later"), (newest, "newest")] {
        let story = bed.store().story(chappe_store::Scope::All, bed.store().id(sequence)).unwrap().unwrap();
        let message = chappe_core::Message::read(&story.body).unwrap();
        assert_eq!(message.user_data, text.as_bytes());
    }
}
