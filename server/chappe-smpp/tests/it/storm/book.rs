//! What the peers of the centre know: it outlives every crash.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard};

use super::outcome::Outcome;

#[derive(Debug, Default)]
pub(super) struct Book(Mutex<Pages>);

#[derive(Debug, Default)]
pub(super) struct Pages {
    /// How many texts the ESME has submitted.
    pub(super) submitted: usize,
    /// Texts answered with OK, and their ids.
    pub(super) acknowledged: HashMap<String, String>,
    pub(super) refused: HashSet<String>,
    /// Ids of the receipts that reached the ESME.
    pub(super) receipts: HashSet<String>,
    /// Texts that the carrier was given, and the sessions on which.
    pub(super) taken: HashMap<String, Vec<u64>>,
    /// Sessions of the carrier until now.
    pub(super) sessions: u64,
    /// Receipts the carrier owes: text and its id of the message.
    pub(super) owed: Vec<(String, String)>,
    pub(super) early_receipts: usize,
    pub(super) broken: Vec<String>,
}

impl Book {
    pub(super) fn open(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap()
    }

    /// Whether all is submitted and every acknowledged message is at the carrier and its receipt at home.
    pub(super) fn is_over(&self, messages: usize) -> bool {
        let pages = self.open();
        let is_home = |(text, id)| pages.taken.contains_key(text) && pages.receipts.contains(id);
        pages.submitted == messages && pages.acknowledged.iter().all(is_home)
    }

    pub(super) fn judge(&self, outcome: &mut Outcome) {
        let pages = self.open();
        outcome.broken.extend(pages.broken.iter().cloned());
        outcome.acknowledged = pages.acknowledged.len();
        outcome.early_receipts = pages.early_receipts;
        outcome.taken_twice = pages.taken.values().filter(|sessions| sessions.len() > 1).count();
        // What struck once can have swallowed an answer once.
        let excuses = outcome.strikes.total();
        let often = pages.taken.iter().filter(|(_, sessions)| sessions.len() > 1 + excuses);
        outcome
            .broken
            .extend(often.map(|(text, sessions)| format!("{text} was sent on the sessions {sessions:?}")));
        for (text, id) in &pages.acknowledged {
            if !pages.taken.contains_key(text) {
                outcome.broken.push(format!("{text} was acknowledged and never reached the carrier"));
            } else if !pages.receipts.contains(id) {
                outcome.broken.push(format!("{text}: no receipt came home"));
            }
        }
        let sent = pages.refused.iter().filter(|text| pages.taken.contains_key(*text));
        outcome.broken.extend(sent.map(|text| format!("{text} was refused and sent all the same")));
    }
}

impl Pages {
    /// The carrier was given this text on this session.
    pub(super) fn take(&mut self, text: &str, session: u64) {
        // That the carrier was answered proves nothing: a receipt fits no message whose answer was lost.
        if self.acknowledged.get(text).is_some_and(|id| self.receipts.contains(id)) {
            self.broken.push(format!("{text} was sent again after its receipt came home"));
        }
        self.taken.entry(text.to_owned()).or_default().push(session);
    }
}
