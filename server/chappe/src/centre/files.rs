//! What a running centre leaves in its data directory for tools to find it.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::net::UnixListener;

use crate::paths;

/// The control socket, and the files that tell the addresses. Removed when dropped.
#[derive(Debug)]
pub(super) struct Files(Vec<PathBuf>);

impl Drop for Files {
    fn drop(&mut self) {
        for path in &self.0 {
            // Left behind, they are replaced by the next start.
            let _ = fs::remove_file(path);
        }
    }
}

/// Listens on the control socket, for the owner alone. The caller holds the directory, so a socket that is already
/// there is a dead one, and replaced.
///
/// # Errors
///
/// The directory cannot be written, or its path is too long for a socket.
pub(super) fn socket(data: &Path) -> io::Result<UnixListener> {
    let (path, fresh) = (paths::socket(data), data.join("chappe.sock.new"));
    let _ = fs::remove_file(&fresh);
    let listener = UnixListener::bind(&fresh)?;
    fs::set_permissions(&fresh, Permissions::from_mode(0o600))?;
    // Under its name only once nobody else can open it.
    fs::rename(&fresh, &path)?;
    Ok(listener)
}

/// Tells the addresses.
///
/// # Errors
///
/// The directory cannot be written.
pub(super) fn tell(data: &Path, smpp: &str, http: &str) -> io::Result<Files> {
    let (smpp_path, http_path) = (paths::smpp_address(data), paths::http_address(data));
    write(&smpp_path, smpp)?;
    write(&http_path, http)?;
    Ok(Files(vec![smpp_path, http_path, paths::socket(data)]))
}

/// Whole or not at all: a reader never sees half an address.
fn write(path: &Path, line: &str) -> io::Result<()> {
    let fresh = path.with_extension("new");
    fs::write(&fresh, format!("{line}\n"))?;
    fs::rename(&fresh, path)
}
