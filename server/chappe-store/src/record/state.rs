//! What a cycle carries, as read from its records.

use chappe_core::lifecycle::State;
use chappe_core::{LinkId, Timestamp};

use super::body::Body;
use super::layout::BodyAt;
use crate::offer::Part;
use crate::row::{ErrorCode, Final, Lane, Origin};

/// A message that is not over, as it stands at the place of its record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Carried<'a> {
    pub sequence: u64,
    pub lane: Lane,
    pub accepted_at: Timestamp,
    pub due: Timestamp,
    /// As the index numbers them.
    pub phase: u8,
    pub flags: u8,
    /// In whole seconds; 0 for ever.
    pub expires: u32,
    pub registered_delivery: u8,
    pub attempts: u16,
    pub drops: u8,
    /// The number of the reason it waits for; 0: none.
    pub reason: u16,
    pub remote: Option<CarriedRemote<'a>>,
    pub ended: Option<Final>,
    pub part: Option<Part>,
    pub of: Option<u64>,
    pub body: CarriedBody<'a>,
}

/// A carrier's id of a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CarriedRemote<'a> {
    pub link: LinkId,
    pub id: &'a [u8],
    /// Whether a receipt of this id speaks of the message: no later one was given the same id.
    pub owns: bool,
}

/// Where a carried message's body is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CarriedBody<'a> {
    At(BodyAt),
    Here(Body<'a>),
}

/// A receipt that is parked, or was given up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CarriedReceipt<'a> {
    pub link: LinkId,
    /// When it came.
    pub at: Timestamp,
    pub given_up: bool,
    pub state: State,
    pub error: ErrorCode,
    pub remote: &'a [u8],
    pub raw: &'a [u8],
}

/// A key under which a message is known to have come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CarriedKey {
    pub origin: Origin,
    pub key: u128,
    pub sequence: u64,
    pub until: Timestamp,
}
