//! System calls on the files below a folder, read into a tape.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};

use super::tape::{Act, Name, Node, ROOT, Step, Tape};
use crate::calls::{Call, path_of};

/// The calls that a trace must hold for this to be the whole truth.
pub(crate) const CALLS: &str = "open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,\
    link,linkat,symlink,symlinkat,truncate,ftruncate,fallocate,read,lseek,write,pwrite64,writev,pwritev,pwritev2,\
    fsync,fdatasync,mmap,copy_file_range,sendfile,splice,dup,dup2,dup3,fcntl";

/// Reads the calls of one or more processes, one after the other, that worked below one folder.
#[derive(Debug)]
pub(crate) struct Files {
    root: String,
    tape: Tape,
    /// What each name stands for at this moment.
    names: HashMap<(Node, String), Node>,
    sizes: Vec<usize>,
    /// Open descriptors: the file, and where a plain read or write goes on.
    open: HashMap<u32, Open>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    node: Node,
    at: usize,
    appends: bool,
}

impl Files {
    /// `root` is there, durable and empty.
    pub(crate) fn below(root: &str) -> Self {
        let tape = Tape { steps: Vec::new(), folders: vec![ROOT] };
        Self { root: root.to_owned(), tape, names: HashMap::new(), sizes: vec![0], open: HashMap::new() }
    }

    /// Reads the calls of one process; the lines of its trace count from `first` on.
    ///
    /// # Errors
    ///
    /// Where a call touches the folder in a way that this cannot follow: then the proof would prove nothing.
    pub(crate) fn hear(&mut self, calls: &[Call], first: usize) -> Result<()> {
        self.open.clear();
        for call in calls.iter().filter(|call| call.result >= 0) {
            let acts = self.take(call).with_context(|| {
                format!("line {}: {} {:?} {:?}", call.began + 1, call.name, call.words, call.paths)
            })?;
            let step = |act| Step { began: first + call.began, ended: first + call.ended, act, certain: 0 };
            self.tape.steps.extend(acts.into_iter().map(step));
        }
        Ok(())
    }

    pub(crate) fn into_tape(self) -> Tape {
        self.tape
    }

    fn take(&mut self, call: &Call) -> Result<Vec<Act>> {
        match call.name.as_str() {
            "open" | "openat" | "creat" => self.opened(call),
            "mkdir" | "mkdirat" => self.made(call),
            "rename" | "renameat" | "renameat2" => self.renamed(call),
            "unlink" | "unlinkat" | "rmdir" => self.removed(call),
            "write" | "pwrite64" | "writev" | "pwritev" => self.written(call),
            "ftruncate" | "fallocate" => self.sized(call),
            "fsync" | "fdatasync" => Ok(self.ours(call)?.map(Act::Sync).into_iter().collect()),
            "read" | "lseek" => self.moved(call),
            "dup" | "dup2" | "dup3" | "fcntl" => self.doubled(call),
            "mmap" => self.mapped(call),
            "link" | "linkat" | "symlink" | "symlinkat" | "truncate" if self.names_ours(call) => {
                bail!("this call is not followed")
            }
            "copy_file_range" | "sendfile" | "splice" | "pwritev2" if self.touches_ours(call) => {
                bail!("this call is not followed")
            }
            _ => Ok(Vec::new()),
        }
    }

    fn opened(&mut self, call: &Call) -> Result<Vec<Act>> {
        let Ok(descriptor) = u32::try_from(call.result) else { return Ok(Vec::new()) };
        self.open.remove(&descriptor);
        let Some(path) = self.relative(call, 0) else { return Ok(Vec::new()) };
        let flags =
            call.words.iter().find(|word| word.contains("O_")).map_or("O_CREAT|O_TRUNC", String::as_str);
        if ["O_SYNC", "O_DSYNC", "O_TMPFILE"].iter().any(|flag| flags.contains(flag)) {
            bail!("{flags} is not followed");
        }
        let mut acts = Vec::new();
        let (folder, name) = self.parent(&path)?;
        let node = match self.lookup(&path) {
            Some(node) => {
                if flags.contains("O_TRUNC") {
                    self.sizes[node] = 0;
                    acts.push(Act::Size { file: node, octets: 0 });
                }
                node
            }
            None if flags.contains("O_CREAT") => self.create(folder, name, &mut acts),
            // A socket, or what was there before: nothing that a sync could concern.
            None => return Ok(acts),
        };
        let appends = flags.contains("O_APPEND");
        self.open.insert(descriptor, Open { node, at: 0, appends });
        Ok(acts)
    }

