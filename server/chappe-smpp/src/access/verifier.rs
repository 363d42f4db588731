//! Whether a password is an account's.

use std::num::NonZero;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use chappe_core::AccountId;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::known::Known;
use super::secret::{Access, Secret, fits, same};

/// Verifies passwords; at most as many are hashed at once as there are cores.
#[derive(Debug)]
pub(crate) struct Verifier {
    hashing: Semaphore,
    known: Arc<Known>,
}

impl Default for Verifier {
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        Self { hashing: Semaphore::new(cores), known: Arc::default() }
    }
}

impl Verifier {
    /// Whether `given` is the password of `account`. The answer "no" takes as long for an account that does not exist,
    /// one with a plain password and one with a hash, where any account has a hash.
    pub(crate) async fn verify(&self, access: &Access, account: Option<AccountId>, given: &[u8]) -> bool {
        let secret = account.and_then(|account| access.secrets.get(&account));
        let plain = match secret {
            Some(Secret::Plain(secret)) => secret.as_bytes(),
            Some(Secret::Argon2id(_)) | None => &[],
        };
        let is_plain = matches!(secret, Some(Secret::Plain(_)));
        if same(plain, given) && is_plain {
            return true;
        }
        match (secret, access.decoy()) {
            (Some(Secret::Argon2id(hash)), _) => self.hashed(hash, given).await,
            (_, Some(decoy)) => {
                // The outcome is thrown away: it is another account's.
                let _ = self.hash(decoy, given).await;
                false
            }
            (_, None) => false,
        }
    }

    async fn hashed(&self, hash: &str, given: &[u8]) -> bool {
        if self.known.contains(hash, given, Instant::now()) {
            return true;
        }
        let fits = self.hash(hash, given).await;
        if fits {
            self.known.insert(hash, given, Instant::now());
        }
        fits
    }

    async fn hash(&self, hash: &str, given: &[u8]) -> bool {
        let Ok(_permit) = self.hashing.acquire().await else {
            return false;
        };
        let (hash, given) = (hash.to_owned(), given.to_vec());
        spawn_blocking(move || fits(&hash, &given)).await.unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use argon2::password_hash::PasswordHasher;
    use argon2::{Algorithm, Argon2, Params, Version};

    use super::*;

    fn hash(password: &str) -> Secret {
        let params = Params::new(8, 1, 1, None).unwrap();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Secret::Argon2id(argon2.hash_password(password.as_bytes()).unwrap().to_string())
    }

    #[tokio::test]
    async fn a_password_opens_its_own_account_only() {
        let [plain, hashed, none] = [1, 2, 3].map(AccountId);
        let secrets = HashMap::from([(plain, Secret::Plain("open".into())), (hashed, hash("sesame"))]);
        let (access, verifier) = (Access { secrets }, Verifier::default());
        for (account, password, opens) in [
            (Some(plain), "open", true),
            (Some(plain), "opens", false),
            (Some(plain), "", false),
            (Some(plain), "sesame", false),
            (Some(hashed), "sesame", true),
            (Some(hashed), "sesame", true),
            (Some(hashed), "open", false),
            (Some(hashed), "", false),
            (Some(none), "", false),
            (Some(none), "open", false),
            (None, "sesame", false),
            (None, "", false),
        ] {
            let found = verifier.verify(&access, account, password.as_bytes()).await;
            assert_eq!(found, opens, "{account:?} {password:?}");
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        let secrets =
            HashMap::from([(AccountId(1), Secret::Plain("hidden".into())), (AccountId(2), hash("x"))]);
        let printed = format!("{:?}", Access { secrets });
        assert!(!printed.contains("hidden") && !printed.contains("$argon2id"), "{printed}");
    }
}
