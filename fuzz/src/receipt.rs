//! Receipt texts, and the times of PDUs.

use sms_text::receipt::{self, Dates, ReadReceipt, Receipt, Stamp, State};
use sms_text::time::Time;

use crate::bytes::Bytes;

/// Reads `octets` as a receipt and as a time, and writes a receipt of them that must be read again.
pub fn receipt(octets: &[u8]) {
    read(octets);
    if let Some(time) = Time::read(octets) {
        assert!(octets.len() == 16 || octets.len() == 12, "{time:?}");
    }
    written(octets);
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
    // What is read of them is read without a panic.
    let _ = format!("{:?} {:?} {:?}", receipt.state(), receipt.submitted(), receipt.done());
}

fn written(octets: &[u8]) {
    let mut bytes = Bytes::new(octets);
    let [sub, dlvrd] = [bytes.octet(), bytes.octet()].map(u16::from);
    let state = State::from_code(bytes.octet() % 10).unwrap_or_default();
    let dates = if bytes.octet() % 2 == 0 { Dates::Minutes } else { Dates::Seconds };
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
