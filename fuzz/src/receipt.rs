//! Receipt texts, and the times of PDUs.

use sms_text::receipt::{self, Dates, Profile, ReadReceipt, Receipt, Stamp, State};
use sms_text::{Century, Time};

use crate::bytes::Bytes;

/// Reads `octets` as a receipt and as a time, and writes a receipt of them that must be read again.
pub fn receipt(octets: &[u8]) {
    read(octets);
    time(octets);
    written(octets);
}

/// A time is written with the digits it was read from, and its neighbours in time are computed without a panic.
fn time(octets: &[u8]) {
    let strict = Time::read_strict(octets, Century::PIVOT_38);
    let Some(time) = Time::read(octets) else {
        assert!(strict.is_err());
        return;
    };
    assert_eq!(strict.is_ok(), octets.len() == 16);
    match time {
        Time::Absolute { stamp, quarters, .. } => {
            assert_eq!(stamp.absolute(quarters)[..12], octets[..12]);
            let _ = time.utc();
        }
        Time::Relative(span) => {
            assert_eq!(span.octets()[..12], octets[..12]);
            let _ = (span.after(Stamp::default()), span.fixed_seconds());
        }
        Time::Local(stamp) => assert_eq!(stamp.digits(), octets),
    }
}

fn read(octets: &[u8]) {
    let Some(receipt) = receipt::read(octets) else {
        return;
    };
    let ReadReceipt { id, sub, dlvrd, submit_date, done_date, stat, err, text } = receipt;
    // Every value is lent from the text.
    for value in [id, sub, dlvrd, submit_date, done_date, stat, err, text].into_iter().flatten() {
        assert!(octets.as_ptr_range().contains(&value.as_ptr()) || value.is_empty());
        assert!(value.len() <= octets.len());
    }
    // What is read of them is read without a panic, whatever a carrier means by it.
    let profile = Profile::default();
    let _ = format!(
        "{:?} {:?} {:?}",
        profile.state(&receipt),
        profile.submitted(&receipt),
        profile.done(&receipt)
    );
    let id = id.unwrap_or_default();
    assert!(profile.is_same_id(id, id));
    let _ = format!("{:?} {:?} {:?}", receipt.state(), receipt.submitted(), receipt.done());
}

fn written(octets: &[u8]) {
    let mut bytes = Bytes::new(octets);
    let [sub, dlvrd] = [bytes.octet(), bytes.octet()].map(u16::from);
    let state = State::from_code(bytes.octet() % 10).unwrap_or_default();
    let dates = if bytes.octet().is_multiple_of(2) { Dates::Minutes } else { Dates::Seconds };
    let id: Vec<u8> =
        bytes.take(20).iter().map(|octet| b"0123456789abcdef"[usize::from(octet % 16)]).collect();
    let written = Receipt {
        id: &id,
        sub,
        dlvrd,
        submitted: Stamp::default(),
        done: Stamp::default(),
        dates,
        state,
        text: bytes.rest(),
        ..Receipt::default()
    };
    let mut out = Vec::new();
    written.write(&mut out);
    let read = receipt::read(&out).expect("what is written is a receipt");
    if !id.is_empty() {
        assert_eq!(read.id, Some(&id[..]));
        assert_eq!(read.state(), Some(state));
    }
}
