//! `[[account]]`: who may bind and submit.

use chappe_core::{Account, Alphabet, Class, Sources};

use super::problem::Problems;
use super::rate;
use super::secret::{self, Kept};
use super::section::Section;
use super::source::{At, Place};
use super::{network, wishes, zone};

/// One account of the file.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub(super) account: Account,
    pub(super) secret: Kept,
    pub(super) place: Place,
}

/// Octets of a system_id: 15 by the specification, and a NUL.
const SYSTEM_ID_OCTETS: usize = 15;

pub(super) fn read(mut section: Section<'_>) -> Option<Read> {
    let system_id = section.required("system_id");
    let secret = secret::of_account(&mut section);
    let mut account = Account::new(system_id.as_ref().map_or("", |at| at.value.as_str()));
    if let Some(count) = section.count("binds_max", 1..=1000) {
        account.binds_max = count as usize;
    }
    if let Some(count) = section.count("window_max", 1..=65_535) {
        account.window_max = count as usize;
    }
    account.rate = rate::read(&mut section);
    if let Some(patterns) = section.strings("sources") {
        account.sources = sources(section.problems, &patterns);
    }
    if let Some(networks) = section.strings("allow_from") {
        let networks = network::list(section.problems, &networks);
        account.allow_from = networks.iter().map(|network| (network.address, network.bits)).collect();
    }
    if let Some(class) = section.choice("class", &Class::ALL.map(|class| (class.name(), class))) {
        account.class = class;
    }
    account.classes = wishes::classes(&mut section);
    account.time_zone = zone::read(&mut section).unwrap_or(account.time_zone);
    account.duplicates = section.duration("duplicates");
    account.receipt = wishes::receipt(&mut section);
    account.receipts_to = wishes::receipts_to(&mut section);
    account.long = wishes::long(&mut section);
    account.default_alphabet =
        section.choice("default_alphabet", &Alphabet::NAMES).unwrap_or(account.default_alphabet);
    account.tls_required = section.flag("tls_required").unwrap_or(account.tls_required);
    let names = section.strings("certificate_names").unwrap_or_default();
    account.certificate_names = names.into_iter().map(|at| at.value).collect();
    section.not_built(&["uniform"]);
    let place = system_id.as_ref().map_or(section.place(), |at| at.place.clone());
    if let Some(at) = system_id.as_ref().filter(|at| at.value.len() > SYSTEM_ID_OCTETS) {
        section.bad(
            at,
            format!("`system_id` has {} octets; a bind carries {SYSTEM_ID_OCTETS}", at.value.len()),
            None,
        );
    }
    section.finish();
    system_id?;
    Some(Read { account, secret: secret?, place })
}

fn sources(problems: &Problems, patterns: &[At<String>]) -> Sources {
    for at in patterns {
        let head = at.value.strip_suffix('*').unwrap_or(&at.value);
        if head.contains('*') {
            problems.add(
                at.place.clone(),
                format!("\"{}\" has a `*` before its end", at.value),
                Some("a sender is exact (\"ACME\") or a prefix (\"3859*\")".into()),
            );
        }
    }
    Sources::new(patterns.iter().map(|at| at.value.as_str()))
}
