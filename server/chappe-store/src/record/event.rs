//! One thing that happened, as read from a record.

use chappe_core::lifecycle::State;
use chappe_core::{AccountId, Class, LinkId, Reason, Target, Timestamp};

use super::NameKind;
use super::body::Body;
use super::layout::RecordAt;
use super::state::{Carried, CarriedKey, CarriedReceipt};
use crate::history::{Dead, IdForm};
use crate::offer::{DuplicateKey, Part};
use crate::row::{ErrorCode, Final, Origin};

/// What came of a try, or of a hand: the next one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Again {
    pub due: Timestamp,
    pub reason: Option<Reason>,
    /// Whether the try used up an attempt.
    pub counts: bool,
    /// Whether the carrier may have it already.
    pub in_doubt: bool,
    /// Whether an operator said so.
    pub by_hand: bool,
}

/// One thing that happened, as read from a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event<'a> {
    Named {
        kind: NameKind,
        number: u32,
        name: &'a str,
    },
    Accepted {
        sequence: u64,
        origin: Origin,
        target: Target,
        class: Class,
        policy: u32,
        /// In millionths of the account's currency.
        price: i64,
        /// ZERO: at once.
        due: Timestamp,
        duplicate: Option<DuplicateKey>,
        part: Option<Part>,
        again_of: Option<u64>,
        body: Body<'a>,
    },
    /// An equal message came again and was answered with this one's id.
    Repeated {
        sequence: u64,
    },
    Intended {
        sequence: u64,
        target: Target,
    },
    Sent {
        sequence: u64,
        target: Target,
        remote: &'a [u8],
    },
    Deferred {
        sequence: u64,
        target: Target,
        again: Again,
    },
    /// From `from` to `target`.
    Moved {
        sequence: u64,
        from: Target,
        target: Target,
        again: Again,
    },
    Held {
        sequence: u64,
        target: Target,
        reason: Option<Reason>,
    },
    Ended {
        sequence: u64,
        target: Target,
        ended: Final,
    },
    Notified {
        sequence: u64,
        target: Target,
    },
    Receipt {
        /// `None` while it is parked: no message is known by its id.
        sequence: Option<u64>,
        link: LinkId,
        remote: &'a [u8],
        state: State,
        error: ErrorCode,
        raw: &'a [u8],
    },
    Cancelled {
        sequence: u64,
    },
    Replaced {
        sequence: u64,
        body: Body<'a>,
    },
    Noticed {
        sequence: u64,
        of: u64,
        account: AccountId,
        ended: Final,
        body: Body<'a>,
    },
    Suspended {
        target: Target,
        /// [`Timestamp::ZERO`]: it is resumed.
        until: Timestamp,
    },
    /// A cycle begins: what is not over follows. Nothing was suspended but what is told next.
    CarryBegin {
        next_sequence: u64,
    },
    Carried(Carried<'a>),
    CarriedReceipt(CarriedReceipt<'a>),
    CarriedKey(CarriedKey),
    CarriedForm {
        link: LinkId,
        form: IdForm,
    },
    /// The messages that failed are listed anew: those that follow, and no others.
    DeadAnew,
    CarriedDead(Dead),
    /// The cycle that began there is complete: recovery may begin there.
    CarryEnd {
        began: RecordAt,
    },
    /// All parts of a long message are here: this one leaves when it is due.
    Collected {
        sequence: u64,
        due: Timestamp,
    },
    /// All parts of a long message are final. The one receipt for all goes with one of them; the others are over.
    Joined {
        sequence: u64,
        told: Option<Final>,
    },
    /// A parked receipt fits no message.
    GivenUp {
        link: LinkId,
        remote: &'a [u8],
    },
}
