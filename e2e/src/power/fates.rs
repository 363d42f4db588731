//! What becomes of the steps that no sync had covered when the power failed.

use std::fmt;

use super::chance::Chance;

/// How often each fault struck.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Faults {
    /// Writes that reached the disk without a sync.
    pub kept: usize,
    /// Writes that did not.
    pub dropped: usize,
    /// Writes of which some sectors are there and others not.
    pub torn: usize,
    /// Writes that reached the disk although an earlier one did not.
    pub reordered: usize,
    /// Files that have the new length and zeros where the new octets should be.
    pub hollow: usize,
    /// Names made, moved or taken away that were forgotten.
    pub names_lost: usize,
}

impl Faults {
    /// Adds those of another image.
    pub fn add(&mut self, other: Self) {
        self.kept += other.kept;
        self.dropped += other.dropped;
        self.torn += other.torn;
        self.reordered += other.reordered;
        self.hollow += other.hollow;
        self.names_lost += other.names_lost;
    }

    /// The faults that never struck.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let Self { kept, dropped, torn, reordered, hollow, names_lost } = *self;
        let all = [
            ("kept", kept),
            ("dropped", dropped),
            ("torn", torn),
            ("reordered", reordered),
            ("hollow", hollow),
            ("names lost", names_lost),
        ];
        all.into_iter().filter(|(_, count)| *count == 0).map(|(name, _)| name).collect()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kept, dropped, torn, reordered, hollow, names_lost } = self;
        write!(
            f,
            "unsynced writes: {kept} kept, {dropped} dropped, {torn} torn, {reordered} reordered, {hollow} hollow; \
             {names_lost} names lost"
        )
    }
}

/// The mood of a disk: most write back in some disorder, some do nothing unasked, some nearly everything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mood {
    keep_percent: u32,
    tear_percent: u32,
    /// Names are forgotten from some moment on, as a file system with a log does it, instead of one by one.
    names_in_order: bool,
}

/// What becomes of one write.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Fate {
    Kept,
    Dropped,
    /// Not there, but the file is as long as if it were.
    Hollow,
    /// These ranges of it are there.
    Torn(Vec<(usize, usize)>),
}

impl Mood {
    pub(crate) fn by(chance: &mut Chance) -> Self {
        let names_in_order = chance.is(50);
        let (keep_percent, tear_percent) = match chance.below(10) {
            0 => (0, 0),
            1 => (90, 5),
            2 | 3 => (10, 80),
            _ => (35, 35),
        };
        Self { keep_percent, tear_percent, names_in_order }
    }

    /// The fate of a write of `length` octets at `at`.
    pub(crate) fn of_write(self, at: usize, length: usize, chance: &mut Chance) -> Fate {
        if chance.is(self.keep_percent) {
            return Fate::Kept;
        }
        if chance.is(self.tear_percent * 100 / (100 - self.keep_percent).max(1)) {
            let sectors = sectors(at, length);
            let kept: Vec<_> = if chance.is(50) {
                sectors[..chance.below(sectors.len())].to_vec()
            } else {
                sectors.iter().filter(|_| chance.is(50)).copied().collect()
            };
            if !kept.is_empty() && kept.len() < sectors.len() {
                return Fate::Torn(kept);
            }
        }
        if chance.is(30) { Fate::Hollow } else { Fate::Dropped }
    }

    /// Whether a change of names is forgotten; `forgets` says whether an earlier one was.
    pub(crate) fn forgets_name(self, forgets: bool, chance: &mut Chance) -> bool {
        if self.names_in_order && forgets {
            return true;
        }
        !chance.is(self.keep_percent)
    }
}

/// The sectors of a write, each as a range of its octets.
fn sectors(at: usize, length: usize) -> Vec<(usize, usize)> {
    let mut sectors = Vec::new();
    let mut from = 0;
    while from < length {
        let upto = length.min((at + from) / SECTOR * SECTOR + SECTOR - at);
        sectors.push((from, upto));
        from = upto;
    }
    sectors
}

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_is_torn_where_sectors_end() {
        assert_eq!(sectors(500, 600), [(0, 12), (12, 524), (524, 600)]);
        assert_eq!(sectors(512, 512), [(0, 512)]);
    }

    #[test]
    fn every_fate_comes_about() {
        let mut chance = Chance::of(1, 1);
        let mut seen = [false; 4];
        for _ in 0..1000 {
            let mood = Mood::by(&mut chance);
            match mood.of_write(100, 5000, &mut chance) {
                Fate::Kept => seen[0] = true,
                Fate::Dropped => seen[1] = true,
                Fate::Hollow => seen[2] = true,
                Fate::Torn(kept) => {
                    assert!(!kept.is_empty() && kept.len() < 11);
                    seen[3] = true;
                }
            }
        }
        assert_eq!(seen, [true; 4]);
    }
}
