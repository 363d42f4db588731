//! Which check is for which kind of vector.

use std::panic::{self, AssertUnwindSafe};

use anyhow::{Context, Result, anyhow};

use crate::vector::Vector;
use crate::{alphabet, counts, header, packing, pdu, receipt, split, time};

type Check = fn(&Vector) -> Result<()>;

const KINDS: &[(&str, Check)] = &[
    ("pdu", pdu::pdu),
    ("stream", pdu::stream),
    ("gsm7", alphabet::gsm7),
    ("gsm7_national", alphabet::gsm7),
    ("ucs2", alphabet::ucs2),
    ("latin1", alphabet::latin1),
    ("ascii", alphabet::ascii),
    ("iso8859_5", alphabet::iso8859_5),
    ("iso8859_8", alphabet::iso8859_8),
    ("gsm7_packed", packing::gsm7_packed),
    ("septets", packing::septets),
    ("gsm7_check", counts::gsm7_check),
    ("septet_count", counts::septet_count),
    ("part_count", counts::part_count),
    ("split_text", split::text),
    ("split_packed", split::packed),
    ("split_octets", split::octets),
    ("udh", header::udh),
    ("time", time::time),
    ("receipt", receipt::receipt),
];

/// Checks one line of a file; an error names the vector.
pub(crate) fn check(number: usize, line: &str) -> Result<()> {
    let vector = Vector::read(line).with_context(|| format!("line {number}"))?;
    let name = || format!("{} {}", vector.id(), vector.kind());
    let (_, check) = KINDS
        .iter()
        .find(|(kind, _)| *kind == vector.kind())
        .ok_or_else(|| anyhow!("a kind that is not known"))
        .with_context(name)?;
    // A panic is a failure of one vector; the others are still run.
    panic::catch_unwind(AssertUnwindSafe(|| check(&vector)))
        .unwrap_or_else(|_| Err(anyhow!("panicked")))
        .with_context(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(line: &str) -> String {
        check(7, line).map_or_else(|failure| format!("{failure:#}"), |()| "passed".to_owned())
    }

    #[test]
    fn a_vector_passes_and_a_wrong_one_does_not() {
        let right = r#"{"id":"t1","kind":"gsm7","expect":"ok","text":"€","hex":"1b65","direction":"both"}"#;
        assert_eq!(failure(right), "passed");
        let wrong = right.replace("1b65", "1b66");
        assert!(failure(&wrong).starts_with("t1 gsm7: encode: "), "{}", failure(&wrong));
    }

    #[test]
    fn a_kind_that_is_not_known_is_a_failure() {
        assert_eq!(
            failure(r#"{"id":"x1","kind":"dreams","expect":"ok"}"#),
            "x1 dreams: a kind that is not known"
        );
    }

    #[test]
    fn a_line_that_is_no_vector_is_a_failure() {
        assert!(failure("{").starts_with("line 7: "));
    }

    #[test]
    fn a_vector_that_lacks_what_its_kind_needs_is_a_failure() {
        assert_eq!(
            failure(r#"{"id":"t2","kind":"ucs2","expect":"ok"}"#),
            "t2 ucs2: neither text nor hex to check"
        );
    }
}