    fn create(&mut self, folder: Node, name: String, acts: &mut Vec<Act>) -> Node {
        let node = self.sizes.len();
        self.sizes.push(0);
        self.names.insert((folder, name.clone()), node);
        acts.push(Act::Names(vec![Name { folder, name, node: Some(node) }]));
        node
    }

    fn made(&mut self, call: &Call) -> Result<Vec<Act>> {
        let Some(path) = self.relative(call, 0) else { return Ok(Vec::new()) };
        let (folder, name) = self.parent(&path)?;
        let mut acts = Vec::new();
        let node = self.create(folder, name, &mut acts);
        self.tape.folders.push(node);
        Ok(acts)
    }

    fn renamed(&mut self, call: &Call) -> Result<Vec<Act>> {
        let (from, to) = (self.relative(call, 0), self.relative(call, 1));
        let (Some(from), Some(to)) = (&from, &to) else {
            if from.is_some() || to.is_some() {
                bail!("a move across the folder's edge is not followed");
            }
            return Ok(Vec::new());
        };
        // A socket is bound, not opened; no sync concerns it.
        if from.ends_with(".sock.new") {
            return Ok(Vec::new());
        }
        let node = self.lookup(from).context("what is renamed was never made")?;
        let (from, to) = (self.parent(from)?, self.parent(to)?);
        self.names.remove(&from);
        self.names.insert(to.clone(), node);
        let name = |(folder, name): (Node, String), node| Name { folder, name, node };
        Ok(vec![Act::Names(vec![name(from, None), name(to, Some(node))])])
    }

    fn removed(&mut self, call: &Call) -> Result<Vec<Act>> {
        let Some(path) = self.relative(call, 0) else { return Ok(Vec::new()) };
        let (folder, name) = self.parent(&path)?;
        if self.names.remove(&(folder, name.clone())).is_none() {
            // A socket: nobody opened it by name.
            return Ok(Vec::new());
        }
        Ok(vec![Act::Names(vec![Name { folder, name, node: None }])])
    }

    fn written(&mut self, call: &Call) -> Result<Vec<Act>> {
        let Some(file) = self.ours(call)? else { return Ok(Vec::new()) };
        if call.is_cut {
            bail!("strace left octets out");
        }
        let octets = call.done().to_vec();
        let at =
            if call.name.starts_with('p') { last_number(call)? } else { self.advance(call, octets.len()) };
        self.sizes[file] = self.sizes[file].max(at + octets.len());
        Ok(vec![Act::Write { file, at, octets }])
    }

    /// Where a plain write of this length goes.
    fn advance(&mut self, call: &Call, length: usize) -> usize {
        let Some(open) = descriptor(call).and_then(|number| self.open.get_mut(&number)) else { return 0 };
        let at = if open.appends { self.sizes[open.node] } else { open.at };
        open.at = at + length;
        at
    }

    fn sized(&mut self, call: &Call) -> Result<Vec<Act>> {
        let Some(file) = self.ours(call)? else { return Ok(Vec::new()) };
        if call.name == "ftruncate" {
            let octets = last_number(call)?;
            self.sizes[file] = octets;
            return Ok(vec![Act::Size { file, octets }]);
        }
        let mode = call.words.get(1).map_or("", String::as_str);
        if mode != "0" {
            bail!("fallocate with {mode} is not followed");
        }
        let numbers = numbers(call);
        let [.., at, length] = numbers[..] else { bail!("no length") };
        self.sizes[file] = self.sizes[file].max(at + length);
        Ok(vec![Act::Reserve { file, octets: at + length }])
    }

    fn moved(&mut self, call: &Call) -> Result<Vec<Act>> {
        let result = usize::try_from(call.result)?;
        if self.ours(call)?.is_some()
            && let Some(open) = descriptor(call).and_then(|number| self.open.get_mut(&number))
        {
            open.at = if call.name == "lseek" { result } else { open.at + result };
        }
        Ok(Vec::new())
    }

    fn doubled(&mut self, call: &Call) -> Result<Vec<Act>> {
        if call.name == "fcntl" && !call.words.iter().any(|word| word.starts_with("F_DUPFD")) {
            return Ok(Vec::new());
        }
        if self.ours(call)?.is_some()
            && let Some(open) = descriptor(call).and_then(|number| self.open.get(&number)).copied()
        {
            self.open.insert(u32::try_from(call.result)?, open);
        }
        Ok(Vec::new())
    }

    /// Memory that is a file escapes the trace; the index beside SQLite's log is made anew by whoever opens it first.
    fn mapped(&self, call: &Call) -> Result<Vec<Act>> {
        let has = |word: &str| call.words.iter().any(|other| other.contains(word));
        let path = call.words.iter().find_map(|word| path_of(word)).unwrap_or_default();
        if has("PROT_WRITE")
            && has("MAP_SHARED")
            && self.below_root(path).is_some()
            && !path.ends_with("-shm")
        {
            bail!("a file that is written through memory is not followed");
        }
        Ok(Vec::new())
    }

