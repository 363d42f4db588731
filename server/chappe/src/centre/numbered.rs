//! A configuration whose names have their numbers of the store.

use std::collections::HashMap;

use chappe_core::{Link, LinkId, Policy, Route, Routes, Target};
use chappe_smpp::{Access, LinkSettings, OutbindSettings, Secret};
use chappe_store::{Store, StoreError};

use crate::config::{self, Config, Credentials, Password, Via};

/// What the exchange and the doors work by.
#[derive(Debug)]
pub(super) struct Numbered {
    pub(super) policy: Policy,
    pub(super) access: Access,
    pub(super) links: Vec<LinkSettings>,
}

/// Numbers the names of `config`. A name that is new gets its number here, for ever.
///
/// # Errors
///
/// [`StoreError::Unavailable`] when a new name cannot be written.
pub(super) fn numbered(config: &Config, store: &dyn Store, version: u32) -> Result<Numbered, StoreError> {
    let mut targets = HashMap::new();
    let (mut accounts, mut access) = (Vec::new(), Access::default());
    for (account, secret) in &config.accounts {
        let id = store.account(&account.system_id)?;
        targets.insert(Via::Account(account.system_id.clone()), Target::Mailbox(id));
        access.secrets.insert(id, secret_of(secret));
        accounts.push((id, account.clone()));
    }
    let mut links = Vec::new();
    for (link, credentials) in &config.links {
        let id = store.link(&link.name)?;
        targets.insert(Via::Link(link.name.clone()), Target::Link(id));
        links.push(settings(id, link.clone(), credentials));
    }
    let route = |route: &config::Route| Route {
        name: route.name.clone(),
        destination: route.destination.clone(),
        // Every name was looked up when the configuration was checked.
        via: route.via.iter().filter_map(|via| targets.get(via).copied()).collect(),
    };
    let routes = Routes::new(config.routes.iter().map(route).collect());
    let numbered_links = links.iter().map(|settings| (settings.id, settings.link.clone()));
    Ok(Numbered { policy: Policy::new(accounts, numbered_links, routes, version), access, links })
}

fn settings(id: LinkId, link: Link, credentials: &Credentials) -> LinkSettings {
    let Credentials { password: Password(password), tls, outbind } = credentials;
    let outbind = outbind.as_ref().map(|outbind| OutbindSettings {
        system_id: outbind.system_id.clone(),
        password: outbind.password.0.clone(),
    });
    LinkSettings { id, link, password: password.clone(), tls: tls.clone(), outbind }
}

fn secret_of(secret: &config::Secret) -> Secret {
    match secret {
        config::Secret::Plain(password) => Secret::Plain(password.clone()),
        config::Secret::Argon2id(hash) => Secret::Argon2id(hash.clone()),
    }
}
