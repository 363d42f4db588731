//! The bind: who is it, and may they?

use std::net::SocketAddr;
use std::sync::Arc;

use chappe_core::{AccountId, Reason};
use chappe_exchange::Happening;
use smpp_tokio::{Asked, Ended, Event};
use smpp_wire::{BindMode, InterfaceVersion};
use tracing::{info, warn};

use super::binds::BindGuard;
use super::desk::Desk;
use crate::address_range::AddressRange;
use crate::metrics::{BindLabels, ReasonLabels};
use crate::net::Connection;
use crate::orders::Stage;
use crate::translate::status;

/// What a peer says it is.
pub(super) struct Claim {
    asked: Asked,
    mode: BindMode,
    system_id: String,
    password: Box<[u8]>,
    address_range: Box<[u8]>,
}

/// A peer that may stay.
#[derive(Debug)]
pub(super) struct Bound {
    pub(super) account: AccountId,
    pub(super) system_id: String,
    pub(super) mode: BindMode,
    pub(super) version: InterfaceVersion,
    pub(super) range: AddressRange,
    /// One of the binds its account may have, for as long as this lives.
    pub(super) _place: BindGuard,
    /// Requests open at once, in each direction.
    pub(super) window: usize,
}

/// Waits for a bind; the session itself refuses what may not come before it.
pub(super) async fn next_bind(connection: &mut Connection) -> Result<Option<Claim>, Ended> {
    loop {
        connection.ready().await?;
        while let Some(event) = connection.take() {
            if let Event::Bind(request) = event {
                return Ok(Some(Claim {
                    asked: request.asked,
                    mode: request.bind.mode,
                    system_id: String::from_utf8_lossy(request.bind.system_id).into_owned(),
                    password: request.bind.password.into(),
                    address_range: request.bind.address_range.into(),
                }));
            }
        }
    }
}

/// Judges a claim and answers it. `None`: it is refused, and the connection is to be closed, so that every guess costs
/// a connection.
pub(super) async fn admit(
    desk: &Arc<Desk>,
    connection: &mut Connection,
    claim: &Claim,
    peer: SocketAddr,
    stage: Stage,
) -> Option<Bound> {
    let version = connection.session().version();
    match judge(desk, claim, peer, version, stage).await {
        Ok(bound) => {
            connection.set_window(bound.window);
            connection.set_window_in(bound.window);
            connection.accept_bind(claim.asked, desk.settings.system_id.as_bytes());
            let (account, mode) = (&bound.system_id, mode_name(claim.mode));
            info!(%peer, account, mode, version = format_args!("{:#x}", version.0), "bound");
            tell_bound(desk, &bound, peer);
            Some(bound)
        }
        Err(reason) => {
            connection.refuse(claim.asked, status(reason, version));
            desk.metrics.bind_refusals.get_or_create(&ReasonLabels { reason: reason.name() }).inc();
            warn!(%peer, system_id = ?claim.system_id, %reason, "bind refused");
            if desk.exchange.is_watched() {
                let (name, peer) = (claim.system_id.clone(), peer.to_string());
                desk.exchange.tell(Happening::BindRefused { name, peer, reason });
            }
            None
        }
    }
}

async fn judge(
    desk: &Desk,
    claim: &Claim,
    peer: SocketAddr,
    version: InterfaceVersion,
    stage: Stage,
) -> Result<Bound, Reason> {
    if stage != Stage::Open {
        return Err(Reason::ShuttingDown);
    }
    let policy = desk.exchange.policy();
    let account_id = policy.account_id(&claim.system_id);
    // Whoever it is, the password is looked at first, and as long.
    let access = desk.access.load_full();
    let is_theirs = desk.verifier.verify(&access, account_id, &claim.password).await;
    let account_id = account_id.ok_or(Reason::UnknownSystemId)?;
    let account = policy.account(account_id).ok_or(Reason::UnknownSystemId)?;
    if !is_theirs {
        return Err(Reason::WrongPassword);
    }
    if !account.allows(peer.ip()) {
        return Err(Reason::AddressNotAllowed);
    }
    let place = desk.binds.enter(account_id, account.binds_max).ok_or(Reason::TooManyBinds)?;
    let range = AddressRange::read(&claim.address_range).unwrap_or_else(|| {
        let range = claim.address_range.escape_ascii().to_string();
        warn!(
            account = account.system_id,
            range, "address_range is not understood; the session gets everything"
        );
        AddressRange::All
    });
    Ok(Bound {
        account: account_id,
        system_id: account.system_id.clone(),
        mode: claim.mode,
        version,
        range,
        _place: place,
        window: account.window_max,
    })
}

fn tell_bound(desk: &Desk, bound: &Bound, peer: SocketAddr) {
    desk.metrics.binds.get_or_create(&labels(bound)).inc();
    if desk.exchange.is_watched() {
        desk.exchange.tell(Happening::Bound {
            name: bound.system_id.clone(),
            mode: mode_name(bound.mode),
            version: bound.version.0,
            peer: peer.to_string(),
        });
    }
}

/// The bind is over.
pub(super) fn tell_unbound(desk: &Desk, bound: &Bound, peer: SocketAddr) {
    desk.metrics.binds.get_or_create(&labels(bound)).dec();
    info!(%peer, account = bound.system_id, "unbound");
    if desk.exchange.is_watched() {
        let (name, peer) = (bound.system_id.clone(), peer.to_string());
        desk.exchange.tell(Happening::Unbound { name, peer });
    }
}

fn labels(bound: &Bound) -> BindLabels {
    BindLabels { account: bound.system_id.clone(), bind_type: mode_name(bound.mode) }
}

/// The mode as people read it.
pub(super) fn mode_name(mode: BindMode) -> &'static str {
    match mode {
        BindMode::Transmitter => "transmitter",
        BindMode::Receiver => "receiver",
        BindMode::Transceiver => "transceiver",
    }
}
