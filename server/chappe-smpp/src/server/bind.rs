//! The bind: who is it, and may they?

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use chappe_core::{Account, AccountId, Reason};
use chappe_exchange::Happening;
use smpp_tokio::{Asked, Caller, Ended, Event, PeerAddr, Place};
use smpp_wire::{BindMode, InterfaceVersion};
use tracing::{info, warn};

use super::desk::Desk;
use crate::address_range::AddressRange;
use crate::metrics::{BindLabels, ReasonLabels};
use crate::mode::mode_name;
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
    pub(super) place: Place<AccountId>,
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
    caller: &Caller,
    stage: Stage,
) -> Option<Bound> {
    let version = connection.session().version();
    let peer = caller.address;
    match judge(desk, claim, caller, version, stage).await {
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
    caller: &Caller,
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
    may_come_so(account, caller)?;
    let (address, max) = (caller.address.ip(), account.binds_max);
    let place = match desk.settings.takeover {
        None => desk.binds.enter(account_id, max, address),
        Some(within) => desk.binds.take_over(account_id, max, address, within + SLACK).await,
    };
    let place = place.ok_or(Reason::TooManyBinds)?;
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
        place,
        window: account.window_max,
    })
}

/// A session that is asked whether its peer is there ends just after its time is up.
const SLACK: Duration = Duration::from_millis(200);

/// Whether the account may bind from where, and over what, the caller comes.
fn may_come_so(account: &Account, caller: &Caller) -> Result<(), Reason> {
    // Whoever can open a Unix socket is on this machine.
    let address = caller.address.ip().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    if !account.allows(address) {
        return Err(Reason::AddressNotAllowed);
    }
    if account.tls_required && caller.tls_version.is_none() {
        return Err(Reason::TlsRequired);
    }
    let shown = caller.certificate.as_ref();
    if !account.is_named_by(shown.map(|certificate| |name: &str| certificate.names(name))) {
        return Err(Reason::CertificateNotAllowed);
    }
    Ok(())
}

fn tell_bound(desk: &Desk, bound: &Bound, peer: PeerAddr) {
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
pub(super) fn tell_unbound(desk: &Desk, bound: &Bound, peer: PeerAddr) {
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
