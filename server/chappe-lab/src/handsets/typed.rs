//! What is typed on a phone, on its way to the centre.

use std::{
    collections::VecDeque,
    sync::atomic::{AtomicU8, Ordering::Relaxed},
};

use jiff::Timestamp;
use smpp_wire::{Address, NotAnAddress, Ton};
use sms_text::{ReferenceSize, TooLong, segment};

use super::{Direction, Handsets, Message};
use crate::air::{Outgoing, Party, Written};

/// What became of a message typed on a phone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Typed {
    /// Segments it was sent in.
    pub parts: usize,
}

/// Why a message typed on a phone did not leave.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotTyped {
    #[error("no bind receives from this carrier")]
    NobodyReceives,
    #[error("{0:?} is a name; a phone cannot answer a name")]
    ToAName(String),
    #[error("{number:?} is no number: {why}")]
    NotANumber { number: String, why: NotAnAddress },
    #[error("{0}")]
    TooLong(TooLong),
    #[error("the text is empty")]
    Empty,
}

/// The number that the parts of one long message share; each message takes the next.
static REFERENCE: AtomicU8 = AtomicU8::new(0);

impl Handsets {
    /// Sends `text` from the phone `from` to `to`, in parts if it is long, over a bind that receives.
    ///
    /// # Errors
    ///
    /// Nothing was sent: see [`NotTyped`].
    pub fn write(&self, from: &str, to: &str, text: &str) -> Result<Typed, NotTyped> {
        let (sender, recipient) = (party(from)?, party(to)?);
        if text.is_empty() {
            return Err(NotTyped::Empty);
        }
        let reference = ReferenceSize::Octet(REFERENCE.fetch_add(1, Relaxed));
        let segments = segment(text, reference).map_err(NotTyped::TooLong)?;
        let (data_coding, has_udh) = (segments.encoding.data_coding(), segments.has_udh());
        let parts = segments.parts.len();
        let items: VecDeque<_> = segments
            .parts
            .into_iter()
            .map(|octets| Written {
                from: sender,
                to: recipient,
                data_coding,
                has_udh,
                octets,
                attempts: 0,
            })
            .map(|written| Outgoing::Written(Box::new(written)))
            .collect();
        self.air
            .send_to_anybody(items)
            .map_err(|_| NotTyped::NobodyReceives)?;
        let message = Message {
            direction: Direction::FromHandset,
            peer: to.into(),
            text: text.into(),
            parts,
            at: Timestamp::now(),
            state: None,
            id: String::new(),
        };
        self.wrote(from.trim_start_matches('+'), message);
        Ok(Typed { parts })
    }
}

fn party(number: &str) -> Result<Party, NotTyped> {
    let not_a_number = |why| NotTyped::NotANumber {
        number: number.into(),
        why,
    };
    let address = Address::try_from(number).map_err(not_a_number)?;
    if address.ton == Ton::ALPHANUMERIC {
        return Err(NotTyped::ToAName(number.into()));
    }
    Party::of(address).ok_or_else(|| not_a_number(NotAnAddress::TooLong { octets: number.len() }))
}
