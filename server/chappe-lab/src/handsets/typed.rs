//! What is typed on a phone, on its way to the centre.

use std::{
    collections::VecDeque,
    sync::atomic::{AtomicU8, Ordering::Relaxed},
};

use chappe_exchange::{NotReplied, Replied};
use jiff::Timestamp;
use smpp_wire::{Address, Ton};
use sms_text::{ReferenceSize, segment};

use super::{Direction, Handsets, Message};
use crate::air::{Outgoing, Party, Written};

/// The number that the parts of one long message share; each message takes the next.
static REFERENCE: AtomicU8 = AtomicU8::new(0);

impl chappe_exchange::Handsets for Handsets {
    /// Sends `text` from the phone `from` to `to`, in parts if it is long, over a bind that receives.
    fn reply(&self, from: &str, to: &str, text: &str) -> Result<Replied, NotReplied> {
        let (sender, recipient) = (party(from)?, party(to)?);
        let reference = ReferenceSize::Octet(REFERENCE.fetch_add(1, Relaxed));
        // 255 parts are more than a phone lets anybody type.
        let segments = segment(text, reference).map_err(|_| NotReplied::Full)?;
        let (data_coding, has_udh) = (segments.encoding.data_coding(), segments.has_udh());
        let parts = segments.parts.len();
        let items: VecDeque<_> = segments
            .parts
            .into_iter()
            .map(|octets| Written { from: sender, to: recipient, data_coding, has_udh, octets, attempts: 0 })
            .map(|written| Outgoing::Written(Box::new(written)))
            .collect();
        self.air.send_to_anybody(items).map_err(|_| NotReplied::NoReceiver)?;
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
        Ok(Replied { parts })
    }
}

fn party(number: &str) -> Result<Party, NotReplied> {
    let address = Address::try_from(number).ok().filter(|address| address.ton != Ton::ALPHANUMERIC);
    address.and_then(Party::of).ok_or_else(|| NotReplied::NotANumber(number.into()))
}
