//! `[[link]]`: a carrier, and how to speak with it.

use chappe_core::{InDoubt, Link, LongForm};

use super::rate;
use super::secret::{self, Kept};
use super::section::Section;
use super::source::{At, Place};
use super::{retry, zone};

/// One link of the file.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub(super) link: Link,
    pub(super) password: String,
    pub(super) kept: Kept,
    pub(super) place: Place,
}

pub(super) fn read(mut section: Section<'_>) -> Option<Read> {
    let name = section.required("name");
    let address = section.required("address").and_then(|at| checked_address(&section, at));
    let system_id = section.required("system_id");
    let secret = secret::of_link(&mut section);
    let mut link = Link::new(text(&name), text(&address), text(&system_id));
    if let Some(count) = section.count("binds", 1..=1000) {
        link.binds = count as usize;
    }
    if let Some(count) = section.count("window", 1..=65_535) {
        link.window = count as usize;
    }
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
    section.not_built(&["tls", "mode", "interface_version", "address_range"]);
    let place = name.as_ref().map_or(section.place(), |at| at.place.clone());
    section.finish();
    let (_, _, _) = (name?, address?, system_id?);
    let (password, kept) = secret?;
    Some(Read { link, password, kept, place })
}

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
