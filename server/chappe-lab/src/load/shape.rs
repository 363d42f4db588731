//! What each message looks like: written once, with places for the digits that vary.

use std::ops::Range;

use smpp_wire::{
    Address, Body, DataCoding, InterfaceVersion, NotAnAddress, RegisteredDelivery, SubmitSm, Unwritable,
};
use sms_text::{Encoding, encode_smallest};

use super::LoadSettings;

/// The body of a submit_sm, ready but for the digits that vary.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    body: Vec<u8>,
    /// Where the varying digits are.
    places: Range<usize>,
    /// Ten to the number of places.
    modulus: u64,
}

/// Why no message can be made of the settings.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BadShape {
    #[error("{text:?} is no address: {why}")]
    Address { text: String, why: NotAnAddress },
    #[error("the # in {0:?} must stand together")]
    Scattered(String),
    #[error("{0:?} has more than 18 #")]
    TooManyPlaces(String),
    #[error("the text takes {units} of {units_max} places; load sends messages of one part")]
    TextTooLong { units: usize, units_max: usize },
    #[error("{0}")]
    Unwritable(Unwritable),
}

/// Octets of user data in one part without a header.
const USER_DATA_MAX: usize = 140;
/// Septets of one part without a header; they travel one an octet.
const SEPTETS_MAX: usize = 160;
/// More would not fit a number of 64 bits.
const PLACES_MAX: usize = 18;

impl Shape {
    pub(crate) fn new(settings: &LoadSettings) -> Result<Self, BadShape> {
        let to = &settings.to;
        let start = to.find('#').unwrap_or(to.len());
        let count = to.bytes().filter(|octet| *octet == b'#').count();
        if !to[start..].bytes().take(count).all(|octet| octet == b'#') {
            return Err(BadShape::Scattered(to.clone()));
        }
        if count > PLACES_MAX {
            return Err(BadShape::TooManyPlaces(to.clone()));
        }
        let digits = to.replace('#', "0");
        let destination = address(&digits)?;
        let (encoding, octets) = encode_smallest(&settings.text);
        let units_max = if encoding == Encoding::Gsm7 { SEPTETS_MAX } else { USER_DATA_MAX };
        if octets.len() > units_max {
            return Err(BadShape::TextTooLong { units: octets.len(), units_max });
        }
        let registered = if settings.receipts { RegisteredDelivery::FINAL } else { RegisteredDelivery::NONE };
        let message = SubmitSm {
            source: address(&settings.from)?,
            destination,
            registered_delivery: registered,
            data_coding: DataCoding(encoding.data_coding()),
            short_message: &octets,
            ..SubmitSm::default()
        };
        let mut body = Vec::new();
        message.write(&mut body, InterfaceVersion::V3_4).map_err(BadShape::Unwritable)?;
        // service_type, source (ton, npi, digits, NUL), ton and npi stand before the digits; a + is not sent.
        let before = 1 + 2 + message.source.digits.len() + 1 + 2;
        let first = before + start - (to.len() - destination.digits.len());
        Ok(Self { body, places: first..first + count, modulus: 10u64.pow(count as u32) })
    }

    /// The body of the message number `index`; the digits begin anew when all numbers are used up.
    pub(crate) fn body(&mut self, index: u64) -> &[u8] {
        let mut rest = index % self.modulus;
        for place in self.body[self.places.clone()].iter_mut().rev() {
            *place = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        &self.body
    }
}

fn address(text: &str) -> Result<Address<'_>, BadShape> {
    Address::try_from(text).map_err(|why| BadShape::Address { text: text.into(), why })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(to: &str) -> LoadSettings {
        LoadSettings { to: to.into(), ..LoadSettings::default() }
    }

    #[test]
    fn the_digits_vary_and_nothing_else() {
        for (to, index, number) in [
            ("38591555####", 42, "385915550042"),
            ("+38591555####", 10_042, "385915550042"),
            ("38591##55001", 7, "385910755001"),
            ("385915550101", 7, "385915550101"),
        ] {
            let mut shape = Shape::new(&settings(to)).unwrap();
            let (message, _) = SubmitSm::read(shape.body(index)).unwrap();
            assert_eq!(message.destination.digits, number.as_bytes(), "{to}");
            assert_eq!(message.source.digits, b"CHAPPE");
            assert_eq!(message.short_message, b"Your code is 481516");
        }
    }

    #[test]
    fn what_cannot_be_sent_is_refused_before_it_is_tried() {
        let refused = |settings| Shape::new(&settings).unwrap_err().to_string();
        assert_eq!(refused(settings("385#1#")), "the # in \"385#1#\" must stand together");
        let long = LoadSettings { text: "x".repeat(161), ..LoadSettings::default() };
        assert_eq!(refused(long), "the text takes 161 of 160 places; load sends messages of one part");
    }
}
