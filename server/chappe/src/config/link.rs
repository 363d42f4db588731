//! `[[link]]`: a carrier, and how to speak with it.

use chappe_core::{Alphabet, InDoubt, Link, LinkMode, LongForm, Version};

use super::checked::{Credentials, Outbind, Password};
use super::rate;
use super::secret::{self, Kept};
use super::section::Section;
use super::source::{At, Place};
use super::{retry, tls, zone};

/// One link of the file.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub(super) link: Link,
    pub(super) credentials: Credentials,
    /// The secrets: its own, and that of its outbind.
    pub(super) kept: Vec<Kept>,
    pub(super) place: Place,
}

pub(super) fn read(mut section: Section<'_>) -> Option<Read> {
    let name = section.required("name");
    let outbind = outbind(&mut section);
    let address = match (section.value("address"), section.value("outbind")) {
        // A carrier that calls us need not be called.
        (None, Some(_)) => Some(At { value: String::new(), place: section.place() }),
        _ => section.required("address").and_then(|at| checked_address(&section, at)),
    };
    let system_id = section.required("system_id");
    let secret = secret::of_link(&mut section);
    let tls = tls::of_link(&mut section);
    let mut link = Link::new(text(&name), text(&address), text(&system_id));
    if let Some(count) = section.count("binds", 1..=1000) {
        link.binds = count as usize;
    }
    if let Some(count) = section.count("window", 1..=65_535) {
        link.window = count as usize;
    }
    session(&mut section, &mut link);
    link.rate = rate::read(&mut section);
    link.receipts = section.flag("receipts").unwrap_or(link.receipts);
    link.in_doubt = section.choice("in_doubt", IN_DOUBT).unwrap_or(link.in_doubt);
    link.hold = section.duration("hold").unwrap_or(link.hold);
    link.receipt_wait = section.duration("receipt_wait");
    if let Some(count) = section.count("attempts_max", 1..=1_000_000) {
        link.attempts_max = u32::try_from(count).unwrap_or(u32::MAX);
    }
    link.retry = retry::read(&mut section);
    link.long = section.choice("long", LONG).unwrap_or(link.long);
    if let Some(count) = section.count("drops_max", 1..=255) {
        link.drops_max = u8::try_from(count).unwrap_or(u8::MAX);
    }
    link.time_zone = zone::read(&mut section).unwrap_or(link.time_zone);
    let place = name.as_ref().map_or(section.place(), |at| at.place.clone());
    section.finish();
    let (_, _, _) = (name?, address?, system_id?);
    let (password, own) = secret?;
    let (outbind, its) = outbind.unzip();
    let credentials = Credentials { password: Password(password), tls, outbind };
    Some(Read { link, credentials, kept: [Some(own), its].into_iter().flatten().collect(), place })
}

/// How its sessions are bound, and what is spoken there.
fn session(section: &mut Section<'_>, link: &mut Link) {
    link.system_type = bounded(section, "system_type", SYSTEM_TYPE_OCTETS).unwrap_or_default();
    link.address_range = bounded(section, "address_range", ADDRESS_RANGE_OCTETS).unwrap_or_default();
    link.alphabet = section.choice("alphabet", &Alphabet::NAMES).unwrap_or(link.alphabet);
    link.interface_version =
        section.choice("interface_version", &Version::NAMES).unwrap_or(link.interface_version);
    link.unsaid_version = section.choice("unsaid_version", &Version::NAMES).unwrap_or(link.unsaid_version);
    if link.interface_version == Version::V3_3 {
        link.mode = LinkMode::Pair;
    }
    let Some(mode) = section.choice("mode", &LinkMode::NAMES) else { return };
    link.mode = mode;
    if link.interface_version == Version::V3_3 && mode == LinkMode::Transceiver {
        let value = section.value("mode");
        let place = value.map_or_else(|| section.place(), |value| section.at(value, ()).place);
        let what = "SMPP 3.3 knows no transceiver";
        section.problems.add(place, what, Some("write mode = \"tx+rx\"".into()));
    }
}

/// `outbind = { system_id, password_file }`.
fn outbind(link: &mut Section<'_>) -> Option<(Outbind, Kept)> {
    let mut section = link.section("outbind")?;
    let system_id = section.required("system_id");
    let secret = secret::of_link(&mut section);
    section.finish();
    let (password, kept) = secret?;
    Some((Outbind { system_id: system_id?.value, password: Password(password) }, kept))
}

/// A text that a bind carries in a field of so many octets.
fn bounded(section: &mut Section<'_>, key: &'static str, octets: usize) -> Option<String> {
    let at = section.string(key)?;
    if at.value.len() > octets {
        let length = at.value.len();
        section.bad(&at, format!("`{key}` has {length} octets; a bind carries {octets}"), None);
    }
    Some(at.value)
}

/// Octets of the fields of a bind (SMPP 5.0 §4.1.1.1), without their NUL.
const SYSTEM_TYPE_OCTETS: usize = 12;
const ADDRESS_RANGE_OCTETS: usize = 40;

const IN_DOUBT: &[(&str, InDoubt)] =
    &[("hold", InDoubt::Hold), ("retry", InDoubt::Retry), ("fail", InDoubt::Fail)];

const LONG: &[(&str, LongForm)] = &[
    ("as_is", LongForm::AsIs),
    ("udh", LongForm::Udh),
    ("sar", LongForm::Sar),
    ("payload", LongForm::Payload),
];

fn text(at: &Option<At<String>>) -> &str {
    at.as_ref().map_or("", |at| at.value.as_str())
}

fn checked_address(section: &Section<'_>, at: At<String>) -> Option<At<String>> {
    if at.value.starts_with("unix:/") {
        return Some(at);
    }
    let host_and_port = at
        .value
        .rsplit_once(':')
        .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0));
    if !host_and_port {
        let hint = format!("write it with its port: \"{}:2775\"", at.value.trim_end_matches(':'));
        section.bad(&at, format!("\"{}\" is not host:port", at.value), Some(hint));
        return None;
    }
    Some(at)
}
