//! Records of the store: a damaged one that still has its sum is refused, never a panic.

use chappe_store::record::Record;

/// Reads `octets` as a record and looks at each of its events.
pub fn record(octets: &[u8]) {
    let Ok(record) = Record::read(octets) else {
        return;
    };
    let mut told = 0_usize;
    let end = record.each(|event| {
        told += 1;
        let _ = format!("{event:?}");
    });
    let mut again = 0;
    assert_eq!(record.each(|_| again += 1), end);
    assert_eq!(told, again);
    let mut bodies = 0_usize;
    if record.bodies(|_| bodies += 1).is_ok() && end.is_ok() {
        assert!(bodies <= told);
    }
}
