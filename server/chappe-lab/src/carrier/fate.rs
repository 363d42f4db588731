//! What a number does with a message: the last six digits of a number decide, so that every prefix, and with
//! it every route, stays free to be tested.

use std::time::Duration;

use sms_text::receipt::State;

/// What becomes of a message, by the number it goes to.
///
/// | ending | fate |
/// |---|---|
/// | `000ddd` | submit_sm is answered with `command_status` ddd in decimal |
/// | `001eee` | UNDELIV with err eee |
/// | `002eee`, `003eee` | EXPIRED, REJECTD with err eee |
/// | `004000` | no receipt, ever |
/// | `005sss` | delivered after sss seconds |
/// | `006000`, `007000` | receipt before the submit_sm_resp; receipt twice |
/// | `008000` | the connection drops between submit_sm and its answer |
/// | `009000` | phone off: ENROUTE until it is switched on |
///
/// All other numbers deliver.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fate {
    /// The message is taken and ends as `Outcome`, after the carrier's usual delay.
    Ends(Outcome),
    /// submit_sm is answered with this `command_status`; there is no message.
    Refused(u32),
    /// The message is taken and delivered, and nobody is told.
    Silent,
    /// Delivered after this delay instead of the usual one.
    DeliveredAfter(Duration),
    /// Delivered; the receipt leaves before the answer to the submit_sm.
    ReceiptFirst,
    /// Delivered; the receipt is sent twice.
    ReceiptTwice,
    /// The connection drops before the answer to the submit_sm.
    Drops,
    /// On its way until the phone is switched on.
    PhoneOff,
}

/// How a message ends, and with which error number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Outcome {
    pub state: State,
    /// Three digits, as `err` in the receipt shows them.
    pub err: u16,
}

impl Outcome {
    pub const DELIVERED: Self = Self { state: State::Delivered, err: 0 };
    pub const ENROUTE: Self = Self { state: State::Enroute, err: 0 };
}

impl Fate {
    pub const DELIVERED: Self = Self::Ends(Outcome::DELIVERED);

    /// What the number `digits` does with a message.
    pub fn of(digits: &[u8]) -> Self {
        let Some((rule, argument)) = ending(digits) else {
            return Self::DELIVERED;
        };
        let ends = |state| Self::Ends(Outcome { state, err: argument });
        match (rule, argument) {
            (0, 1..) => Self::Refused(u32::from(argument)),
            (1, _) => ends(State::Undeliverable),
            (2, _) => ends(State::Expired),
            (3, _) => ends(State::Rejected),
            (4, 0) => Self::Silent,
            (5, secs) => Self::DeliveredAfter(Duration::from_secs(u64::from(secs))),
            (6, 0) => Self::ReceiptFirst,
            (7, 0) => Self::ReceiptTwice,
            (8, 0) => Self::Drops,
            (9, 0) => Self::PhoneOff,
            _ => Self::DELIVERED,
        }
    }
}

/// The last six digits as two numbers of three; `None` where there are not six.
fn ending(digits: &[u8]) -> Option<(u16, u16)> {
    let six = digits.last_chunk::<6>()?;
    // Almost every number ends here, with one comparison.
    if six[0] != b'0' || six[1] != b'0' {
        return None;
    }
    Some((three(&six[..3])?, three(&six[3..])?))
}

fn three(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u16::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_six_digits_decide() {
        let ends = |state, err| Fate::Ends(Outcome { state, err });
        let table = [
            ("385915000088", Fate::Refused(88)),
            ("385915000020", Fate::Refused(20)),
            ("385915000000", Fate::DELIVERED),
            ("385915001027", ends(State::Undeliverable, 27)),
            ("385915002006", ends(State::Expired, 6)),
            ("385915003999", ends(State::Rejected, 999)),
            ("385915004000", Fate::Silent),
            ("385915004001", Fate::DELIVERED),
            ("385915005007", Fate::DeliveredAfter(Duration::from_secs(7))),
            ("385915006000", Fate::ReceiptFirst),
            ("385915007000", Fate::ReceiptTwice),
            ("385915008000", Fate::Drops),
            ("385915009000", Fate::PhoneOff),
            ("385915550101", Fate::DELIVERED),
            ("385915010088", Fate::DELIVERED),
            ("000088", Fate::Refused(88)),
            ("00088", Fate::DELIVERED),
            ("12345", Fate::DELIVERED),
            ("CAR00O088", Fate::DELIVERED),
            ("", Fate::DELIVERED),
        ];
        for (number, fate) in table {
            assert_eq!(Fate::of(number.as_bytes()), fate, "{number}");
        }
    }
}
