//! The way of receipts and inbound messages to a receiving session.

use std::sync::Arc;

use chappe_core::lifecycle::State;
use chappe_core::{Account, Alphabet, Message, ReceiptForm};
use chappe_exchange::{Exchange, Outgoing, Scope};
use smpp_wire::{CommandStatus, InterfaceVersion};
use tokio::sync::Notify;

use super::bind::Bound;
use super::desk::Desk;
use super::ids::Ids;
use crate::metrics::AccountLabels;
use crate::net::Connection;
use crate::outlet::{Outbox, Unsent};
use crate::tally::Tally;
use crate::translate::{Ending, News, Scratch, deliver_sm, receipt};

/// What one receiving session has to tell its account, and how.
#[derive(Debug)]
pub(super) struct Deliveries {
    pub(super) outbox: Outbox,
    pub(super) tally: Tally<AccountLabels>,
    scratch: Scratch,
    style: Style,
}

/// How the account, on this session, wants what it is told.
#[derive(Clone, Copy, Debug)]
struct Style {
    ids: Ids,
    version: InterfaceVersion,
    form: ReceiptForm,
    /// What `data_coding` 0 means to it.
    alphabet: Alphabet,
}

impl Deliveries {
    /// Takes a seat in the account's mailbox; `bell` rings when there is something to tell.
    pub(super) fn open(desk: &Desk, bound: &Bound, bell: Arc<Notify>) -> Self {
        let (pool, reports) = desk.mailboxes.of(bound.account);
        Self {
            outbox: Outbox::open(&pool, reports, bound.window, bound.range.clone(), bell),
            tally: Tally::new(&desk.metrics.deliveries, &bound.system_id),
            scratch: Scratch::default(),
            style: Style {
                ids: Ids::of(bound.version, |sequence| desk.exchange.store().id(sequence)),
                version: bound.version,
                form: ReceiptForm::default(),
                alphabet: Alphabet::default(),
            },
        }
    }

    /// The account wants this from here on.
    pub(super) fn take_settings(&mut self, account: &Account) {
        self.scratch = Scratch::in_zone(account.time_zone.clone());
        self.style.form = account.receipt;
        self.style.ids.set_style(account.receipt.id);
        self.style.alphabet = account.default_alphabet;
        self.outbox.set_receipts_to(account.receipts_to);
    }

    /// Tells what became of deliveries, and writes new ones.
    pub(super) fn write(&mut self, exchange: &Exchange, connection: &mut Connection) {
        let Self { outbox, tally, scratch, style } = self;
        outbox.write(connection, |connection, rows| write(exchange, connection, rows, style, scratch));
        outbox.report();
        tally.flush();
    }
}

/// How the message that a row speaks of ended.
fn how_ended(exchange: &Exchange, row: &Outgoing) -> Option<State> {
    let standing = exchange.store().query(Scope::All, row.id)?;
    standing.ended.map(|ended| ended.state)
}

/// Writes one row as deliver_sm.
fn write(
    exchange: &Exchange,
    connection: &mut Connection,
    rows: &[Outgoing],
    style: &Style,
    scratch: &mut Scratch,
) -> Result<u32, Unsent> {
    const UNREADABLE: Unsent = Unsent::Unsendable(CommandStatus::RECEIVER_PERMANENT_ERROR);
    let Style { ids, version, form, alphabet } = style;
    let Some(row) = rows.first() else { return Err(UNREADABLE) };
    let message = Message::read(&row.row.body).map_err(|_| UNREADABLE)?;
    let token = row.row.sequence;
    if let Some(ended) = &row.row.receipt {
        let ending = Ending {
            id: ids.text(row.id, row.row.message()),
            accepted_at: row.row.accepted_at,
            state: ended.state,
            error: ended.error.octets(),
            at: ended.at,
            news: match row.row.of {
                Some(_) => News::beside(ended.state, || how_ended(exchange, row)),
                None => News::Final,
            },
        };
        return Ok(
            connection.request(&receipt(&message, &ending, *form, version.has_tlvs(), scratch), token)?
        );
    }
    match deliver_sm(&message, *version, *alphabet, scratch) {
        Some(deliver) => Ok(connection.request(&deliver, token)?),
        None => Err(UNREADABLE),
    }
}
