//! Receipts beside those that messages owe: news from the way, and receipts told again.

use std::sync::Arc;

use chappe_core::{AccountId, Message, lifecycle};
use chappe_store::{CarrierReceipt, Effects, Final, Notice, Origin, Scope, StoreError, Ticket, Waiter};

use crate::hub::Hub;

/// A notice, owned.
#[derive(Clone, Debug)]
pub(crate) struct News {
    pub(crate) of: u64,
    pub(crate) account: AccountId,
    pub(crate) told: Final,
    /// The message, encoded.
    pub(crate) body: Arc<[u8]>,
}

/// The news that a carrier's receipt is to the sender of a message, if it asked for such news.
///
/// # Errors
///
/// Those of [`chappe_store::Store::row`].
pub(crate) fn asked_for(
    hub: &Hub,
    sequence: u64,
    receipt: &CarrierReceipt<'_>,
) -> Result<Option<News>, StoreError> {
    let Some(standing) = hub.store.query(Scope::All, hub.store.id(sequence)) else {
        return Ok(None);
    };
    // After the end there is no news from the way.
    let (Origin::Account(account), None) = (standing.origin, standing.ended) else {
        return Ok(None);
    };
    let Some(row) = hub.store.row(sequence)? else {
        return Ok(None);
    };
    let asked = Message::registered_delivery_of(&row.body);
    let told = Final {
        state: receipt.state,
        error: receipt.error,
        reason: lifecycle::reason(receipt.state),
        at: hub.store.now(),
    };
    let is_owed = lifecycle::owes_notice(asked, receipt.state);
    Ok(is_owed.then_some(News { of: sequence, account, told, body: row.body }))
}

/// Puts news into the mailboxes of its accounts.
///
/// # Errors
///
/// Those of [`chappe_store::Store::notice`].
pub(crate) fn put(
    hub: &Hub,
    news: &[News],
    effects: &mut Effects,
    waiter: &Arc<Waiter>,
) -> Result<Ticket, StoreError> {
    let notices: Vec<_> = news
        .iter()
        .map(|news| Notice { of: news.of, account: news.account, ended: news.told, body: &news.body })
        .collect();
    hub.store.notice(&notices, effects, waiter)
}
