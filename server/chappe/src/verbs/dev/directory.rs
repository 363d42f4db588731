//! The data directory of `chappe dev`, and the password in it.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::paths;
use crate::ui::Trouble;

/// A directory that is there, with a password.
#[derive(Debug)]
pub(super) struct Directory {
    pub(super) path: PathBuf,
    pub(super) password: String,
}

/// What a bind can carry (SMPP 3.4 §5.2.2).
const PASSWORD_OCTETS: usize = 8;
/// Letters and digits that nobody takes for each other.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

impl Directory {
    /// The directory, made where it is missing; emptied before when `fresh`.
    pub(super) fn open(path: PathBuf, fresh: bool) -> Result<Self, Trouble> {
        let at = |error: io::Error| {
            Trouble::new(format!("{}: {error}", paths::shown(&path))).so("chappe dev --data DIR")
        };
        if fresh {
            empty(&path)?;
        }
        DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(at)?;
        let password = password(&paths::password(&path)).map_err(at)?;
        Ok(Self { path, password })
    }
}

/// Removes a directory that a `chappe dev` made, and no other.
fn empty(path: &Path) -> Result<(), Trouble> {
    let Ok(mut entries) = fs::read_dir(path) else {
        return Ok(());
    };
    if entries.next().is_none() {
        return Ok(());
    }
    let shown = paths::shown(path);
    if !paths::password(path).is_file() || !path.join("id.key").is_file() {
        return Err(Trouble::new(format!("{shown} is not a data directory of chappe dev"))
            .why("--fresh would delete everything in it")
            .so("name another directory, or empty this one yourself"));
    }
    fs::remove_dir_all(path).map_err(|error| Trouble::new(format!("{shown}: {error}")))
}

fn password(path: &Path) -> io::Result<String> {
    match fs::read_to_string(path) {
        Ok(text) => return Ok(text.trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let letter = |_| char::from(LETTERS[rand::random_range(0..LETTERS.len())]);
    let password: String = (0..PASSWORD_OCTETS).map(letter).collect();
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{password}")?;
    Ok(password)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_password_is_made_once_and_is_the_owners() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/dev");
        let first = Directory::open(path.clone(), false).unwrap();
        assert_eq!(first.password.len(), 8);
        assert_eq!(Directory::open(path.clone(), false).unwrap().password, first.password);
        let mode = fs::metadata(paths::password(&path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn fresh_deletes_nothing_but_what_a_dev_centre_made() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("thesis.txt"), "years").unwrap();
        assert!(Directory::open(dir.path().into(), true).is_err());
        assert!(dir.path().join("thesis.txt").exists());
    }
}
