//! The order of G1 in a trace: record written, file synced, then the answer.

use std::collections::HashMap;

use crate::calls::Call;
use crate::frame::{self, id};

/// What a trace shows.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Order {
    /// submit_sm_resp with status OK that left.
    pub(crate) answers: usize,
    pub(crate) syncs: usize,
    /// Answers that left before an fdatasync had covered their record, each with its reason.
    pub(crate) uncovered: Vec<String>,
}

/// The text of the submit_sm with this sequence number, by which its record is known in the journal.
pub(crate) fn mark(sequence: u32) -> String {
    format!("{MARK}{sequence:0MARK_DIGITS$}")
}

/// Judges a trace of messages whose texts are their [`mark`]s; files below `data` are the journal.
pub(crate) fn judge(calls: &[Call], data: &str) -> Order {
    let records = records(calls, data);
    let syncs: Vec<&Call> = calls.iter().filter(|call| is_sync(call) && in_folder(call, data)).collect();
    let mut order = Order { syncs: syncs.len(), ..Order::default() };
    for (sequence, left) in answers(calls) {
        order.answers += 1;
        let Some(record) = records.get(&sequence) else {
            order.uncovered.push(format!("answer #{sequence}: no write below {data} holds its record"));
            continue;
        };
        let covers =
            |sync: &&&Call| sync.place == record.place && sync.began > record.ended && sync.ended < left;
        if record.ended >= left {
            order.uncovered.push(format!("answer #{sequence} left before its record was written"));
        } else if !syncs.iter().any(|sync| covers(&sync)) {
            order.uncovered.push(format!("answer #{sequence} left before an fdatasync covered its record"));
        }
    }
    order
}

/// The first write to the journal that holds each record.
fn records<'a>(calls: &'a [Call], data: &str) -> HashMap<u32, &'a Call> {
    let mut found = HashMap::new();
    for call in calls.iter().filter(|call| is_write(call) && in_folder(call, data)) {
        for sequence in marked(&call.data) {
            found.entry(sequence).or_insert(call);
        }
    }
    found
}

/// The sequence numbers of all marks in some octets.
fn marked(data: &[u8]) -> impl Iterator<Item = u32> {
    let is_mark = |window: &&[u8]| window.starts_with(MARK.as_bytes());
    let number = |window: &[u8]| std::str::from_utf8(&window[MARK.len()..]).ok()?.parse().ok();
    data.windows(MARK.len() + MARK_DIGITS).filter(is_mark).filter_map(number)
}

/// Sequence number of each OK answer, and the line on which the call began that sent its last octet.
fn answers(calls: &[Call]) -> Vec<(u32, usize)> {
    let mut streams: HashMap<&str, Vec<u8>> = HashMap::new();
    let mut sends: Vec<&Call> = calls.iter().filter(|call| call.is_send()).collect();
    sends.sort_by_key(|call| call.began);
    let mut found = Vec::new();
    for call in sends {
        let stream = streams.entry(&call.place).or_default();
        stream.extend_from_slice(call.done());
        let Ok((frames, used)) = frame::cut(stream) else {
            continue;
        };
        stream.drain(..used);
        let ok = frames.iter().filter(|frame| frame.id == id::SUBMIT_SM_RESP && frame.status == 0);
        found.extend(ok.map(|frame| (frame.sequence, call.began)));
    }
    found
}

fn is_write(call: &Call) -> bool {
    matches!(call.name.as_str(), "write" | "pwrite64" | "writev" | "pwritev" | "pwritev2") && call.result > 0
}

fn is_sync(call: &Call) -> bool {
    matches!(call.name.as_str(), "fdatasync" | "fsync") && call.result == 0
}

fn in_folder(call: &Call, data: &str) -> bool {
    call.place.split_once('<').is_some_and(|(_, path)| path.starts_with(data))
}

const MARK: &str = "trace ";
const MARK_DIGITS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Frame;

    fn call(name: &str, place: &str, data: &[u8], began: usize, ended: usize) -> Call {
        let result = i64::try_from(data.len()).expect("a short test");
        Call {
            name: name.to_owned(),
            place: place.to_owned(),
            data: data.to_vec(),
            began,
            ended,
            result,
            ..Call::default()
        }
    }

    fn answer(began: usize) -> Call {
        let frame = Frame { id: id::SUBMIT_SM_RESP, status: 0, sequence: 2, body: b"7\0".to_vec() };
        call("sendto", "5<socket:[1]>", &frame.to_bytes(), began, began)
    }

    fn judged(calls: &[Call]) -> Order {
        judge(calls, "/d")
    }

    #[test]
    fn written_synced_answered_is_the_order() {
        let calls = [
            call("pwrite64", "9</d/1>", b"..trace 000002..", 0, 0),
            call("fdatasync", "9</d/1>", b"", 1, 3),
            answer(4),
        ];
        assert_eq!(judged(&calls), Order { answers: 1, syncs: 1, uncovered: vec![] });
    }

    #[test]
    fn an_answer_without_or_before_the_sync_is_uncovered() {
        let write = call("write", "9</d/1>", b"trace 000002", 0, 0);
        let text = "answer #2 left before an fdatasync covered its record";
        for sync in [
            call("fdatasync", "9</d/1>", b"", 1, 5),
            call("fdatasync", "8</d/0>", b"", 1, 2),
            call("fdatasync", "9</elsewhere>", b"", 1, 2),
        ] {
            assert_eq!(judged(&[write.clone(), sync, answer(4)]).uncovered, [text]);
        }
        assert_eq!(judged(&[write, answer(4)]).uncovered, [text]);
    }

    #[test]
    fn a_sync_that_began_before_the_write_had_ended_does_not_cover_it() {
        let calls = [
            call("fdatasync", "9</d/1>", b"", 0, 2),
            call("write", "9</d/1>", b"trace 000002", 1, 1),
            answer(4),
        ];
        assert_eq!(judged(&calls).uncovered.len(), 1);
    }

    #[test]
    fn an_answer_whose_record_was_never_written_is_uncovered() {
        assert_eq!(judged(&[answer(4)]).uncovered, ["answer #2: no write below /d holds its record"]);
    }
}