    /// The file or folder that a call's descriptor is, where it is below the root.
    fn ours(&self, call: &Call) -> Result<Option<Node>> {
        let Some(below) = call.path().and_then(|path| self.below_root(path)) else { return Ok(None) };
        let by_name = self.lookup(&below);
        let by_number = || descriptor(call).and_then(|number| self.open.get(&number)).map(|open| open.node);
        // A file whose name was taken away is known by its descriptor only.
        match by_name.or_else(by_number) {
            Some(node) => Ok(Some(node)),
            None => bail!("{below:?} was never opened"),
        }
    }

    fn names_ours(&self, call: &Call) -> bool {
        (0..call.paths.len()).any(|index| self.relative(call, index).is_some())
    }

    fn touches_ours(&self, call: &Call) -> bool {
        call.words.iter().filter_map(|word| path_of(word)).any(|path| self.below_root(path).is_some())
    }

    /// A path of the call as seen from the root; the root itself is the empty path.
    fn relative(&self, call: &Call, index: usize) -> Option<String> {
        let path = call.paths.get(index)?;
        if path.starts_with('/') {
            return self.below_root(path);
        }
        let folders: Vec<&str> = call.words.iter().filter_map(|word| path_of(word)).collect();
        let folder = folders.get(index).or(folders.first())?;
        self.below_root(&format!("{folder}/{path}"))
    }

    fn below_root(&self, path: &str) -> Option<String> {
        let below = path.strip_prefix(&self.root)?;
        (below.is_empty() || below.starts_with('/')).then(|| below.trim_matches('/').to_owned())
    }

    fn lookup(&self, path: &str) -> Option<Node> {
        let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
        parts.into_iter().try_fold(ROOT, |folder, part| self.names.get(&(folder, part.to_owned())).copied())
    }

    fn parent(&self, path: &str) -> Result<(Node, String)> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = self.lookup(folder).with_context(|| format!("no folder {folder:?}"))?;
        Ok((folder, name.to_owned()))
    }
}

fn descriptor(call: &Call) -> Option<u32> {
    call.place.split('<').next()?.parse().ok()
}

fn numbers(call: &Call) -> Vec<usize> {
    call.words.iter().filter_map(|word| word.parse().ok()).collect()
}

fn last_number(call: &Call) -> Result<usize> {
    numbers(call).last().copied().context("no number")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls;

    fn tape(trace: &str) -> Result<Tape> {
        let mut files = Files::below("/d");
        files.hear(&calls::read(trace), 0)?;
        Ok(files.into_tape())
    }

    fn hex(text: &str) -> String {
        text.bytes().map(|octet| format!("\\x{octet:02x}")).collect()
    }

    #[test]
    fn a_file_is_itself_under_every_name() {
        let [a, b, x] = ["/d/a", "/d/b", "x"].map(hex);
        let trace = format!(
            "1 openat(AT_FDCWD</>, \"{a}\", O_WRONLY|O_CREAT, 0600) = 5<{a}>\n\
             1 write(5<{a}>, \"{x}\", 1) = 1\n\
             1 rename(\"{a}\", \"{b}\") = 0\n\
             1 pwrite64(5<{b}>, \"{x}\", 1, 9) = 1\n\
             1 fdatasync(5<{b}>) = 0\n"
        );
        let acts: Vec<Act> =
            tape(&trace).expect("a plain trace").steps.into_iter().map(|step| step.act).collect();
        let name = |name: &str, node| Name { folder: ROOT, name: name.to_owned(), node };
        let write = |at| Act::Write { file: 1, at, octets: b"x".to_vec() };
        let moved = Act::Names(vec![name("a", None), name("b", Some(1))]);
        let expected = [Act::Names(vec![name("a", Some(1))]), write(0), moved, write(9), Act::Sync(1)];
        assert_eq!(acts, expected);
    }

    #[test]
    fn what_cannot_be_followed_is_an_error_and_other_folders_are_nobodys_concern() {
        let [a, b] = ["/d/a", "/elsewhere/a"].map(hex);
        let link = |to: &str| format!("1 symlink(\"{a}\", \"{to}\") = 0\n");
        assert!(tape(&link(&a)).is_err());
        let open = format!("1 openat(AT_FDCWD</>, \"{b}\", O_WRONLY|O_CREAT, 0600) = 5<{b}>\n");
        assert_eq!(tape(&open).expect("nothing of ours").steps, []);
    }
}
