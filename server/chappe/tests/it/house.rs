//! A centre that runs in a directory of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::run::{Ran, chappe, run};

/// A centre in a directory of its own; ended when dropped.
pub(crate) struct Centre {
    dir: tempfile::TempDir,
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Centre {
    pub(crate) fn start(dir: tempfile::TempDir, args: &[&str]) -> Self {
        let mut command = chappe(dir.path());
        command.args(args).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut centre = Self { dir, child, out };
        centre.read_until("ready in");
        centre
    }

    pub(crate) fn dev() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self::start(dir, &["dev", "--data", "d", "--smpp", "127.0.0.1:0", "--http", "127.0.0.1:0"])
    }

    pub(crate) fn serve(config: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("chappe.toml"), config).unwrap();
        Self::start(dir, &["serve"])
    }

    /// The first line from here on that has `wanted` in it.
    pub(crate) fn read_until(&mut self, wanted: &str) -> String {
        let mut line = String::new();
        while self.out.read_line(&mut line).unwrap() > 0 {
            if line.contains(wanted) {
                return line;
            }
            line.clear();
        }
        panic!("the centre ended before it said {wanted:?}");
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        run(self.dir.path(), args)
    }

    pub(crate) fn json(&self, args: &[&str]) -> serde_json::Value {
        let ran = self.run(&[args, &["--json", "--data", "d"]].concat());
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    /// Its exit status, at most 15 s from here.
    pub(crate) fn ended(&mut self) -> i32 {
        let until = Instant::now() + Duration::from_secs(15);
        loop {
            match self.child.try_wait().unwrap() {
                Some(status) => return status.code().unwrap(),
                None => assert!(Instant::now() < until, "it does not stop"),
            }
            sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Centre {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
