//! Who a side is, where its session stands, and what may be said there.

use std::fmt;

use smpp_wire::BindMode;
pub use smpp_wire::ids::Side as Role;

/// The side that faces `role`.
pub(crate) fn peer_of(role: Role) -> Role {
    match role {
        Role::Esme => Role::Mc,
        Role::Mc => Role::Esme,
    }
}

/// Where a session stands (SMPP 5.0 §2.3).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash)]
pub enum State {
    /// Connected; nobody is bound.
    Open,
    /// The centre has sent an outbind; the ESME is to bind.
    Outbound,
    /// The ESME may submit.
    BoundTx,
    /// The ESME is delivered to.
    BoundRx,
    /// Both.
    BoundTrx,
    /// One side has asked to unbind; only answers are left.
    Unbound,
    /// The session is over.
    Closed,
}

impl State {
    /// The state of a session in which a bind of this mode was accepted.
    pub fn bound(mode: BindMode) -> Self {
        match mode {
            BindMode::Transmitter => Self::BoundTx,
            BindMode::Receiver => Self::BoundRx,
            BindMode::Transceiver => Self::BoundTrx,
        }
    }

    /// Whether a bind is still to come.
    pub fn awaits_bind(self) -> bool {
        matches!(self, Self::Open | Self::Outbound)
    }

    /// Whether a bind is in force.
    pub fn is_bound(self) -> bool {
        matches!(self, Self::BoundTx | Self::BoundRx | Self::BoundTrx)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Outbound => "outbound",
            Self::BoundTx => "bound_tx",
            Self::BoundRx => "bound_rx",
            Self::BoundTrx => "bound_trx",
            Self::Unbound => "unbound",
            Self::Closed => "closed",
        })
    }
}
