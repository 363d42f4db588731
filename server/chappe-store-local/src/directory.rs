//! The data directory: its lock and the key of its message ids.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chappe_core::IdKey;

use crate::error::OpenError;
use crate::{aside, checks};

/// A data directory that is ours until this is dropped.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    _lock: File,
}

/// The file with the key of the message ids.
pub(crate) const KEY_FILE: &str = "id.key";

const KEY_OCTETS: usize = 32;

impl Directory {
    /// Creates the directory where it is missing (0700), and locks it.
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        create(path)?;
        let lock = lock(path)?;
        create(&path.join("journal"))?;
        Ok(Self { path: path.into(), _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the segments are.
    pub(crate) fn journal(&self) -> PathBuf {
        self.path.join("journal")
    }

    /// The key of the message ids, made at the first start.
    pub(crate) fn id_key(&self, journal_is_empty: bool) -> Result<IdKey, OpenError> {
        let path = self.path.join(KEY_FILE);
        let octets = match fs::read(&path) {
            Ok(octets) => octets,
            Err(error) if error.kind() == io::ErrorKind::NotFound && journal_is_empty => {
                self.make_key(&path)?
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(OpenError::KeyMissing { path });
            }
            Err(error) => return Err(OpenError::at(path)(error)),
        };
        let Ok(octets) = <[u8; KEY_OCTETS]>::try_from(&octets[..]) else {
            return Err(OpenError::KeyDamaged { path, octets: octets.len() as u64 });
        };
        let mut secret = [0; 4];
        for (word, octets) in secret.iter_mut().zip(octets.chunks_exact(8)) {
            *word = octets.iter().fold(0, |word, octet| word << 8 | u64::from(*octet));
        }
        Ok(IdKey::new(secret))
    }

    /// Written aside and renamed: the key is there whole or not at all.
    fn make_key(&self, path: &Path) -> Result<Vec<u8>, OpenError> {
        let make = || {
            let octets: [u8; KEY_OCTETS] = aside::random()?;
            aside::write(path, &octets)?;
            Ok(octets.to_vec())
        };
        make().map_err(OpenError::at(path))
    }
}

fn create(path: &Path) -> Result<(), OpenError> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => return Ok(()),
        Ok(_) => return Err(OpenError::NotADirectory { path: path.into() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(OpenError::at(path)(error)),
    }
    let make = || {
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        aside::sync_folder(aside::parent(path))
    };
    make().map_err(OpenError::at(path))
}

/// Locks the directory for as long as the file is open; the holder's process number stands in it.
fn lock(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join("lock");
    let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
    let mut file = open.map_err(checks::unwritable(folder))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let pid = file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
            return Err(OpenError::InUse { path: folder.into(), pid });
        }
        Err(TryLockError::Error(error)) => return Err(OpenError::at(path)(error)),
    }
    let note = format!("{}\n", std::process::id());
    file.set_len(0).and_then(|()| file.write_all(note.as_bytes())).map_err(OpenError::at(path))?;
    Ok(file)
}
