//! What happened to a file system, step by step, and from when on each step is certain.

/// A file or a folder, whatever its names.
pub(crate) type Node = usize;

/// The folder that all of it happens in.
pub(crate) const ROOT: Node = 0;

/// One step of the file system.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Step {
    /// The lines of the trace on which its call began and ended.
    pub(crate) began: usize,
    pub(crate) ended: usize,
    pub(crate) act: Act,
    /// The line from which on no loss of power can undo it.
    pub(crate) certain: usize,
}

/// What a step does.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Act {
    Write {
        file: Node,
        at: usize,
        octets: Vec<u8>,
    },
    /// Cut or grown to this size.
    Size {
        file: Node,
        octets: usize,
    },
    /// Grown to this size where it was smaller.
    Reserve {
        file: Node,
        octets: usize,
    },
    /// Names given, moved or taken away, all of them or none.
    Names(Vec<Name>),
    /// Everything before in a file, or all names in a folder, is made durable.
    Sync(Node),
}

/// What a name in a folder stands for from here on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Name {
    pub(crate) folder: Node,
    pub(crate) name: String,
    pub(crate) node: Option<Node>,
}

/// All steps in the order of their end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tape {
    pub(crate) steps: Vec<Step>,
    /// Which nodes are folders.
    pub(crate) folders: Vec<Node>,
}

/// Syncs that are passed over, so that a proof can be seen to fail.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Heeded {
    All,
    /// As if no file had ever been synced.
    NoFiles,
    /// As if no folder had ever been synced.
    NoFolders,
}

impl Tape {
    /// The same tape, where each step knows from when on it is certain.
    pub(crate) fn with_certainty(mut self, heeded: Heeded) -> Self {
        let syncs: Vec<(Node, usize, usize)> = self
            .steps
            .iter()
            .filter_map(|step| match step.act {
                Act::Sync(node) if self.is_heeded(node, heeded) => Some((node, step.began, step.ended)),
                _ => None,
            })
            .collect();
        let covered = |node: Node, after: usize| {
            let of_node = syncs.iter().filter(|(other, began, _)| *other == node && *began > after);
            of_node.map(|(_, _, ended)| *ended).min().unwrap_or(NEVER)
        };
        for step in &mut self.steps {
            step.certain = match &step.act {
                Act::Write { file, .. } | Act::Size { file, .. } | Act::Reserve { file, .. } => {
                    covered(*file, step.ended)
                }
                Act::Names(names) => {
                    names.iter().map(|name| covered(name.folder, step.ended)).max().unwrap_or(NEVER)
                }
                Act::Sync(_) => NEVER,
            };
        }
        self
    }

    fn is_heeded(&self, node: Node, heeded: Heeded) -> bool {
        match heeded {
            Heeded::All => true,
            Heeded::NoFiles => self.folders.contains(&node),
            Heeded::NoFolders => !self.folders.contains(&node),
        }
    }
}

const NEVER: usize = usize::MAX;

#[cfg(test)]
mod tests {
    use super::*;

    fn step(began: usize, ended: usize, act: Act) -> Step {
        Step { began, ended, act, certain: NEVER }
    }

    fn write(file: Node, began: usize, ended: usize) -> Step {
        step(began, ended, Act::Write { file, at: 0, octets: vec![1] })
    }

    #[test]
    fn a_write_is_certain_when_a_sync_that_began_behind_it_has_ended() {
        let steps = vec![
            write(2, 0, 1),
            step(2, 5, Act::Sync(2)),
            write(2, 3, 4),
            step(6, 7, Act::Sync(3)),
            step(8, 9, Act::Sync(2)),
        ];
        let tape = Tape { steps, folders: vec![ROOT] }.with_certainty(Heeded::All);
        assert_eq!((tape.steps[0].certain, tape.steps[2].certain), (5, 9));
        let without = tape.with_certainty(Heeded::NoFiles);
        assert_eq!(without.steps[0].certain, NEVER);
    }

    #[test]
    fn a_name_is_certain_when_its_folder_was_synced() {
        let name = Name { folder: ROOT, name: "a".to_owned(), node: Some(2) };
        let steps =
            vec![step(0, 1, Act::Names(vec![name])), step(2, 3, Act::Sync(2)), step(4, 5, Act::Sync(ROOT))];
        let tape = Tape { steps, folders: vec![ROOT] }.with_certainty(Heeded::All);
        assert_eq!(tape.steps[0].certain, 5);
        assert_eq!(tape.with_certainty(Heeded::NoFolders).steps[0].certain, NEVER);
    }
}
