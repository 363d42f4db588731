//! Where records stand.

/// The place of a record: where its frame begins.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RecordAt {
    pub segment: u32,
    /// Octets from the segment's beginning.
    pub offset: u32,
}

/// The place of a body: of its `text_key: u32, length: u32, octets`.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct BodyAt {
    pub segment: u32,
    /// Octets from the segment's beginning.
    pub offset: u32,
}

/// How a store frames its records.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Shape {
    /// Octets before each record.
    pub frame: u32,
    /// Each frame begins at a multiple of this; a power of two.
    pub align: u32,
    /// Where the first frame of a segment stands.
    pub first: u32,
    /// Octets of a segment.
    pub segment: u32,
}

/// Says where each record will stand, before it is written: whoever writes puts it exactly there.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    shape: Shape,
    next: RecordAt,
    /// Octets of the present segment.
    size: u32,
}

impl Layout {
    /// The next frame stands at `next`, in a segment of `size` octets; later segments are of the shape's size.
    pub fn new(shape: Shape, next: RecordAt, size: u32) -> Self {
        Self { shape, next, size }
    }

    /// The layout of a store without files: records stand back to back.
    pub fn trivial() -> Self {
        let shape = Shape { frame: 0, align: 1, first: 0, segment: u32::MAX };
        Self::new(shape, RecordAt { segment: 1, offset: 0 }, shape.segment)
    }

    /// The place of the next record, of `length` octets: in the next segment where it does not fit this one.
    pub fn place(&mut self, length: usize) -> RecordAt {
        let framed = self.framed(length);
        if u64::from(self.next.offset) + framed > u64::from(self.size) {
            self.turn();
        }
        let at = self.next;
        self.next.offset = u32::try_from(u64::from(at.offset) + framed).unwrap_or(u32::MAX);
        at
    }

    /// The next record begins a segment.
    pub fn turn(&mut self) {
        self.next = RecordAt { segment: self.next.segment.saturating_add(1), offset: self.shape.first };
        self.size = self.shape.segment;
    }

    /// Where the next record will stand if it fits; everything decided stands before.
    pub fn next(&self) -> RecordAt {
        self.next
    }

    /// Octets left in the present segment.
    pub fn left(&self) -> u32 {
        self.size.saturating_sub(self.next.offset)
    }

    /// Where a body stands whose `text_key` is `within` octets into the record at `at`.
    pub fn body(&self, at: RecordAt, within: u32) -> BodyAt {
        BodyAt {
            segment: at.segment,
            offset: at.offset.saturating_add(self.shape.frame).saturating_add(within),
        }
    }

    /// Octets that a record of this length takes.
    fn framed(&self, length: usize) -> u64 {
        let align = u64::from(self.shape.align);
        (u64::from(self.shape.frame) + length as u64).next_multiple_of(align)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_does_not_fit_begins_the_next_segment() {
        let shape = Shape { frame: 12, align: 8, first: 4096, segment: 8192 };
        let mut layout = Layout::new(shape, RecordAt { segment: 3, offset: 4096 }, 4096 + 40);
        assert_eq!(layout.place(4), RecordAt { segment: 3, offset: 4096 });
        assert_eq!(layout.left(), 24);
        assert_eq!(layout.place(12), RecordAt { segment: 3, offset: 4112 }, "it fits to the octet");
        assert_eq!(layout.place(1), RecordAt { segment: 4, offset: 4096 });
        assert_eq!(layout.body(RecordAt { segment: 4, offset: 4096 }, 9).offset, 4096 + 12 + 9);
        assert_eq!(layout.place(4096 - 16 - 12), RecordAt { segment: 4, offset: 4112 });
        assert_eq!(layout.place(1).segment, 5);
    }
}
