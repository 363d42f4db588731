//! A store that goes on for another: from a backup that was restored, or from a warm copy that was opened.
//!
//! What the other one did since is not known. It may have accepted messages, so new ones get numbers beyond all that it
//! can have given out, and no id means two messages. It may have sent what waits here, so that is in doubt, and the
//! `in_doubt` of each link decides. It may have sealed texts, so none is sealed here with a key of its.

use std::time::{Duration, Instant};

use chappe_core::Timestamp;
use chappe_store::{Live, Ticket};

use crate::error::OpenError;
use crate::format::{Format, Role};
use crate::premises::Premises;
use crate::shared::State;
use crate::store::LocalStore;

/// Messages that a store gives a number to in a second, at most.
const NUMBERS_A_SECOND: u64 = 1 << 20;
/// Clocks of two machines differ by less.
const SLACK: Duration = Duration::from_secs(24 * 60 * 60);
/// A commit of a start that takes longer is in trouble.
const PATIENCE: Duration = Duration::from_secs(60);

/// Before anything is written. `latest`: the time of the last thing that is known of the other store.
pub(crate) fn begin(
    premises: &Premises,
    live: &mut Live,
    latest: Timestamp,
    now: Timestamp,
) -> Result<(), OpenError> {
    let format = premises.format();
    if matches!(format.role, Role::Copy | Role::Restored) {
        let since = now.since(latest).saturating_add(SLACK).as_secs();
        let numbers_from = live.next_sequence().saturating_add(since.saturating_mul(NUMBERS_A_SECOND));
        premises.seal.retire().map_err(|error| premises.unusable(&error))?;
        let resumed = Format::resumed(numbers_from.max(format.numbers_from));
        resumed
            .and_then(|format| premises.set_format(format))
            .map_err(OpenError::at(premises.directory.path()))?;
        tracing::warn!(
            numbers_from,
            "the store goes on for another: what waits may have been sent by that one"
        );
    }
    live.skip_to(premises.format().numbers_from);
    Ok(())
}

/// Before anybody else calls: what waits is in doubt from here on, once and durably.
pub(crate) fn settle(store: &LocalStore) -> Result<(), OpenError> {
    let (premises, shared) = (&store.premises, &store.shared);
    let format = premises.format();
    if !format.doubt {
        return Ok(());
    }
    let failed = |what: String| OpenError::NotResumed { path: premises.directory.path().into(), what };
    let (doubted, ticket) = {
        let mut state = shared.change().map_err(|error| failed(error.to_string()))?;
        let now = store.clock.now();
        let State { live, gather } = &mut *state;
        let before = gather.records.len();
        let doubted = live.doubt(now, &mut gather.records);
        let ticket = gather.ticket(before, None);
        shared.arrived(state);
        (doubted, ticket)
    };
    durable(store, ticket).map_err(failed)?;
    premises
        .set_format(Format { doubt: false, ..format })
        .map_err(OpenError::at(premises.directory.path()))?;
    tracing::warn!(doubted, "messages are in doubt: the in_doubt of their links decides");
    Ok(())
}

fn durable(store: &LocalStore, ticket: Ticket) -> Result<(), String> {
    let until = Instant::now() + PATIENCE;
    while store.shared.durable() < ticket {
        if let Some(failure) = store.shared.failure() {
            return Err(failure.to_string());
        }
        if Instant::now() > until {
            return Err("the journal does not come to its end".into());
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    Ok(())
}
