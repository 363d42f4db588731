//! The real peers of the tests, and the tools the tests call: installed where they are missing.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;

/// The version of smpplib that the tests were written against.
const SMPPLIB: &str = "smpplib==2.2.4";

/// A Debian package, and the program of it that the tests start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) program: &'static str,
}

const PACKAGES: &[Package] = &[
    Package { name: "kannel", program: "bearerbox" },
    Package { name: "strace", program: "strace" },
    Package { name: "python3", program: "python3" },
    Package { name: "mount", program: "mount" },
    Package { name: "faketime", program: "faketime" },
    Package { name: "openssl", program: "openssl" },
    Package { name: "tshark", program: "tshark" },
];

/// What was found or installed.
#[derive(Debug)]
pub(crate) struct Peers {
    /// The interpreter whose environment has smpplib.
    pub(crate) python: PathBuf,
    /// Names and versions, for the closing lines.
    pub(crate) names: Vec<String>,
}

/// Installs what is missing and says what it does.
pub(crate) fn install(target: &Path) -> Result<Peers> {
    require(PACKAGES)?;
    let bearerbox = find("bearerbox").context("kannel is installed, but has no bearerbox")?;
    let python = smpplib(target)?;
    let names = vec![
        version(&bearerbox, "Kannel bearerbox"),
        SMPPLIB.replace("==", " "),
        first_words("openssl", "version"),
        first_words("tshark", "--version"),
    ];
    Ok(Peers { python, names })
}

/// Installs the packages whose program is not there.
pub(crate) fn require(packages: &[Package]) -> Result<()> {
    let missing: Vec<&str> = packages
        .iter()
        .filter(|package| find(package.program).is_none())
        .map(|package| package.name)
        .collect();
    if missing.is_empty() { Ok(()) } else { apt_get(&missing) }
}

fn apt_get(packages: &[&str]) -> Result<()> {
    eprintln!("missing: {}; installing with apt-get", packages.join(", "));
    shell::run(Command::new("apt-get").args(["update", "-qq"]))?;
    let mut install = Command::new("apt-get");
    install.args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages);
    shell::run(install.env("DEBIAN_FRONTEND", "noninteractive"))
}

/// A virtual environment below the target folder, with smpplib in it.
fn smpplib(target: &Path) -> Result<PathBuf> {
    let folder = target.join("peers/python");
    let python = folder.join("bin/python");
    let ready = |python: &Path| {
        let probe = Command::new(python).args(["-c", "import smpplib.client"]).output();
        probe.is_ok_and(|output| output.status.success())
    };
    if ready(&python) {
        return Ok(python);
    }
    eprintln!("missing: smpplib; installing into {}", folder.display());
    let mut probe = Command::new("python3");
    if !probe.args(["-c", "import ensurepip, venv"]).status()?.success() {
        apt_get(&["python3-venv", "python3-pip"])?;
    }
    shell::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    shell::run(Command::new(&python).args(["-m", "pip", "install", "--quiet", SMPPLIB]))?;
    if !ready(&python) {
        bail!("smpplib is installed in {}, but cannot be imported", folder.display());
    }
    Ok(python)
}

/// A program on the path, or where Debian keeps its daemons.
fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let daemons = [PathBuf::from("/usr/sbin"), PathBuf::from("/sbin")];
    std::env::split_paths(&path)
        .chain(daemons)
        .map(|folder| folder.join(program))
        .find(|place| place.is_file())
}

fn version(bearerbox: &Path, name: &str) -> String {
    let output = Command::new(bearerbox).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let version =
        text.split('`').nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or("of unknown version");
    format!("{name} {version}")
}

/// The name and version that a program says first.
fn first_words(program: &str, argument: &str) -> String {
    let output = Command::new(program).arg(argument).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().take(2).collect();
    if words.is_empty() { format!("{program} of unknown version") } else { words.join(" ").to_lowercase() }
}
