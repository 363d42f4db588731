//! The pure crates know no clock, socket, task or file: their `clippy.toml` bans them.

use super::finding::Finding;
use super::table::TABLE;
use super::tree::Tree;

const BANNED: &[&str] = &["std::time::Instant::now", "std::time::SystemTime::now"];

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let present = |folder: &str| tree.text(&format!("{folder}/Cargo.toml")).is_some();
    TABLE
        .iter()
        .filter(|row| row.pure && present(row.folder))
        .filter_map(|row| missing(tree, row.folder))
        .collect()
}

fn missing(tree: &Tree, folder: &str) -> Option<Finding> {
    let path = format!("{folder}/clippy.toml");
    let Some(text) = tree.text(&path) else {
        return Some(Finding::of(&path, "is missing: a pure crate bans the clock"));
    };
    let banned: Vec<String> = banned(text);
    let absent = BANNED.iter().find(|method| !banned.iter().any(|entry| entry == *method))?;
    Some(Finding::of(&path, format!("disallowed-methods lacks {absent}")))
}

/// The paths of `disallowed-methods`; none where the file is no TOML.
fn banned(text: &str) -> Vec<String> {
    let table = text.parse::<toml::Table>().unwrap_or_default();
    let entries =
        table.get("disallowed-methods").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let path = |entry: &toml::Value| {
        entry.get("path").or(Some(entry)).and_then(|path| path.as_str().map(String::from))
    };
    entries.iter().filter_map(path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRATE: (&str, &str) = ("protocol/sms-text/Cargo.toml", "");
    const BAN: &str = "protocol/sms-text/clippy.toml";

    #[test]
    fn a_pure_crate_without_the_ban_is_found() {
        let found = check(&Tree::made_up(&[CRATE]));
        assert_eq!(
            found[0].to_string(),
            "protocol/sms-text/clippy.toml:1 is missing: a pure crate bans the clock"
        );
    }

    #[test]
    fn a_ban_that_forgets_a_clock_is_found() {
        let half = "disallowed-methods = [{ path = \"std::time::Instant::now\" }]";
        let found = check(&Tree::made_up(&[CRATE, (BAN, half)]));
        assert_eq!(
            found[0].to_string(),
            "protocol/sms-text/clippy.toml:1 disallowed-methods lacks std::time::SystemTime::now"
        );
    }

    #[test]
    fn a_whole_ban_is_fine() {
        let whole =
            "disallowed-methods = [\"std::time::Instant::now\", { path = \"std::time::SystemTime::now\" }]";
        assert_eq!(check(&Tree::made_up(&[CRATE, (BAN, whole)])), []);
    }
}
