//! Receipts repeat the beginning of the text (SMPP 5.0 appendix B, `text:`): it is left out where texts are sealed.

use chappe_store::CarrierReceipt;

const TEXT: &[u8] = b"text:";

/// The receipt up to its `text:`. One that is not written octet by octet, as in UCS-2, is left out whole.
pub(super) fn without_text(raw: &[u8]) -> &[u8] {
    if raw.contains(&0) {
        return b"";
    }
    let text = raw.windows(TEXT.len()).position(|octets| octets.eq_ignore_ascii_case(TEXT));
    text.map_or(raw, |at| &raw[..at + TEXT.len()])
}

impl super::Seal {
    /// Receipts as they may be written.
    pub(crate) fn receipts<'a>(&self, receipts: &[CarrierReceipt<'a>]) -> Option<Vec<CarrierReceipt<'a>>> {
        let without =
            |receipt: &CarrierReceipt<'a>| CarrierReceipt { raw: without_text(receipt.raw), ..*receipt };
        self.is_on().then(|| receipts.iter().map(without).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_receipt_is_cut_however_it_is_named() {
        let cut = |raw: &'static [u8]| without_text(raw);
        assert_eq!(
            cut(b"id:1 stat:DELIVRD err:000 text:your code is 1234"),
            b"id:1 stat:DELIVRD err:000 text:"
        );
        assert_eq!(cut(b"id:1 stat:DELIVRD err:000 Text:"), b"id:1 stat:DELIVRD err:000 Text:");
        assert_eq!(cut(b"id:1 stat:DELIVRD"), b"id:1 stat:DELIVRD");
        assert_eq!(cut(b"\0i\0d\0:\x001"), b"");
    }
}
