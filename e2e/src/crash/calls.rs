//! What strace wrote down, read back: `strace -f -y -xx`, one call a line, torn in two where it blocked.

use std::collections::HashMap;

/// One finished system call on a file or socket.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Call {
    pub(crate) name: String,
    /// The descriptor with its path: `9</data/journal/1.seg>`.
    pub(crate) place: String,
    /// The octets handed over.
    pub(crate) data: Vec<u8>,
    /// The lines of the trace on which it began and ended: an order that all threads share.
    pub(crate) began: usize,
    pub(crate) ended: usize,
    pub(crate) result: i64,
}

/// Every finished call in the order of its end.
pub(crate) fn read(trace: &str) -> Vec<Call> {
    let mut open: HashMap<&str, Call> = HashMap::new();
    let mut calls = Vec::new();
    for (number, line) in trace.lines().enumerate() {
        let Some((thread, rest)) = line.split_once(' ') else {
            continue;
        };
        let rest = rest.trim_start();
        if rest.starts_with("<... ") {
            let Some(mut call) = open.remove(thread) else {
                continue;
            };
            call.ended = number;
            call.result = result(rest);
            calls.push(call);
        } else if let Some(call) = begin(rest, number) {
            if rest.ends_with("<unfinished ...>") {
                open.insert(thread, call);
            } else {
                calls.push(Call { ended: number, result: result(rest), ..call });
            }
        }
    }
    calls
}

fn begin(text: &str, number: usize) -> Option<Call> {
    let (name, arguments) = text.split_once('(')?;
    let end = arguments.find([',', ')', ' ']).unwrap_or(arguments.len());
    let place = plain(&arguments[..end]);
    let data = quoted(arguments);
    Some(Call { name: name.to_owned(), place, data, began: number, ..Call::default() })
}

/// The number behind the last ` = `; -1 where there is none.
fn result(text: &str) -> i64 {
    let behind = text.rsplit_once(" = ").map(|(_, behind)| behind);
    behind.and_then(|behind| behind.split_whitespace().next()?.parse().ok()).unwrap_or(-1)
}

/// All quoted strings in a row; with `-xx` every octet is `\xNN`.
fn quoted(text: &str) -> Vec<u8> {
    text.split('"').skip(1).step_by(2).flat_map(octets).collect()
}

fn octets(text: &str) -> Vec<u8> {
    text.split("\\x").skip(1).filter_map(|digits| u8::from_str_radix(digits.get(..2)?, 16).ok()).collect()
}

/// A descriptor whose path may be written in octets, too.
fn plain(place: &str) -> String {
    match place.split_once('<') {
        Some((number, path)) if path.contains("\\x") => {
            format!("{number}<{}>", String::from_utf8_lossy(&octets(path)))
        }
        _ => place.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_on_one_line_is_read_whole() {
        let calls = read("77 pwrite64(9</d/1.seg>, \"\\x61\\x62\", 2, 4096) = 2\n");
        let expected = Call {
            name: "pwrite64".to_owned(),
            place: "9</d/1.seg>".to_owned(),
            data: b"ab".to_vec(),
            began: 0,
            ended: 0,
            result: 2,
        };
        assert_eq!(calls, [expected]);
    }

    #[test]
    fn a_torn_call_has_the_lines_of_both_halves() {
        let trace = "7 fdatasync(9<\\x2f\\x64> <unfinished ...>\n8 write(4<\\x73>, \"\", 0) = 0\n\
                     7 <... fdatasync resumed>)      = 0\n";
        let calls = read(trace);
        assert_eq!((calls[1].began, calls[1].ended, calls[1].place.as_str()), (0, 2, "9</d>"));
        assert_eq!(calls[0].place, "4<s>");
    }

    #[test]
    fn the_parts_of_a_vector_are_joined_and_an_error_has_no_octets_written() {
        let trace = "7 writev(5<socket:[1]>, [{iov_base=\"\\x61\", iov_len=1}, {iov_base=\"\\x62\", iov_len=1}], 2) = -1 EAGAIN (x)\n";
        let calls = read(trace);
        assert_eq!((calls[0].data.as_slice(), calls[0].result), (b"ab".as_slice(), -1));
    }
}
