//! Which numbers a receiver asks for when it binds.

/// The `address_range` of a bind (SMPP 5.0 §4.7.3), as far as it is a beginning of digits or letters.
///
/// `^`, `*` and `.*` around it are taken off; with a `$` at its end the whole number has to be the same. A range that
/// is any other expression matches everything.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) enum AddressRange {
    #[default]
    All,
    Prefix(Box<[u8]>),
    Exact(Box<[u8]>),
}

impl AddressRange {
    /// Reads a range; `None` where it is an expression that is not understood.
    pub(crate) fn read(written: &[u8]) -> Option<Self> {
        let rest = written.trim_ascii();
        let rest = rest.strip_prefix(b"^").unwrap_or(rest);
        let (rest, whole) = rest.strip_suffix(b"$").map_or((rest, false), |rest| (rest, true));
        let open = rest.strip_suffix(b"*");
        let rest = open.map_or(rest, |rest| rest.strip_suffix(b".").unwrap_or(rest));
        let rest = rest.strip_prefix(b"\\").unwrap_or(rest);
        let rest = rest.strip_prefix(b"+").unwrap_or(rest);
        if rest.is_empty() {
            return Some(Self::All);
        }
        if !rest.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        Some(if whole && open.is_none() { Self::Exact(rest.into()) } else { Self::Prefix(rest.into()) })
    }

    /// Whether it asks for this number, which has no `+`.
    pub(crate) fn covers(&self, number: &[u8]) -> bool {
        match self {
            Self::All => true,
            Self::Prefix(prefix) => number.starts_with(prefix),
            Self::Exact(exact) => number == &**exact,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_a_beginning_or_a_whole_number() {
        for (range, number, covered) in [
            ("", "385911", Some(true)),
            ("*", "385911", Some(true)),
            ("^.*$", "385911", Some(true)),
            ("^385", "385911", Some(true)),
            ("385*", "385911", Some(true)),
            ("^385.*", "49171", Some(false)),
            ("+385", "385911", Some(true)),
            ("12345", "12345", Some(true)),
            ("^12345$", "12345", Some(true)),
            ("^12345$", "123456", Some(false)),
            ("ACME", "ACME", Some(true)),
            ("^(385|386)", "385911", None),
            ("[0-9]*", "385911", None),
        ] {
            let read = AddressRange::read(range.as_bytes());
            assert_eq!(read.map(|range| range.covers(number.as_bytes())), covered, "{range} {number}");
        }
    }
}
