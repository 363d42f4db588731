//! What is measured, and who does it.

use super::pdus::Pdus;
use super::{floor_work, ours, rusmpp_borrowed, rusmpp_owned, smpp_codec_work, smpp34_work};

/// Does the same thing so many times.
pub(crate) type Work = fn(&Pdus, u64);

/// One thing that a codec does.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// PDUs that one time of it is about.
    pub(crate) pdus: u64,
    pub(crate) parties: &'static [(&'static str, Work)],
}

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "decode submit_sm",
        pdus: 1,
        parties: &[
            ("floor", floor_work::submit),
            ("smpp-wire", ours::submit),
            ("smpp-wire, any PDU", ours::submit_of_any),
            ("smpp-codec", smpp_codec_work::submit),
            ("smpp34", smpp34_work::submit),
            ("Rusmpp borrowed", rusmpp_borrowed::submit),
            ("Rusmpp owned", rusmpp_owned::submit),
        ],
    },
    Case {
        name: "decode receipt with 2 TLVs",
        pdus: 1,
        parties: &[
            ("floor", floor_work::receipt),
            ("smpp-wire", ours::receipt),
            ("smpp-wire, any PDU", ours::receipt_of_any),
            ("smpp-codec", smpp_codec_work::receipt),
            ("smpp34", smpp34_work::receipt),
            ("Rusmpp borrowed", rusmpp_borrowed::receipt),
            ("Rusmpp owned", rusmpp_owned::receipt),
        ],
    },
    Case {
        name: "decode submit_sm_resp",
        pdus: 1,
        parties: &[
            ("floor", floor_work::resp),
            ("smpp-wire", ours::resp),
            ("smpp-wire, any PDU", ours::resp_of_any),
            ("smpp-codec", smpp_codec_work::resp),
            ("smpp34", smpp34_work::resp),
            ("Rusmpp borrowed", rusmpp_borrowed::resp),
            ("Rusmpp owned", rusmpp_owned::resp),
        ],
    },
    Case {
        name: "decode a batch of 64",
        pdus: 64,
        parties: &[
            ("floor", floor_work::batch),
            ("smpp-wire", ours::batch),
            ("smpp-wire, any PDU", ours::batch_of_any),
            ("smpp-codec", smpp_codec_work::batch),
            ("smpp34", smpp34_work::batch),
            ("Rusmpp borrowed", rusmpp_borrowed::batch),
            ("Rusmpp owned", rusmpp_owned::batch),
        ],
    },
    Case {
        name: "encode submit_sm",
        pdus: 1,
        parties: &[
            ("floor", floor_work::encode),
            ("smpp-wire", ours::encode),
            ("smpp-codec", smpp_codec_work::encode),
            ("smpp34", smpp34_work::encode),
            ("Rusmpp borrowed", rusmpp_borrowed::encode),
            ("Rusmpp owned", rusmpp_owned::encode),
        ],
    },
];
