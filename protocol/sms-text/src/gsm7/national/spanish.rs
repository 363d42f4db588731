//! Spanish (3GPP TS 23.038): single shift table in annex A.2.2, no locking shift table.

#[rustfmt::skip]
pub(in crate::gsm7) static SHIFT: [(u8, char); 9] = [
    (0x09, 'ç'), (0x41, 'Á'), (0x49, 'Í'), (0x4F, 'Ó'), (0x55, 'Ú'), (0x61, 'á'), (0x69, 'í'),
    (0x6F, 'ó'), (0x75, 'ú'),
];
