//! The trait.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chappe_core::{AccountId, LinkId, Message, MessageId, Target, Timestamp};

use crate::batch::{Accepted, Accepts, CarrierReceipt, Effects, Settlement};
use crate::by_hand::{ByHand, Control, Notice, Selection, Waiting};
use crate::error::StoreError;
use crate::history::{Audit, Dead, Filter, IdForm, Page, Refusal, Unmatched};
use crate::row::{Lane, Row};
use crate::scope::Scope;
use crate::story::{Standing, Story};
use crate::ticket::Ticket;
use crate::waiter::Waiter;

/// The right to dispatch one shard: a link's queue or an account's mailbox.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lease {
    pub target: Target,
    /// Grows with each holder; a call under an older epoch is [`StoreError::Fenced`].
    pub epoch: u64,
}

/// What a store holds, for gauges and pages.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Messages that are not over.
    pub live: usize,
    /// Receipts that came before their message's answer, or for nothing.
    pub parked: usize,
    /// Octets written since the start.
    pub written: u64,
    /// Commits since the start.
    pub commits: u64,
    /// Time spent making commits durable since the start, in microseconds.
    pub sync_micros: u64,
    /// How far its warm copy is behind, if it keeps one.
    pub copy: Option<Lag>,
}

/// How far a warm copy is behind.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Lag {
    /// Octets of the journal that it does not have.
    pub octets: u64,
    /// Since it last had everything; zero while it does.
    pub time: Duration,
}

/// Keeps messages and their history.
///
/// Calls take batches, decide at once and answer with a [`Ticket`]; they never wait for a disk. What a call decided is
/// seen by the calls after it at once, and survives a crash once its ticket is durable. A waiter given to a call is
/// woken when that commit is durable, or failed: look at [`Store::durable`] and [`Store::failure`].
pub trait Store: Send + Sync + fmt::Debug {
    /// The present, never running backwards.
    fn now(&self) -> Timestamp;

    /// The id of the message with this sequence number.
    fn id(&self, sequence: u64) -> MessageId;

    /// The number of this system_id, given out on first use and kept for ever.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when a new name cannot be written.
    fn account(&self, system_id: &str) -> Result<AccountId, StoreError>;

    /// The number of this link's name, given out on first use and kept for ever.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when a new name cannot be written.
    fn link(&self, name: &str) -> Result<LinkId, StoreError>;

    /// The system_id or link name behind a target, if it was ever given out.
    fn name(&self, target: Target) -> Option<Arc<str>>;

    /// Stores messages; all or none. `accepted` gets one entry a message, in order.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] when full; [`StoreError::Unavailable`] when it cannot write.
    fn accept(
        &self,
        batch: &Accepts,
        accepted: &mut Vec<Accepted>,
        effects: &mut Effects,
        waiter: &Arc<Waiter>,
    ) -> Result<Ticket, StoreError>;

    /// Takes the right to dispatch a shard. Open intents of an earlier holder are [`unknown`](Store::unknown).
    ///
    /// # Errors
    ///
    /// [`StoreError::Fenced`] when another node holds it.
    fn lease(&self, target: Target) -> Result<Lease, StoreError>;

    /// Every lane of the shard that has rows.
    ///
    /// # Errors
    ///
    /// [`StoreError::Fenced`].
    fn lanes(&self, lease: &Lease) -> Result<Vec<Lane>, StoreError>;

    /// Rows of a lane in the order of (due, sequence), beyond `after`, due by `upto`, at most `limit`. Answers when
    /// the first row beyond `upto` will be due.
    ///
    /// # Errors
    ///
    /// [`StoreError::Fenced`].
    fn window(
        &self,
        lease: &Lease,
        lane: &Lane,
        after: Option<(Timestamp, u64)>,
        upto: Timestamp,
        limit: usize,
        rows: &mut Vec<Row>,
    ) -> Result<Option<Timestamp>, StoreError>;

    /// Marks rows as about to leave. Those that no longer wait are taken out of `rows`.
    ///
    /// A row for a link may leave once the ticket is durable. A row for a mailbox may leave at once: nothing is
    /// written for it, and after a crash it is offered again.
    ///
    /// # Errors
    ///
    /// [`StoreError::Fenced`]; [`StoreError::Unavailable`] when it cannot write.
    fn intend(&self, lease: &Lease, rows: &mut Vec<Row>, waiter: &Arc<Waiter>) -> Result<Ticket, StoreError>;

    /// Records what became of rows that were intended. Needs no wait: a lost outcome is an open intent.
    ///
    /// # Errors
    ///
    /// [`StoreError::Fenced`]; [`StoreError::Unavailable`] when it cannot write.
    fn settle(
        &self,
        lease: &Lease,
        batch: &[Settlement],
        effects: &mut Effects,
    ) -> Result<Ticket, StoreError>;

    /// The rows in doubt: intended by an earlier holder and never settled. Their bodies may be absent.
    ///
    /// # Errors
    ///
    /// [`StoreError::Fenced`].
    fn unknown(&self, lease: &Lease) -> Result<Vec<Row>, StoreError>;

