//! The spellings of a carrier's id: one canonical form, and the same number in another base.

/// Longer ids are compared as they are; SMPP gives an id 64 octets (SMPP 5.0 §4.7.14).
const LONGEST: usize = 72;

/// An id without what carriers change between an answer and a receipt: blanks, case, leading zeros, `0x`.
#[derive(Clone, Copy)]
pub(super) struct Spelling {
    octets: [u8; LONGEST],
    length: usize,
}

impl std::fmt::Debug for Spelling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.octets().escape_ascii())
    }
}

impl PartialEq for Spelling {
    fn eq(&self, other: &Self) -> bool {
        self.octets() == other.octets()
    }
}

impl Spelling {
    /// The canonical form of an id; `None` for one that is too long to be anything but itself.
    pub(super) fn of(id: &[u8]) -> Option<Self> {
        let mut spelling = Self { octets: [0; LONGEST], length: 0 };
        let mut filling = false;
        for octet in id.iter().filter(|octet| !octet.is_ascii_whitespace()) {
            let prefix = filling && octet.eq_ignore_ascii_case(&b'x');
            if spelling.length == 0 && (*octet == b'0' || prefix) {
                filling = true;
                continue;
            }
            *spelling.octets.get_mut(spelling.length)? = octet.to_ascii_lowercase();
            spelling.length += 1;
        }
        if spelling.length == 0 && !id.is_empty() {
            (spelling.octets[0], spelling.length) = (b'0', 1);
        }
        Some(spelling)
    }

    /// The canonical form of an id that stands in it as it is, as of nearly all; `None` where it has to be made.
    pub(super) fn within(id: &[u8]) -> Option<&[u8]> {
        // Any octet up to a blank may be one that is left out.
        let changes = |octet: &u8| *octet <= b' ' || octet.is_ascii_uppercase();
        if id.len() > LONGEST || id.iter().any(changes) {
            return None;
        }
        let start = id.iter().position(|octet| *octet != b'0')?;
        let canonical = &id[start..];
        let prefixed = start > 0 && canonical[0] == b'x';
        (!prefixed).then_some(canonical)
    }

    pub(super) fn octets(&self) -> &[u8] {
        &self.octets[..self.length]
    }

    /// The hexadecimal form of a decimal number; `None` if it is none, or reads the same.
    pub(super) fn in_hexadecimal(&self) -> Option<Self> {
        self.turned(10, 16)
    }

    /// The decimal form of a hexadecimal number; `None` if it is none, or reads the same.
    pub(super) fn in_decimal(&self) -> Option<Self> {
        self.turned(16, 10)
    }

    /// Whether no other message that waits can have the number that this hexadecimal one gives when it is taken for a
    /// decimal one, or the other way round: the two lie some 16 million apart.
    pub(super) fn is_far(&self) -> bool {
        const LONG: usize = 7;
        // With a letter the shortest of six digits lies as far from its reading as a decimal number of seven.
        self.length >= LONG || (self.length + 1 >= LONG && !self.is_digits())
    }

    /// Whether an id that is told as it was given can hardly be a number in another base.
    pub(super) fn is_plain(&self) -> bool {
        const LONG: usize = 7;
        self.length >= LONG || !self.is_digits()
    }

    pub(super) fn is_digits(&self) -> bool {
        self.octets().iter().all(u8::is_ascii_digit)
    }

    fn turned(&self, from: u32, to: u8) -> Option<Self> {
        let digits = || self.octets().iter().map(|octet| char::from(*octet).to_digit(from));
        // Nearly every id fits a word, and is turned in a fraction of the time.
        let short = digits()
            .try_fold(0_u64, |number, digit| number.checked_mul(from.into())?.checked_add(digit?.into()));
        let long = || {
            digits()
                .try_fold(0_u128, |number, digit| number.checked_mul(from.into())?.checked_add(digit?.into()))
        };
        let mut written = [0; LONGEST];
        let begin = match short {
            Some(number) => write_short(number, to, &mut written),
            None => write_long(long()?, to, &mut written),
        };
        let turned = Self::of(&written[begin..])?;
        (turned != *self && turned.length > 0).then_some(turned)
    }
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Writes a number to the end of `digits`; answers where it begins.
fn write_short(mut number: u64, base: u8, digits: &mut [u8; LONGEST]) -> usize {
    let mut begin = LONGEST;
    while number > 0 {
        begin -= 1;
        // Told apart, since a division by a number that is known costs little.
        let digit = if base == 10 { number % 10 } else { number % 16 };
        number = if base == 10 { number / 10 } else { number / 16 };
        digits[begin] = DIGITS[usize::try_from(digit).unwrap_or(0)];
    }
    begin
}

/// As [`write_short`].
fn write_long(mut number: u128, base: u8, digits: &mut [u8; LONGEST]) -> usize {
    let mut begin = LONGEST;
    while number > 0 {
        begin -= 1;
        digits[begin] = DIGITS[usize::try_from(number % u128::from(base)).unwrap_or(0)];
        number /= u128::from(base);
    }
    begin
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(id: &str) -> String {
        String::from_utf8(Spelling::of(id.as_bytes()).unwrap().octets().to_vec()).unwrap()
    }

    #[test]
    fn case_blanks_and_zeros_are_no_difference() {
        let cases = [
            ("1A2B", "1a2b"),
            (" 00 1a2b ", "1a2b"),
            ("0x1A2B", "1a2b"),
            ("0000", "0"),
            ("", ""),
            ("x1", "x1"),
            ("xab", "xab"),
            ("a-00-B", "a-00-b"),
        ];
        for (id, expected) in cases {
            assert_eq!(canonical(id), expected, "{id:?}");
        }
        assert!(Spelling::of(&[b'7'; 255]).is_none());
    }

    #[test]
    fn a_number_reads_in_the_other_base_and_back() {
        for (decimal, hexadecimal) in [
            ("6699", "1a2b"),
            ("16", "10"),
            ("18446744073709551615", "ffffffffffffffff"),
            ("18446744073709551616", "10000000000000000"),
            ("340282366920938463463374607431768211455", "f"),
        ] {
            let turned = Spelling::of(decimal.as_bytes()).unwrap().in_hexadecimal().unwrap();
            assert!(turned.octets().starts_with(hexadecimal.as_bytes()), "{turned:?}");
            assert_eq!(turned.in_decimal(), Spelling::of(decimal.as_bytes()));
        }
        let none = ["7", "0", "", "1a2g", "a-1", &"9".repeat(60)];
        for id in none {
            let id = Spelling::of(id.as_bytes()).unwrap();
            assert_eq!((id.in_hexadecimal(), id.in_decimal()), (None, None), "{id:?}");
        }
    }

    #[test]
    fn a_form_that_stands_in_its_id_is_the_one_that_is_made() {
        let ids: [&[u8]; 10] = [b"7", b"007", b"abc", b"00ab", b"x7", b"0", b"", b"0x7", b"AB", b"1 2"];
        for id in ids {
            let made = Spelling::of(id).unwrap();
            assert!(Spelling::within(id).is_none_or(|within| within == made.octets()), "{id:?}");
        }
        assert!(ids[..5].iter().all(|id| Spelling::within(id).is_some()));
    }
}
