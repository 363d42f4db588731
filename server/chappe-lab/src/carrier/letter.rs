//! How what is due is written as deliver_sm.

use jiff::{Timestamp, tz::TimeZone};
use smpp_wire::{DataCoding, DeliverSm, EsmClass, Tag, Tlv, Tlvs};
use sms_text::receipt::{self, Minute, State};

use super::{CarrierSettings, IdFormat, ReceiptShape, ids::IdText};
use crate::air::{Outgoing, Receipt, Written};

/// Writes receipts and what phones wrote, with its scratch memory.
#[derive(Debug)]
pub(crate) struct Letters {
    shape: ReceiptShape,
    id_format: IdFormat,
    text: Vec<u8>,
    submitted: MinuteOf,
    done: MinuteOf,
}

impl Letters {
    pub(crate) fn new(settings: &CarrierSettings) -> Self {
        Self {
            shape: settings.receipt_shape,
            id_format: settings.receipt_id_format,
            text: Vec::new(),
            submitted: MinuteOf::default(),
            done: MinuteOf::default(),
        }
    }

    /// TLVs are not sent to a peer that speaks 3.3 or less.
    pub(crate) fn without_tlvs(&mut self) {
        self.shape = ReceiptShape::Text;
    }

    /// Hands `item` as it leaves at `now` to `send`, and gives back what that says.
    pub(crate) fn write<T>(
        &mut self,
        item: &Outgoing,
        now: Timestamp,
        send: impl FnOnce(&DeliverSm<'_>) -> T,
    ) -> T {
        match item {
            Outgoing::Receipt(receipt) => self.receipt(receipt, now, send),
            Outgoing::Written(written) => send(&message(written)),
        }
    }

    fn receipt<T>(&mut self, receipt: &Receipt, now: Timestamp, send: impl FnOnce(&DeliverSm<'_>) -> T) -> T {
        let id = IdText::of(receipt.id, self.id_format);
        let state = [receipt.state.code()];
        // A C-string in a TLV carries its NUL (SMPP 5.0 §4.8.4.47).
        let tlvs = [
            Tlv { tag: Tag::RECEIPTED_MESSAGE_ID, value: id.with_nul() },
            Tlv { tag: Tag::MESSAGE_STATE, value: &state },
        ];
        self.text.clear();
        if self.shape != ReceiptShape::Tlvs {
            self.write_text(receipt, id.octets(), now);
        }
        let on_its_way = receipt.state == State::Enroute;
        send(&DeliverSm {
            source: receipt.recipient.address(),
            destination: receipt.sender.address(),
            esm_class: if on_its_way { EsmClass::INTERMEDIATE_NOTIFICATION } else { EsmClass::RECEIPT },
            short_message: &self.text,
            tlvs: if self.shape == ReceiptShape::Text { Tlvs::NONE } else { Tlvs::of(&tlvs) },
            ..DeliverSm::default()
        })
    }

    fn write_text(&mut self, receipt: &Receipt, id: &[u8], now: Timestamp) {
        let err =
            [receipt.err / 100 % 10, receipt.err / 10 % 10, receipt.err % 10].map(|digit| b'0' + digit as u8);
        let text = receipt::Receipt {
            id,
            sub: 1,
            dlvrd: u16::from(receipt.state == State::Delivered),
            submitted: self.submitted.of(receipt.submitted).into(),
            done: self.done.of(now).into(),
            state: receipt.state,
            err: &err,
            ..receipt::Receipt::default()
        };
        text.write(&mut self.text);
    }
}

fn message(written: &Written) -> DeliverSm<'_> {
    DeliverSm {
        source: written.from.address(),
        destination: written.to.address(),
        esm_class: if written.has_udh { EsmClass::UDH } else { EsmClass::DEFAULT },
        data_coding: DataCoding(written.data_coding),
        short_message: &written.octets,
        ..DeliverSm::default()
    }
}

/// The calendar minute of a time in UTC; the last one is remembered, as most are equal to it.
#[derive(Debug, Default)]
struct MinuteOf {
    minute: Option<i64>,
    calendar: Minute,
}

impl MinuteOf {
    fn of(&mut self, time: Timestamp) -> Minute {
        let minute = time.as_second().div_euclid(60);
        if self.minute != Some(minute) {
            let date = TimeZone::UTC.to_datetime(time);
            // A calendar's fields are never negative after the year 0, and a carrier runs later than that.
            let field = |number: i8| number.unsigned_abs();
            self.minute = Some(minute);
            self.calendar = Minute {
                year: date.year().unsigned_abs(),
                month: field(date.month()),
                day: field(date.day()),
                hour: field(date.hour()),
                minute: field(date.minute()),
            };
        }
        self.calendar
    }
}
