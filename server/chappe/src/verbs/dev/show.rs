//! A happening as a line.

use chappe_core::{MessageId, Reason};
use chappe_exchange::{Happening, Text};
use serde::Serialize;
use smpp_wire::CommandStatus;
use sms_text::{Spelling, concat_of, split_udh};

use super::setup::ACCOUNT;
use crate::ui::Tone;

/// One thing that passed.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    /// system_id of the account, or name of the link.
    pub(super) name: String,
    #[serde(rename = "event")]
    pub(super) word: &'static str,
    pub(super) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<&'static str>,
    /// Whether only the same text is a repeat.
    #[serde(skip)]
    pub(super) is_chatter: bool,
    #[serde(skip)]
    pub(super) tone: Option<Tone>,
}

/// Characters of a message's text that are shown.
const TEXT_MAX: usize = 32;
/// esm_class: the user data begins with a header (SMPP 5.0 §4.7.12).
const UDHI: u8 = 0x40;

impl Line {
    pub(super) fn new(name: &str, word: &'static str, text: String) -> Self {
        Self {
            // Where no receipt was asked for, the end of a message does not know its account; there is one.
            name: if name.is_empty() { ACCOUNT.to_owned() } else { name.to_owned() },
            word,
            text,
            id: None,
            reason: None,
            is_chatter: false,
            tone: None,
        }
    }

    pub(super) fn id(self, id: MessageId) -> Self {
        Self { id: Some(id.to_string()), ..self }
    }

    pub(super) fn tone(self, tone: Tone) -> Self {
        Self { tone: Some(tone), ..self }
    }

    /// What a happening says by itself; an end and its receipt are told together, elsewhere.
    pub(super) fn of(happening: &Happening) -> Option<Self> {
        Some(match happening {
            Happening::Bound { name, mode, version, peer } => {
                let version = format!("{}.{}", version >> 4, version & 0xf);
                Self::new(name, "bound", format!("{mode}, {version}, {}", address(name, peer)))
            }
            Happening::Unbound { name, peer } => Self::new(name, "unbound", address(name, peer)),
            Happening::BindRefused { name, peer, reason } => {
                let host = peer.rsplit_once(':').map_or(peer.as_str(), |(host, _)| host);
                Self {
                    is_chatter: true,
                    reason: Some(reason.name()),
                    ..Self::new(name, "refused", format!("bind from {host}: {}", status(*reason)))
                }
                .tone(Tone::Bad)
            }
            Happening::Submitted(text) => Self::new(&text.account, "submitted", said(text)).id(text.id),
            Happening::Inbound(text) => Self::new(&text.account, "inbound", said(text)).id(text.id),
            Happening::Refused { account, source, destination, reason } => Self {
                reason: Some(reason.name()),
                ..Self::new(account, "refused", format!("{source} → {destination}: {}", status(*reason)))
            }
            .tone(Tone::Bad),
            Happening::Deferred { account, id, target, reason, again_in } => {
                let wait = again_in.as_secs_f64();
                Self::tried(
                    account,
                    "deferred",
                    *id,
                    *reason,
                    format!("{target}: {reason}, again in {wait:.0} s"),
                )
            }
            Happening::Moved { account, id, from, to, reason } => {
                Self::tried(account, "moved", *id, *reason, format!("{from} → {to}: {reason}"))
            }
            Happening::Held { id, target, reason } => {
                Self::tried("", "held", *id, *reason, format!("{target}: {reason}")).tone(Tone::Bad)
            }
            Happening::Ended { .. } | Happening::Told { .. } => return None,
        })
    }

    /// A try that was not the last.
    fn tried(account: &str, word: &'static str, id: MessageId, reason: Reason, text: String) -> Self {
        Self { reason: Some(reason.name()), ..Self::new(account, word, text).id(id) }
    }
}

/// We call carriers, and external systems call us.
fn address(name: &str, peer: &str) -> String {
    let way = if name == super::setup::LINK { "to" } else { "from" };
    format!("{way} {peer}")
}

/// `ESME_RINVPASWD 0x0E, wrong_password`
fn status(reason: Reason) -> String {
    format!("{}, {reason}", CommandStatus(reason.status_v34()))
}

/// `ACME → 385915550101  "Your code is 481516"`
fn said(text: &Text) -> String {
    let has_header = text.esm_class & UDHI != 0;
    let (header, octets) = match split_udh(&text.user_data) {
        Ok(parts) if has_header => parts,
        _ => (&[][..], &text.user_data[..]),
    };
    let whole = Spelling::received(text.data_coding, header).decode(octets);
    let mut shown: String = whole.chars().take(TEXT_MAX).flat_map(char::escape_debug).collect();
    if whole.chars().nth(TEXT_MAX).is_some() {
        shown.push('…');
    }
    let part = concat_of(&text.user_data).filter(|_| has_header);
    let part = part.map(|concat| format!("  part {} of {}", concat.sequence, concat.total));
    let (source, destination) = (&text.source, &text.destination);
    format!("{source} → {destination}  \"{shown}\"{}", part.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_submission_shows_who_wrote_what_to_whom() {
        let text = |user_data: &[u8], esm_class| {
            said(&Text {
                account: "dev".into(),
                id: MessageId(1),
                source: "ACME".into(),
                destination: "385915550101".into(),
                data_coding: 0,
                esm_class,
                user_data: user_data.to_vec(),
            })
        };
        assert_eq!(text(b"hi", 0), "ACME → 385915550101  \"hi\"");
        assert_eq!(text(b"\x05\x00\x03\x07\x02\x01hi", 0x40), "ACME → 385915550101  \"hi\"  part 1 of 2");
        assert_eq!(text(b"a\nb\"", 0), "ACME → 385915550101  \"a\\nb\\\"\"");
    }

    #[test]
    fn a_refused_bind_names_status_and_reason() {
        let line = Line::of(&Happening::BindRefused {
            name: "dev".into(),
            peer: "127.0.0.1:51090".into(),
            reason: Reason::WrongPassword,
        })
        .unwrap();
        assert_eq!(line.text, "bind from 127.0.0.1: ESME_RINVPASWD 0x0E, wrong_password");
    }
}
