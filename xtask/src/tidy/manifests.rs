//! What every manifest says: licence, the workspace's lints; and a lock file with one registry.

use toml::{Table, Value};

use super::finding::Finding;
use super::tree::Tree;

const LICENCE: &str = "MIT OR Apache-2.0";
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::from_iter(workspace(tree));
    findings.extend(lock(tree));
    for folder in tree.crates() {
        findings.extend(member(tree, &format!("{folder}/Cargo.toml")));
    }
    findings
}

fn workspace(tree: &Tree) -> Option<Finding> {
    let root = table(tree, "Cargo.toml");
    let licence = at(&root, &["workspace", "package", "license"]).and_then(Value::as_str);
    if licence != Some(LICENCE) {
        return Some(Finding::of("Cargo.toml", format!("the workspace's license is not \"{LICENCE}\"")));
    }
    let ban = at(&root, &["workspace", "lints", "rust", "unsafe_code"]).and_then(Value::as_str);
    (ban != Some("forbid"))
        .then(|| Finding::of("Cargo.toml", "the workspace's lints do not forbid unsafe_code"))
}

fn member(tree: &Tree, path: &str) -> Option<Finding> {
    let manifest = table(tree, path);
    if at(&manifest, &["package", "license", "workspace"]).and_then(Value::as_bool) != Some(true) {
        return Some(Finding::of(path, "has no `license.workspace = true`"));
    }
    let lints = at(&manifest, &["lints", "workspace"]).and_then(Value::as_bool);
    (lints != Some(true)).then(|| Finding::of(path, "does not take the workspace's lints"))
}

fn lock(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.text("Cargo.lock") else {
        return vec![Finding::of("Cargo.lock", "is missing: a binary is built from locked versions")];
    };
    let elsewhere = |line: &str| line.starts_with("source = ") && !line.contains(REGISTRY);
    text.lines()
        .enumerate()
        .filter(|(_, line)| elsewhere(line))
        .map(|(index, line)| Finding::at("Cargo.lock", index + 1, format!("comes from elsewhere: {line}")))
        .collect()
}

fn table(tree: &Tree, path: &str) -> Table {
    tree.text(path).and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn at<'a>(table: &'a Table, way: &[&str]) -> Option<&'a Value> {
    let (first, rest) = way.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "[workspace.package]\nlicense = \"MIT OR Apache-2.0\"\n[workspace.lints.rust]\nunsafe_code = \"forbid\"\n";
    const MEMBER: &str = "[package]\nlicense.workspace = true\n[lints]\nworkspace = true\n";

    fn findings(changed: (&str, &str)) -> Vec<String> {
        let mut files = vec![("Cargo.toml", ROOT), ("Cargo.lock", ""), ("xtask/Cargo.toml", MEMBER)];
        files.retain(|(path, _)| *path != changed.0);
        files.push(changed);
        check(&Tree::made_up(&files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_whole_set_of_manifests_is_fine() {
        assert_eq!(findings(("xtask/Cargo.toml", MEMBER)), [""; 0]);
    }

    #[test]
    fn a_crate_without_a_licence_is_found() {
        let bare = "[package]\n[lints]\nworkspace = true\n";
        assert_eq!(
            findings(("xtask/Cargo.toml", bare)),
            ["xtask/Cargo.toml:1 has no `license.workspace = true`"]
        );
    }

    #[test]
    fn a_crate_without_the_lints_is_found() {
        let bare = "[package]\nlicense.workspace = true\n";
        assert_eq!(
            findings(("xtask/Cargo.toml", bare)),
            ["xtask/Cargo.toml:1 does not take the workspace's lints"]
        );
    }

    #[test]
    fn another_licence_or_a_weaker_ban_of_unsafe_is_found() {
        let other = ROOT.replace("MIT OR", "GPL-3.0 OR");
        assert_eq!(
            findings(("Cargo.toml", &other)),
            ["Cargo.toml:1 the workspace's license is not \"MIT OR Apache-2.0\""]
        );
        let weaker = ROOT.replace("forbid", "warn");
        assert_eq!(
            findings(("Cargo.toml", &weaker)),
            ["Cargo.toml:1 the workspace's lints do not forbid unsafe_code"]
        );
    }

    #[test]
    fn a_missing_lock_file_is_found() {
        let tree = Tree::made_up(&[("Cargo.toml", ROOT)]);
        assert_eq!(
            check(&tree)[0].to_string(),
            "Cargo.lock:1 is missing: a binary is built from locked versions"
        );
    }

    #[test]
    fn a_dependency_from_elsewhere_is_found() {
        let lock = "[[package]]\nname = \"x\"\nsource = \"git+https://example.org/x\"\n";
        assert_eq!(
            findings(("Cargo.lock", lock)),
            ["Cargo.lock:3 comes from elsewhere: source = \"git+https://example.org/x\""]
        );
    }
}
