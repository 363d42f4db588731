use std::time::Duration;

use chappe_store::Store;
use chappe_store::conformance::{self, LIMITS, Subject};
use chappe_store_local::{LocalStore, Settings};
use tempfile::TempDir;

use crate::bed::{Bed, settings};

#[test]
fn the_local_store_keeps_the_law_when_power_fails() {
    let mut seed = 1;
    conformance::check(&mut || {
        seed += 1;
        Box::new(Bed::lawful(seed))
    });
}

#[test]
fn the_local_store_keeps_the_law_with_sealed_texts() {
    let mut seed = 500;
    conformance::check(&mut || {
        seed += 1;
        Box::new(Bed::with(Settings { text_days: 1, ..settings(LIMITS) }, seed))
    });
}

/// On the files of this machine; a crash is an end without a close.
struct Files {
    folder: TempDir,
    store: Option<LocalStore>,
}

impl Files {
    fn open(folder: TempDir) -> Self {
        let store = Some(LocalStore::open(folder.path(), settings(LIMITS)).unwrap());
        Self { folder, store }
    }
}

impl Subject for Files {
    fn store(&self) -> &dyn Store {
        self.store.as_ref().unwrap()
    }

    fn crash(&mut self) {
        self.store = None;
        self.store = Some(LocalStore::open(self.folder.path(), settings(LIMITS)).unwrap());
    }

    fn wait(&mut self, time: Duration) {
        std::thread::sleep(time);
    }
}

#[test]
fn the_local_store_keeps_the_law_on_files() {
    conformance::check(&mut || Box::new(Files::open(TempDir::new().unwrap())));
}