    /// Takes receipts of a carrier in: matched by (link, remote id), or parked until their message's answer comes.
    /// `matched` gets one entry a receipt: the message's sequence number, if known.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] when too many are parked; [`StoreError::Unavailable`] when it cannot write.
    fn receipt(
        &self,
        link: LinkId,
        receipts: &[CarrierReceipt<'_>],
        matched: &mut Vec<Option<u64>>,
        effects: &mut Effects,
        waiter: &Arc<Waiter>,
    ) -> Result<Ticket, StoreError>;

    /// Where a message stands; `None` if it is unknown, foreign, or over and forgotten.
    fn query(&self, scope: Scope, id: MessageId) -> Option<Standing>;

    /// Ends a message that has not left. Where it is [`Control::Done`], answer once its ticket is durable.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when it cannot write.
    fn cancel(
        &self,
        scope: Scope,
        id: MessageId,
        effects: &mut Effects,
        waiter: &Arc<Waiter>,
    ) -> Result<Control, StoreError>;

    /// Replaces a message that has not left. As [`cancel`](Store::cancel).
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when it cannot write.
    fn replace(
        &self,
        scope: Scope,
        id: MessageId,
        message: &Message<'_>,
        waiter: &Arc<Waiter>,
    ) -> Result<Control, StoreError>;

    /// Ends what is over its time, at most `limit`; answers how many ended. What waits is EXPIRED; what a carrier took
    /// and never told of is UNKNOWN; parts whose others never came, what is held, and receipts that nobody took end
    /// with their reasons.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when it cannot write.
    fn expire(&self, limit: usize, effects: &mut Effects) -> Result<usize, StoreError>;

    /// How long a message that this carrier took waits for its receipt beyond its validity; `None`: as long as any. It
    /// counts until the store is closed, for messages whose validity ends from then on.
    fn wait_for_receipts(&self, link: LinkId, wait: Option<Duration>);

    /// Retries, reroutes or rejects messages by an operator's hand. Those on their way or with a carrier are passed
    /// over; answers how many were changed.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when it cannot write.
    fn by_hand(
        &self,
        what: &ByHand,
        sequences: &[u64],
        effects: &mut Effects,
        waiter: &Arc<Waiter>,
    ) -> Result<(usize, Ticket), StoreError>;

    /// Messages that are not over and match: the first `limit` go to `found`, all are counted.
    fn select(&self, selection: &Selection, limit: usize, found: &mut Vec<Standing>) -> usize;

    /// Lets nothing leave for a target before `until`; [`Timestamp::ZERO`] resumes it. Kept over a restart.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when it cannot write.
    fn suspend(&self, target: Target, until: Timestamp, waiter: &Arc<Waiter>) -> Result<Ticket, StoreError>;

    /// Puts receipts into mailboxes beside those that messages owe.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] when full; [`StoreError::Unavailable`] when it cannot write.
    fn notice(
        &self,
        notices: &[Notice<'_>],
        effects: &mut Effects,
        waiter: &Arc<Waiter>,
    ) -> Result<Ticket, StoreError>;

    /// A message that is not over, with its body; `None` if there is none. May read a file: call it from a thread that
    /// may block.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when its body cannot be read.
    fn row(&self, sequence: u64) -> Result<Option<Row>, StoreError>;

    /// The last messages that ended by the centre's or a carrier's fault, the newest first; bounded in number and age.
    fn dead(&self, limit: usize) -> Vec<Dead>;

    /// Receipts that are parked or were given up, the newest first; bounded.
    fn unmatched(&self, limit: usize) -> Vec<Unmatched>;

    /// Looks up receipts that are parked for long in the history. Those found there are recorded in their message's
    /// story; the others count as unmatched. Answers how many were settled; what it
    /// changed before an error stays changed. Reads files.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when the history cannot be read or nothing can be written.
    fn late(&self, effects: &mut Effects) -> Result<usize, StoreError>;

    /// Messages of the history that match, the newest first, accepted before the message `before`. Reads files.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when the history cannot be read.
    fn history(
        &self,
        scope: Scope,
        filter: &Filter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page, StoreError>;

    /// How this carrier's receipts write ids, once that is learnt.
    fn id_form(&self, link: LinkId) -> Option<IdForm>;

    /// Keeps what an operator did.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when it cannot be written.
    fn audit(&self, entry: &Audit) -> Result<(), StoreError>;

    /// What operators did, the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when it cannot be read.
    fn audits(&self, limit: usize) -> Result<Vec<Audit>, StoreError>;

    /// Keeps messages that were refused, in their order, and of all that were the last `kept_max`: whoever calls keeps to a
    /// budget. May wait for the disk.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when they cannot be written.
    fn refuse(&self, refusals: &[Refusal], kept_max: usize) -> Result<(), StoreError>;

    /// The last messages that were refused and kept, the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when they cannot be read.
    fn refusals(&self, limit: usize) -> Result<Vec<Refusal>, StoreError>;

    /// The whole story of a message from its records; `None` if it is unknown or foreign. May read files: call it from
    /// a thread that may block.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when the records cannot be read.
    fn story(&self, scope: Scope, id: MessageId) -> Result<Option<Story>, StoreError>;

    /// What stands before a target.
    fn waiting(&self, target: Target) -> Waiting;

    /// All that is durable.
    fn durable(&self) -> Ticket;

    /// Why nothing becomes durable any more, if so.
    fn failure(&self) -> Option<StoreError>;

    /// What it holds.
    fn counts(&self) -> Counts;

    /// Makes everything durable and writes no more. Blocks until done.
    fn close(&self);
}
