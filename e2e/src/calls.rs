//! What strace wrote down, read back: `strace -f -y -xx`, one call a line, torn in two where it blocked.

use std::collections::HashMap;

/// One finished system call.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Call {
    pub(crate) name: String,
    /// The descriptor with its path: `9</data/journal/1.seg>`; the first argument where it is none.
    pub(crate) place: String,
    /// The arguments that are not strings, as they are written: descriptors, flags, numbers.
    pub(crate) words: Vec<String>,
    /// The strings that are paths.
    pub(crate) paths: Vec<String>,
    /// The octets handed over.
    pub(crate) data: Vec<u8>,
    /// Whether strace left octets out.
    pub(crate) is_cut: bool,
    /// The lines of the trace on which it began and ended: an order that all threads share.
    pub(crate) began: usize,
    pub(crate) ended: usize,
    pub(crate) result: i64,
}

impl Call {
    /// The path behind a descriptor: `9</d/1>` is `/d/1`.
    pub(crate) fn path(&self) -> Option<&str> {
        path_of(&self.place)
    }

    /// Whether octets were handed over to a socket.
    pub(crate) fn is_send(&self) -> bool {
        let name = matches!(self.name.as_str(), "write" | "writev" | "sendto" | "sendmsg");
        name && self.result > 0 && (self.place.contains("<socket:") || self.place.contains("<TCP"))
    }

    /// What arrived of the octets handed over.
    pub(crate) fn done(&self) -> &[u8] {
        let count = usize::try_from(self.result).unwrap_or(0).min(self.data.len());
        &self.data[..count]
    }
}

/// The path of a descriptor as strace writes it.
pub(crate) fn path_of(word: &str) -> Option<&str> {
    word.split_once('<').map(|(_, path)| path.trim_end_matches('>'))
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

/// Calls that name files instead of handing octets over.
const BY_PATH: &[&str] = &[
    "open",
    "openat",
    "creat",
    "mkdir",
    "mkdirat",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "rmdir",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "truncate",
];

fn begin(text: &str, number: usize) -> Option<Call> {
    let (name, arguments) = text.split_once('(')?;
    let mut call = Call { name: name.to_owned(), began: number, ..Call::default() };
    let by_path = BY_PATH.contains(&name);
    let mut word = String::new();
    let mut rest = arguments;
    while let Some(at) = rest.find(['"', ',', ')', ' ']) {
        word.push_str(&rest[..at]);
        let mark = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        if mark == b'"' {
            let end = rest.find('"')?;
            let octets = octets(&rest[..end]);
            rest = &rest[end + 1..];
            call.is_cut |= rest.starts_with("...");
            if by_path {
                call.paths.push(String::from_utf8_lossy(&octets).into_owned());
            } else {
                call.data.extend(octets);
            }
        } else {
            push_word(&mut call.words, &mut word);
            if mark == b')' {
                break;
            }
        }
    }
    push_word(&mut call.words, &mut word);
    call.place = call.words.first().cloned().unwrap_or_default();
    Some(call)
}

fn push_word(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(plain(word));
        word.clear();
    }
}

/// The number behind the last ` = `; -1 where there is none.
fn result(text: &str) -> i64 {
    let behind = text.rsplit_once(" = ").map(|(_, behind)| behind);
    let number = behind.and_then(|behind| behind.split([' ', '<']).next()?.parse().ok());
    number.unwrap_or(-1)
}

/// With `-xx` every octet is `\xNN`.
fn octets(text: &str) -> Vec<u8> {
    let digit = |octet: u8| char::from(octet).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let octet = |four: &[u8]| Some(digit(four[2])? << 4 | digit(four[3])?);
    text.as_bytes().chunks_exact(4).filter_map(octet).collect()
}

/// A descriptor whose path may be written in octets, too.
fn plain(place: &str) -> String {
    match place.split_once('<') {
        Some((number, path)) if path.contains("\\x") => {
            let path = path.trim_end_matches("(deleted)").trim_end_matches('>');
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
            words: ["9</d/1.seg>", "2", "4096"].map(str::to_owned).to_vec(),
            data: b"ab".to_vec(),
            result: 2,
            ..Call::default()
        };
        assert_eq!(calls, [expected]);
        assert_eq!(calls[0].path(), Some("/d/1.seg"));
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

    #[test]
    fn paths_flags_and_the_new_descriptor_of_an_open_are_read() {
        let trace = "7 openat(AT_FDCWD<\\x2f>, \"\\x2f\\x61\", O_RDWR|O_CREAT, 0600) = 9<\\x2f\\x61>\n\
                     7 rename(\"\\x61\", \"\\x62\") = 0\n7 write(9<\\x2f\\x61>, \"\\x61\"..., 9) = 9\n";
        let calls = read(trace);
        assert_eq!((calls[0].paths[0].as_str(), calls[0].result), ("/a", 9));
        assert_eq!(calls[0].words, ["AT_FDCWD</>", "O_RDWR|O_CREAT", "0600"]);
        assert_eq!(calls[1].paths, ["a", "b"]);
        assert!(calls[2].is_cut && !calls[1].is_cut);
    }
}
