//! Where a record stands and what it does to a message, in 32 bits.

/// An offset in a segment with a [`Kind`] in its lowest three bits, which are zero in every offset.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Touch(pub(crate) u32);

/// What a record does to the message, number or id it was found by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// The message stands there whole.
    Accepted = 0,
    /// Anything that neither ends nor changes it.
    Step = 1,
    /// It is over, unless it was before.
    Ends = 2,
    /// A carrier took it under an id.
    Sent = 3,
    /// Its text or its target changed.
    Changed = 4,
    /// The message stands there whole once more, because the segment it was accepted in goes.
    Carried = 5,
}

const KIND: u32 = 0b111;

impl Touch {
    /// `None` beyond 4 GiB, where no segment reaches.
    pub(crate) fn new(offset: u64, kind: Kind) -> Option<Self> {
        let offset = u32::try_from(offset).ok()?;
        debug_assert!(offset & KIND == 0, "records begin at multiples of eight");
        Some(Self(offset & !KIND | u32::from(kind as u8)))
    }

    pub(crate) fn offset(self) -> u64 {
        u64::from(self.0 & !KIND)
    }

    pub(crate) fn is(self, kind: Kind) -> bool {
        self.0 & KIND == u32::from(kind as u8)
    }
}
