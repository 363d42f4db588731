//! Passwords: from the environment, from a file of their own, as a hash, or (warned about) plain.

use std::env;
use std::fmt;
use std::fs;
use std::path::Path;

use toml::Spanned;
use toml::de::DeValue;

use super::section::Section;
use super::source::{At, Place};

/// A password, or what is enough to recognise one.
#[derive(Clone, Eq, PartialEq)]
pub(crate) enum Secret {
    Plain(String),
    /// A PHC string: `$argon2id$v=19$m=…`.
    Argon2id(String),
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain(..)",
            Self::Argon2id(_) => "Argon2id(..)",
        })
    }
}

/// A secret with what `check` says about how it is kept.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) secret: Secret,
    pub(super) place: Place,
    pub(super) unwise: Vec<String>,
}

/// Octets of a password that a bind carries (SMPP 3.4 §5.2.2); some peers send more, few can.
const PASSWORD_OCTETS: usize = 8;
/// Octets of a password that the centre reads.
const PASSWORD_OCTETS_MAX: usize = 64;

/// The secret of an account: exactly one of the four keys.
pub(super) fn of_account(section: &mut Section<'_>) -> Option<Kept> {
    read(section, &["password_file", "password_env", "password_hash", "password"])
}

/// The secret of a link: we must know it to send it, so there is no hash.
pub(super) fn of_link(section: &mut Section<'_>) -> Option<(String, Kept)> {
    if let Some(value) = section.value("password_hash") {
        let at = section.at(value, ());
        section.bad(
            &at,
            "a link has to send its password; a hash is not enough",
            Some("use password_file or password_env".into()),
        );
        return None;
    }
    let kept = read(section, &["password_file", "password_env", "password"])?;
    match &kept.secret {
        Secret::Plain(password) => Some((password.clone(), kept)),
        Secret::Argon2id(_) => None,
    }
}

fn read(section: &mut Section<'_>, keys: &[&'static str]) -> Option<Kept> {
    let mut given = Vec::new();
    for key in keys {
        if let Some(value) = section.value(key) {
            given.push((*key, value));
        }
    }
    let Some((key, value)) = given.first() else {
        section.missing("password_file");
        return None;
    };
    if let Some((second, value)) = given.get(1) {
        let at = section.at(value, ());
        section.bad(&at, format!("both `{key}` and `{second}`"), Some("keep one of them".into()));
        return None;
    }
    let given = text(section, key, value)?;
    let kept = match *key {
        "password_file" => from_file(section, &given),
        "password_env" => from_environment(section, &given),
        "password_hash" => hash(section, given),
        _ => Some(Kept {
            unwise: vec![
                "the password stands in the file; password_file or password_env keeps it out of git".into(),
            ],
            secret: Secret::Plain(given.value),
            place: given.place,
        }),
    }?;
    bounded(section, key, kept)
}

/// The text of a key whose value is never shown.
fn text(section: &Section<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Option<At<String>> {
    let text = value.get_ref().as_str().filter(|text| !text.is_empty());
    if text.is_none() {
        let at = section.at(value, ());
        section.bad(&at, format!("`{key}` must be text in quotes"), None);
    }
    Some(section.at(value, text?.to_owned()))
}

fn from_file(section: &Section<'_>, given: &At<String>) -> Option<Kept> {
    let path = section.source.resolve(&given.value);
    match fs::read_to_string(&path) {
        Ok(text) => Some(Kept {
            secret: Secret::Plain(text.trim_end_matches(['\r', '\n']).to_owned()),
            place: given.place.clone(),
            unwise: readable_by_others(&path).into_iter().collect(),
        }),
        Err(error) => {
            section.bad(given, format!("{}: {error}", path.display()), None);
            None
        }
    }
}

/// What is unwise about a file with a secret in it.
pub(super) fn readable_by_others(path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).ok()?.permissions().mode();
    let path = path.display();
    (mode & 0o077 != 0).then(|| format!("{path} can be read by other users; chmod 600 {path}"))
}

fn from_environment(section: &Section<'_>, given: &At<String>) -> Option<Kept> {
    match env::var(&given.value) {
        Ok(password) => {
            Some(Kept { secret: Secret::Plain(password), place: given.place.clone(), unwise: Vec::new() })
        }
        Err(env::VarError::NotPresent) => {
            section.bad(given, format!("{} is not set in the environment", given.value), None);
            None
        }
        Err(env::VarError::NotUnicode(_)) => {
            section.bad(given, format!("{} is not UTF-8", given.value), None);
            None
        }
    }
}

fn hash(section: &Section<'_>, given: At<String>) -> Option<Kept> {
    let readable = argon2::PasswordHash::new(&given.value)
        .is_ok_and(|hash| hash.algorithm.as_str() == "argon2id" && hash.hash.is_some());
    if !readable {
        section.bad(&given, "`password_hash` is not an argon2id hash ($argon2id$v=19$…)", None);
        return None;
    }
    Some(Kept { secret: Secret::Argon2id(given.value), place: given.place, unwise: Vec::new() })
}

fn bounded(section: &Section<'_>, key: &str, mut kept: Kept) -> Option<Kept> {
    let Secret::Plain(password) = &kept.secret else {
        return Some(kept);
    };
    let octets = password.len();
    if octets == 0 || octets > PASSWORD_OCTETS_MAX {
        let at = At { value: (), place: kept.place };
        section.bad(
            &at,
            format!("the password of `{key}` has {octets} octets; 1 to {PASSWORD_OCTETS_MAX} can be sent"),
            None,
        );
        return None;
    }
    if octets > PASSWORD_OCTETS {
        kept.unwise.push(format!(
            "the password has {octets} octets; SMPP carries {PASSWORD_OCTETS}, and many clients cut it there"
        ));
    }
    Some(kept)
}
