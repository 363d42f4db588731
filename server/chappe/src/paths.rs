//! Where things lie.

use std::env;
use std::path::{Path, PathBuf};

/// The data directory of `chappe dev`: `$XDG_DATA_HOME/chappe/dev`, else `~/.local/share/chappe/dev`.
pub(crate) fn dev_data() -> PathBuf {
    dev_data_of(set("XDG_DATA_HOME"), set("HOME"))
}

/// Without a home there is nothing better than where we stand.
fn dev_data_of(xdg: Option<PathBuf>, home: Option<PathBuf>) -> PathBuf {
    let share = xdg.filter(|path| path.is_absolute()).or_else(|| Some(home?.join(".local/share")));
    share.unwrap_or_default().join("chappe/dev")
}

fn set(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The generated password of the account `dev`.
pub(crate) fn password(data: &Path) -> PathBuf {
    data.join("password")
}

/// The control socket of the centre that has this data directory.
pub(crate) fn socket(data: &Path) -> PathBuf {
    data.join("chappe.sock")
}

/// One line: the address its SMPP door listens on.
pub(crate) fn smpp_address(data: &Path) -> PathBuf {
    data.join("smpp.addr")
}

/// One line: the address its HTTP door listens on.
pub(crate) fn http_address(data: &Path) -> PathBuf {
    data.join("http.addr")
}

/// A path as a person writes it: `~` for the home.
pub(crate) fn shown(path: &Path) -> String {
    shown_from(path, set("HOME").as_deref())
}

fn shown_from(path: &Path, home: Option<&Path>) -> String {
    match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) if rest.as_os_str().is_empty() => "~".into(),
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_of_dev_is_the_users() {
        let (xdg, home) = (Some(PathBuf::from("/x")), Some(PathBuf::from("/home/me")));
        let cases = [
            (xdg.clone(), home.clone(), "/x/chappe/dev"),
            (None, home.clone(), "/home/me/.local/share/chappe/dev"),
            // A relative XDG_DATA_HOME is void (XDG base directory specification).
            (Some("x".into()), home, "/home/me/.local/share/chappe/dev"),
            (None, None, "chappe/dev"),
        ];
        for (xdg, home, expected) in cases {
            assert_eq!(dev_data_of(xdg, home), Path::new(expected));
        }
    }

    #[test]
    fn a_path_below_the_home_is_shown_from_there() {
        let home = Some(Path::new("/home/me"));
        assert_eq!(shown_from(Path::new("/home/me/a/b"), home), "~/a/b");
        assert_eq!(shown_from(Path::new("/home/me"), home), "~");
        assert_eq!(shown_from(Path::new("/home/meow"), home), "/home/meow");
        assert_eq!(shown_from(Path::new("/srv"), None), "/srv");
    }
}
