//! One PDU of any kind, read.

use super::{Bind, BindMode, BindResp, DeliverSm, DeliverSmResp, SubmitSm, SubmitSmResp};
use crate::ids::CommandId;
use crate::malformed::Malformed;
use crate::tlvs::Tlvs;
use crate::warnings::Warnings;

/// A view of a PDU.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Pdu<'a> {
    Bind(Bind<'a>),
    BindResp(BindResp<'a>),
    Unbind,
    UnbindResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    SubmitSm(SubmitSm<'a>),
    SubmitSmResp(SubmitSmResp<'a>),
    DeliverSm(DeliverSm<'a>),
    DeliverSmResp(DeliverSmResp<'a>),
    /// A command without a view here; the frame has it all.
    Other,
}

impl<'a> Pdu<'a> {
    /// Reads the body of the command `id`.
    ///
    /// # Errors
    ///
    /// [`Malformed`], as the body of that command has it; a command without a body, or without a view, has none.
    #[inline]
    pub fn read(id: CommandId, body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        match id {
            CommandId::SUBMIT_SM => with(Self::SubmitSm, SubmitSm::read(body)),
            CommandId::SUBMIT_SM_RESP => with(Self::SubmitSmResp, SubmitSmResp::read(body)),
            CommandId::DELIVER_SM => with(Self::DeliverSm, DeliverSm::read(body)),
            CommandId::DELIVER_SM_RESP => with(Self::DeliverSmResp, DeliverSmResp::read(body)),
            CommandId::ENQUIRE_LINK => Ok(bodiless(Self::EnquireLink, body)),
            CommandId::ENQUIRE_LINK_RESP => Ok(bodiless(Self::EnquireLinkResp, body)),
            CommandId::UNBIND => Ok(bodiless(Self::Unbind, body)),
            CommandId::UNBIND_RESP => Ok(bodiless(Self::UnbindResp, body)),
            CommandId::GENERIC_NACK => Ok(bodiless(Self::GenericNack, body)),
            _ => match BindMode::of(id) {
                Some(mode) if id.is_response() => with(Self::BindResp, BindResp::read(mode, body)),
                Some(mode) => with(Self::Bind, Bind::read(mode, body)),
                None => Ok((Self::Other, Warnings::NONE)),
            },
        }
    }
}

#[inline(always)]
fn with<'a, V>(
    pdu: fn(V) -> Pdu<'a>,
    read: Result<(V, Warnings), Malformed>,
) -> Result<(Pdu<'a>, Warnings), Malformed> {
    read.map(|(view, warnings)| (pdu(view), warnings))
}

/// A command that has no fields may still carry TLVs, as 5.0's `congestion_state` does; anything else there is stray.
fn bodiless<'a>(pdu: Pdu<'a>, body: &'a [u8]) -> (Pdu<'a>, Warnings) {
    (pdu, Tlvs::read(body).1)
}
