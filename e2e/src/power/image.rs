//! A disk as it may have looked when the power failed.

use std::collections::HashMap;
use std::fs::{DirBuilder, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::Path;

use anyhow::{Context, Result};

use super::chance::Chance;
use super::fates::{Fate, Faults, Mood};
use super::tape::{Act, Node, ROOT, Step, Tape};

/// The files and names that are left.
#[derive(Debug, Default)]
pub(crate) struct Image {
    contents: HashMap<Node, Vec<u8>>,
    names: HashMap<(Node, String), Node>,
    pub(crate) faults: Faults,
}

impl Image {
    /// What is left when the power fails just before line `cut` of the trace.
    pub(crate) fn at(tape: &Tape, cut: usize, chance: &mut Chance) -> Self {
        let mood = Mood::by(chance);
        let mut image = Self::default();
        // Whether a write, or a name, that came before was lost.
        let (mut lost_write, mut lost_name) = (false, false);
        for step in tape.steps.iter().filter(|step| step.began < cut) {
            if step.certain < cut {
                image.apply(step, &Fate::Kept);
                continue;
            }
            match &step.act {
                Act::Sync(_) => {}
                Act::Names(_) => {
                    let forgets = mood.forgets_name(lost_name, chance);
                    lost_name |= forgets;
                    if forgets {
                        image.faults.names_lost += 1;
                    } else {
                        image.apply(step, &Fate::Kept);
                    }
                }
                Act::Write { at, octets, .. } => {
                    let fate = mood.of_write(*at, octets.len(), chance);
                    image.count(&fate, &mut lost_write);
                    image.apply(step, &fate);
                }
                Act::Size { .. } | Act::Reserve { .. } => {
                    let fate = if chance.is(50) { Fate::Kept } else { Fate::Dropped };
                    image.apply(step, &fate);
                }
            }
        }
        image
    }

    fn count(&mut self, fate: &Fate, lost_before: &mut bool) {
        let faults = &mut self.faults;
        match fate {
            Fate::Kept => faults.kept += 1,
            Fate::Dropped => faults.dropped += 1,
            Fate::Hollow => faults.hollow += 1,
            Fate::Torn(_) => faults.torn += 1,
        }
        faults.reordered += usize::from(*lost_before && matches!(fate, Fate::Kept | Fate::Torn(_)));
        *lost_before |= matches!(fate, Fate::Dropped | Fate::Hollow);
    }

    fn apply(&mut self, step: &Step, fate: &Fate) {
        match &step.act {
            Act::Write { file, at, octets } => {
                let content = self.contents.entry(*file).or_default();
                match fate {
                    Fate::Kept => put(content, *at, octets),
                    Fate::Torn(ranges) => {
                        ranges.iter().for_each(|(from, upto)| put(content, at + from, &octets[*from..*upto]));
                    }
                    Fate::Hollow => reserve(content, at + octets.len()),
                    Fate::Dropped => {}
                }
            }
            Act::Size { file, octets } if *fate == Fate::Kept => {
                self.contents.entry(*file).or_default().resize(*octets, 0);
            }
            Act::Reserve { file, octets } if *fate == Fate::Kept => {
                reserve(self.contents.entry(*file).or_default(), *octets);
            }
            Act::Size { .. } | Act::Reserve { .. } | Act::Sync(_) => {}
            Act::Names(names) => {
                for name in names {
                    let key = (name.folder, name.name.clone());
                    match name.node {
                        Some(node) => drop(self.names.insert(key, node)),
                        None => drop(self.names.remove(&key)),
                    }
                }
            }
        }
    }

    /// Writes the files below `place`, which exists.
    ///
    /// # Errors
    ///
    /// Where there is no room.
    pub(crate) fn lay(&self, tape: &Tape, place: &Path) -> Result<()> {
        self.lay_folder(tape, ROOT, place)
    }

    fn lay_folder(&self, tape: &Tape, folder: Node, place: &Path) -> Result<()> {
        for ((_, name), node) in self.names.iter().filter(|((of, _), _)| *of == folder) {
            let path = place.join(name);
            if tape.folders.contains(node) {
                DirBuilder::new().mode(0o700).create(&path)?;
                self.lay_folder(tape, *node, &path)?;
            } else {
                let content = self.contents.get(node).map_or(&[][..], Vec::as_slice);
                lay_file(&path, content).with_context(|| format!("writing {}", path.display()))?;
            }
        }
        Ok(())
    }
}

/// Zeros take no room.
fn lay_file(path: &Path, content: &[u8]) -> Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.set_len(content.len() as u64)?;
    for (page, octets) in content.chunks(PAGE).enumerate() {
        if octets.iter().any(|octet| *octet != 0) {
            file.write_all_at(octets, (page * PAGE) as u64)?;
        }
    }
    Ok(())
}

fn put(content: &mut Vec<u8>, at: usize, octets: &[u8]) {
    reserve(content, at + octets.len());
    content[at..at + octets.len()].copy_from_slice(octets);
}

fn reserve(content: &mut Vec<u8>, octets: usize) {
    if content.len() < octets {
        content.resize(octets, 0);
    }
}

const PAGE: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::power::tape::{Heeded, Name};

    fn tape() -> Tape {
        let name = Name { folder: ROOT, name: "a".to_owned(), node: Some(1) };
        let write = |at, octet| Act::Write { file: 1, at, octets: vec![octet; 600] };
        let acts = [Act::Names(vec![name]), write(0, 1), Act::Sync(1), Act::Sync(ROOT), write(600, 2)];
        let step = |(line, act)| Step { began: line, ended: line, act, certain: 0 };
        let steps = acts.into_iter().enumerate().map(step).collect();
        Tape { steps, folders: vec![ROOT] }.with_certainty(Heeded::All)
    }

    #[test]
    fn what_was_synced_is_on_every_image_and_the_rest_on_some() {
        let tape = tape();
        let mut lengths = std::collections::BTreeSet::new();
        for image in 0..200 {
            let image = Image::at(&tape, 5, &mut Chance::of(1, image));
            assert_eq!(image.names.len(), 1);
            assert_eq!(image.contents[&1][..600], [1; 600]);
            lengths.insert(image.contents[&1].len());
        }
        assert!(lengths.contains(&600) && lengths.contains(&1200) && lengths.len() > 2, "{lengths:?}");
    }

    #[test]
    fn a_name_without_a_sync_of_its_folder_can_be_lost() {
        let lost = |cut| {
            let image = |seed| Image::at(&tape(), cut, &mut Chance::of(2, seed));
            (0..50).filter(|seed| image(*seed).names.is_empty()).count()
        };
        assert!(lost(3) > 10 && lost(3) < 50);
        assert_eq!(lost(4), 0);
    }
}
