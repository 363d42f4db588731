//! Which sessions a row may go to.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use chappe_core::{Message, ReceiptsTo};
use chappe_exchange::{Outgoing, Tried};

use super::seat::Seat;
use super::submitters::Submitters;
use crate::address_range::AddressRange;

/// Which sessions a row may go to.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Fit {
    Any,
    /// Those whose range covers this number.
    Number(Box<[u8]>),
    /// This one alone.
    Seat(u32),
    None,
}

/// By what rows are told apart, where anything tells them apart.
#[derive(Debug)]
pub(super) struct Fitting<'p> {
    seats: &'p [Arc<Seat>],
    submitters: &'p Submitters,
    to: ReceiptsTo,
    ranged: bool,
}

impl<'p> Fitting<'p> {
    pub(super) fn new(seats: &'p [Arc<Seat>], submitters: &'p Submitters, to: ReceiptsTo) -> Self {
        let ranged = seats.iter().any(|seat| seat.range != AddressRange::All);
        Self { seats, submitters, to, ranged }
    }

    /// Where this row may go.
    pub(super) fn of(&self, row: &Outgoing) -> Fit {
        if !self.ranged && self.to == ReceiptsTo::Any {
            return Fit::Any;
        }
        let Ok(message) = Message::read(&row.row.body) else {
            return Fit::Any;
        };
        let by_number = self.by_number(row, &message);
        let takes = |seat: &&Arc<Seat>| by_number.takes(seat);
        let chosen = match self.to {
            ReceiptsTo::Any => None,
            ReceiptsTo::Submitter => {
                let submitter = row.row.receipt.as_ref().and_then(|_| self.submitters.of(row.row.message()));
                submitter.filter(|number| self.seats.iter().filter(takes).any(|seat| seat.number == *number))
            }
            ReceiptsTo::Sticky => {
                let correspondent = match &row.row.receipt {
                    Some(_) => message.destination.normal(),
                    None => message.source.normal(),
                };
                let chosen = self.seats.iter().filter(takes).max_by_key(|seat| weight(correspondent, seat));
                chosen.map(|seat| seat.number)
            }
        };
        chosen.map_or(by_number, Fit::Seat)
    }

    /// A receipt goes to its sender's number, and where no range covers that (it may be a name), to any session: it is
    /// owed. An inbound message goes only where its number is asked for.
    fn by_number(&self, row: &Outgoing, message: &Message<'_>) -> Fit {
        if !self.ranged {
            return Fit::Any;
        }
        let is_receipt = row.row.receipt.is_some();
        let number = if is_receipt { message.source.normal() } else { message.destination.normal() };
        match self.seats.iter().any(|seat| seat.range.covers(number)) {
            true => Fit::Number(number.into()),
            false if is_receipt => Fit::Any,
            false => Fit::None,
        }
    }
}

/// Of several sessions the one with the greatest weight has the number: as long as that one is bound, others that come
/// and go change nothing but for numbers that a newcomer takes over.
fn weight(number: &[u8], seat: &Seat) -> u64 {
    let mut hasher = DefaultHasher::new();
    (number, seat.number).hash(&mut hasher);
    hasher.finish()
}

impl Fit {
    /// What became of a row that found no place.
    pub(super) fn failed(&self) -> Tried {
        match self {
            Self::Any => Tried::NotSent,
            Self::Number(_) | Self::Seat(_) => Tried::NoRoom,
            Self::None => Tried::NoTaker,
        }
    }

    pub(super) fn takes(&self, seat: &Seat) -> bool {
        match self {
            Self::Any => true,
            Self::Number(number) => seat.range.covers(number),
            Self::Seat(number) => seat.number == *number,
            Self::None => false,
        }
    }
}
