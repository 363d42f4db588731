//! The passwords of accounts.

use std::collections::HashMap;
use std::fmt;

use argon2::Argon2;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use chappe_core::AccountId;
use subtle::ConstantTimeEq;

/// How an account's password is kept.
#[derive(Clone)]
pub enum Secret {
    Plain(String),
    /// A PHC string: `$argon2id$v=19$...`.
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

/// The secrets of all accounts. An account without one cannot bind.
#[derive(Clone, Debug, Default)]
pub struct Access {
    pub secrets: HashMap<AccountId, Secret>,
}

impl Access {
    /// A hash that stands for that of an account which has none, so that its refusal takes as long.
    pub(super) fn decoy(&self) -> Option<&str> {
        self.secrets.values().find_map(|secret| match secret {
            Secret::Argon2id(hash) => Some(hash.as_str()),
            Secret::Plain(_) => None,
        })
    }
}

/// Longer passwords than a PDU can carry are equal to nothing.
const PASSWORD_MAX: usize = 256;

/// Compares in a time that depends on neither.
pub(crate) fn same(secret: &[u8], given: &[u8]) -> bool {
    let (secret_padded, given_padded) = (padded(secret), padded(given));
    let lengths = (secret.len() as u64).ct_eq(&(given.len() as u64));
    bool::from(lengths & secret_padded.ct_eq(&given_padded)) && given.len() <= PASSWORD_MAX
}

fn padded(octets: &[u8]) -> [u8; PASSWORD_MAX] {
    let mut padded = [0; PASSWORD_MAX];
    padded.iter_mut().zip(octets).for_each(|(to, from)| *to = *from);
    padded
}

/// Hashes what was given and compares; takes tens of milliseconds and as many mebibytes. A string that is no hash
/// fits no password.
pub(super) fn fits(hash: &str, given: &[u8]) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(given, &hash).is_ok())
}
